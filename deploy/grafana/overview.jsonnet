// All accounts: what captures there are, which failed and why, what hangs.
local d = import 'lib/dashboard.libsonnet';
local v = import 'lib/variables.libsonnet';
local accounts = import 'overview/accounts.libsonnet';
local captures = import 'overview/captures.libsonnet';
local traffic = import 'overview/traffic.libsonnet';

d.new(
  'cloudflare-pcap-overview',
  'Cloudflare packet captures: overview',
  'Captures of all accounts: health, status, failures, what is in flight, packets, events.',
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
