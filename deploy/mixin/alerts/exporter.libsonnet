// Alerts on the exporter and on its scrapes.
local lib = import 'alert.libsonnet';

{
  local a = lib.new($._config),
  local up = 'max_over_time(up{%s}[6m])' % $._config.selector,

  local labels = import 'labels.libsonnet',
  local conflicts = std.join('', std.mapWithIndex(
    function(i, label) (if i == 0 then '  ' else if i % 3 == 0 then '\n  or ' else ' or ') + 'cloudflare_pcap_%s{exported_%s!=""}' % [labels[label], label],
    std.objectFields(labels)
  )),

  prometheusAlerts+:: {
    groups+: [{
      name: 'cloudflare_pcap_exporter',
      rules: [
        a.alert(
          'ExporterDown',
          |||
            others="up" means that other targets of the job respond: then it inhibits no other alert. If that
            changes, keep_firing_for keeps the old alert until the new one fires. Shorter times would page for
            a single failed scrape at a scrape interval of 5 minutes.
          |||,
          |||
            label_replace(%(up)s == 0, "others", "up", "", "")
            and %(on)s %(up)s == 1
            or
            %(up)s == 0
            unless %(on)s %(up)s == 1
            or
            absent(up{%(selector)s})
          ||| % { up: up, on: a.on([]), selector: $._config.selector },
          '{{ with $labels.instance }}Prometheus cannot scrape {{ . }}{{ else }}Prometheus has no target of the exporter{{ end }}',
          '{{ if $labels.others }}Other targets of job {{ $labels.job }} respond. The accounts of this target are watched only if one of those exports them, too.{{ else }}No target of job {{ $labels.job }} responds, so no alert reports failed captures.{{ end }}',
          { 'for': '4m', keep_firing_for: '5m' }
        ),
        a.alert(
          'ExporterFlapping',
          'A process that crashes and comes back is never down for long.',
          |||
            avg_over_time(up{%(selector)s}[30m]) < 0.8
            and
            changes(up{%(selector)s}[30m]) >= 3
          ||| % $._config,
          'The exporter {{ $labels.instance }} responds only now and then',
          'Only {{ $value | humanizePercentage }} of its scrapes succeeded in the last 30 minutes. It probably crashes and restarts, or is too slow. Each restart resets its counters, so alerts on failed captures may be lost.',
          { keep_firing_for: '30m' }
        ),
        a.alert(
          'ConfigReloadFailed',
          '',
          'last_over_time(cloudflare_pcap_exporter_config_last_reload_successful[12m]) == 0\n',
          'Exporter {{ $labels.instance }} rejected its configuration file',
          'It continues with the previous configuration, and would not start with this file. Its status page and its log show the line with the error.',
          { 'for': '5m', keep_firing_for: '12m' }
        ),
        a.alert(
          'LabelConflict',
          |||
            Without honor_labels, Prometheus renames the exporter's labels if a target label has the same
            name. All alerts on that label then fail, without an error.
          |||,
          'group %s (\n%s\n)\n' % [a.by(['job', 'instance']), conflicts],
          'Prometheus renames labels of the exporter {{ $labels.instance }}',
          'A target label of job {{ $labels.job }} has the same name as a label of the exporter, such as account or type, so other alerts do not work. Set honor_labels in the scrape configuration.',
          { 'for': '5m', keep_firing_for: '12m' }
        ),
      ],
    }],
  },
}
