// Prints the tests of the alerts: jsonnet --tla-str rules=$PWD/alerts.yml deploy/mixin/tests.jsonnet >tests.json
local lib = import 'tests/lib.libsonnet';

function(rules) {
  rule_files: [rules],
  evaluation_interval: '1m',
  tests: std.flattenArrays([
    std.flattenArrays([file(lib.new(interval) { interval:: interval }) for file in [
      import 'tests/captures.libsonnet',
      import 'tests/api.libsonnet',
      import 'tests/exporter.libsonnet',
      import 'tests/steady.libsonnet',
    ]])
    for interval in [15, 60, 120, 300]
  ]) + (import 'tests/daily.libsonnet')(lib.new(60)) + (import 'tests/texts.libsonnet')(lib.new(60)),
}
