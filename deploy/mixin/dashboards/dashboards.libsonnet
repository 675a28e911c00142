// The dashboards of the mixin, by file name.
{
  _config+:: {
    // The scrape interval of Prometheus in minutes, rounded up.
    scrapeIntervalMinutes: 1,
  },
  grafanaDashboards+:: {
    'overview.json': (import 'overview.libsonnet')($._config),
    'exporter.json': (import 'exporter.libsonnet')($._config),
  },
}
