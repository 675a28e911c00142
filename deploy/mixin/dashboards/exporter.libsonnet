// The exporter, and its requests to the API.
local api = import 'exporter/api.libsonnet';
local lists = import 'exporter/lists.libsonnet';
local d = import 'lib/dashboard.libsonnet';
local v = import 'lib/variables.libsonnet';

d.new(
  'cloudflare-pcap-exporter',
  'Cloudflare packet captures: exporter',
  'Whether the exporter and the API work, how fast they are, and how much of the API budget is left.',
  [v.job, v.instance, v.account],
  [lists.health, api.requests, api.budget, lists.lists, api.resources],
)
