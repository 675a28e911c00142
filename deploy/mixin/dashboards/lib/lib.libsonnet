// What the rows of a dashboard use. Targets are the labels of Prometheus' targets that the
// reader of the dashboard can choose.
function(config, targets) {
  colors: import 'colors.libsonnet',
  dashboard: (import 'dashboard.libsonnet')(config),
  panels: (import 'panels.libsonnet')(config),
  queries: (import 'queries.libsonnet')(config, targets),
  variables: (import 'variables.libsonnet')(config, targets),
}
