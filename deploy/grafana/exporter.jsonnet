// The exporter itself: the API, its budget, the lists, the process.
local api = import 'exporter/api.libsonnet';
local lists = import 'exporter/lists.libsonnet';
local d = import 'lib/dashboard.libsonnet';
local v = import 'lib/variables.libsonnet';

d.new(
  'cloudflare-pcap-exporter',
  'Cloudflare packet captures: exporter',
  'The exporter and the API: whether they work, how fast, and what of the budget is left.',
  [v.job, v.instance, v.account],
  [lists.health, api.requests, api.budget, lists.lists, api.resources],
)
