// Rule tests, for promtool, of what the dashboards' queries must not count: an account that is scraped
// twice counts once, and what is shown of one that is down is never past due.
local panels = std.flatMap(function(file) file.panels, [
  import '../deploy/grafana/dashboards/overview.json',
  import '../deploy/grafana/dashboards/exporter.json',
]);

local chosen = { account: '.*', type: '.*', colo: '.*', __rate_interval: '4m' };
local interpolate(expr) = std.foldl(
  function(text, name) std.strReplace(text, '$' + name, chosen[name]), std.objectFields(chosen), expr
);

local asks(title, samples) = {
  local found = [panel for panel in panels if panel.title == title],
  expr: interpolate(found[0].targets[0].expr),
  eval_time: '20m',
  exp_samples: samples,
};

local capture = 'account="a", system="s", type="full", colo="ORD", status="running"';
local twice(metric, labels, values) = [
  { series: 'cloudflare_pcap_%s{%s, job="%s", instance="x"}' % [metric, labels, job], values: values }
  for job in ['metrics', 'probe']
];

// The capture of account "a" was due after a minute.
local account(up) = twice('up', 'account="a"', up + 'x20')
                    + twice('account_info', 'account="a", name="edge"', '1x20')
                    + twice('captures', capture, '1x20')
                    + twice('earliest_due_timestamp_seconds', capture, '60x20')
                    + twice('scrape_errors_total', 'account="a", reason="server"', '0+15x20');

{
  evaluation_interval: '1m',
  fuzzy_compare: true,
  tests: [
    {
      name: 'an account that is scraped twice',
      input_series: account('1'),
      promql_expr_test: [
        asks('Accounts blocked', [{ labels: '{}', value: 1 }]),
        asks('In flight', [{ labels: '{}', value: 1 }]),
        asks('Captures by status', [{ labels: '{status="running"}', value: 1 }]),
        asks('Past due', [{ labels: '{account="a", name="edge", type="full"}', value: 1140 }]),
        asks('Failed listings by reason', [{ labels: '{reason="server"}', value: 900 }]),
        asks('Failed listings by account', [{ labels: '{account="a", name="edge"}', value: 900 }]),
      ],
    },
    {
      name: 'an account that is down, of which --collector.max-staleness shows the last list',
      input_series: account('0'),
      promql_expr_test: [
        asks('Accounts down', [{ labels: '{}', value: 1 }]),
        asks('Accounts blocked', []),
        asks('Past due', []),
      ],
    },
  ],
}
