// The dashboards of the mixin, by file name.
{
  grafanaDashboards+:: {
    'overview.json': (import 'overview.libsonnet')($._config),
    'exporter.json': (import 'exporter.libsonnet')($._config),
  },
}
