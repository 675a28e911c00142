// Gauges of the list are absent after a failed list request, and at a scrape interval of 5 minutes
// a series can be absent for a moment. So most expressions look back 12 minutes: two scrapes.
(import 'captures.libsonnet') +
(import 'buckets.libsonnet') +
(import 'api.libsonnet') +
(import 'exporter.libsonnet')
