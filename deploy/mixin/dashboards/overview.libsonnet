// The captures of all accounts.
function(config)
  local lib = (import 'lib/lib.libsonnet')(config, config.groupLabels + ['job']);
  local v = lib.variables;
  local captures = (import 'overview/captures.libsonnet')(lib);
  local traffic = (import 'overview/traffic.libsonnet')(lib);

  lib.dashboard.new(
    config.dashboardUIDs.overview,
    'Cloudflare packet captures: overview',
    'The captures of all accounts: failures, unfinished and overdue captures, packets.',
    [v.datasource] + v.targets + [v.account, v.colo, v.type],
    lib.queries.alerts('alertstate="firing"'),
    [
      (import 'overview/accounts.libsonnet')(lib),
      (import 'lib/alerts.libsonnet')(lib),
      traffic.events,
      captures.failures,
      captures.inFlight,
      captures.listed,
      traffic.packets,
      captures.single,
      traffic.buckets,
    ],
  )
