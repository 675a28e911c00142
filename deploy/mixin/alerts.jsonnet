// Prints the alerts as YAML, with comments and with the fields in the order of the documentation of
// Prometheus: jsonnet --string deploy/mixin/alerts.jsonnet
local groups = (import 'mixin.libsonnet').prometheusAlerts.groups;

local quote(text) = "'" + std.strReplace(text, "'", "''") + "'";
local block(text, indent) = std.join('', [indent + line + '\n' for line in std.split(std.rstripChars(text, '\n'), '\n')]);
local field(rule, name) = if std.objectHas(rule, name) then '        %s: %s\n' % [name, rule[name]] else '';

local rule(r) =
  (if r.comment == '' then '' else block(r.comment, '      # ')) +
  '      - alert: %s\n        expr: |\n' % r.alert + block(r.expr, '          ') +
  field(r, 'for') + field(r, 'keep_firing_for') +
  '        labels: {severity: %s}\n        annotations:\n' % r.labels.severity +
  std.join('', [
    '          %s: %s\n' % [name, quote(r.annotations[name])]
    for name in ['summary', 'description', 'account_name', 'runbook_url']
    if std.objectHas(r.annotations, name)
  ]);

|||
  # The alerts on captures, the API and the exporter, made of deploy/mixin by "make mixin": change that.
  # deploy/prometheus/README.md has a table of them. They require Prometheus 2.42 and scrape intervals of
  # at most 5 minutes. If the exporter stops while an alert fires, the windows and keep_firing_for keep the
  # alert firing for at least 11 minutes. CloudflarePcapExporterDown then inhibits it, and nobody gets a
  # false RESOLVED.
  groups:
||| + std.join('\n', ['  - name: %s\n    rules:\n' % g.name + std.join('\n', [rule(r) for r in g.rules]) for g in groups])
