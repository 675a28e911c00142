// The captures of all accounts.
local d = import 'lib/dashboard.libsonnet';
local v = import 'lib/variables.libsonnet';
local accounts = import 'overview/accounts.libsonnet';
local captures = import 'overview/captures.libsonnet';
local traffic = import 'overview/traffic.libsonnet';

d.new(
  'cloudflare-pcap-overview',
  'Cloudflare packet captures: overview',
  'The captures of all accounts: status, failures, unfinished and overdue captures, packets.',
  [v.account, v.colo, v.type],
  [
    accounts,
    captures.byStatus,
    captures.failures,
    captures.inFlight,
    traffic.packets,
    traffic.events,
    traffic.buckets,
  ],
)
