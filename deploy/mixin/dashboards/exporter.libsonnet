// The exporter, and its requests to the API.
function(config)
  local lib = (import 'lib/lib.libsonnet')(config, config.groupLabels + ['job', 'instance']);
  local v = lib.variables;
  local api = (import 'exporter/api.libsonnet')(lib);
  local lists = (import 'exporter/lists.libsonnet')(lib);

  lib.dashboard.new(
    config.dashboardUIDs.exporter,
    'Cloudflare packet captures: exporter',
    'Whether the exporter and the API work, how fast they are, and how much of the API budget is left.',
    [v.datasource] + v.targets + [v.account],
    lib.queries.alerts('alertstate="firing"'),
    [
      lists.health,
      (import 'lib/alerts.libsonnet')(lib),
      api.requests,
      api.budget,
      lists.lists,
      lists.discovery,
      api.resources,
    ],
  )
