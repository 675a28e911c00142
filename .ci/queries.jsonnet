// Rule tests, for promtool, of what the queries of the dashboards count: an account that is scraped twice
// counts once, only full captures are overdue, and none of an account that is down.
local overdueAfter = (import '../deploy/mixin/mixin.libsonnet')._config.overdueGrace;

local panels = std.flatMap(function(file) file.panels, [
  import '../deploy/grafana/dashboards/overview.json',
  import '../deploy/grafana/dashboards/exporter.json',
]);

local all = { [name]: '.*' for name in ['cluster', 'job', 'instance', 'account', 'type', 'colo'] } + {
  __range: '20m',
  __rate_interval: '4m',
  __interval_ms: '300000',  // of a bar
};
local interpolate(expr, chosen) = std.foldl(
  function(text, name) std.strReplace(text, '$' + name, chosen[name]),
  std.objectFields(chosen),
  std.strReplace(expr, '${__interval}', '5m')
);

// asks has the first panel of this title in one of the dashboards.
local asks(title, samples, column=null, chosen={}) = {
  local found = [
    target
    for panel in panels
    for target in if std.objectHas(panel, 'targets') then panel.targets else []
    if panel.title == title && (column == null || target.legendFormat == column)
  ],
  assert std.length(found) > 0 : 'no query %s %s' % [title, column],
  expr: interpolate(found[0].expr, all + chosen),
  eval_time: '20m',
  exp_samples: samples,
};

local twice(metric, labels, values) = [
  { series: 'cloudflare_pcap_%s{%s, job="%s", instance="x", cluster="%s"}' % [metric, labels, job, cluster], values: values }
  for cluster in ['one', 'two']
  for job in ['metrics', 'probe']
];

// The capture of account "a" reached its time limit at the given second. The tests look at it at second 1200.
local account(up=1, type='full', limit=60, listed=1200) =
  local group = 'account="a", system="s", type="%s", colo="ORD"' % type;
  local capture = group + ', status="running"';
  twice('up', 'account="a"', '%dx20' % up)
  + twice('last_success_timestamp_seconds', 'account="a"', '0+60x19 %d' % listed)
  + twice('account_info', 'account="a", account_name="edge"', '1x20')
  + twice('captures', capture, '1x20')
  + twice('earliest_due_timestamp_seconds', capture, '%dx20' % limit)
  + twice('captures_failed_total', group + ', reason="bucket"', '1x15 3x4')
  + twice('captures_failed_total', group + ', reason="none"', '0x20')
  + twice('captures_finished_total', 'account="a", system="s", type="%s", colo="ORD", status="failed"' % type, '1x15 3x4')
  + twice('scrape_errors_total', 'account="a", reason="server"', '0+15x20');

local overdue(state, type='full') = asks('Unfinished captures', [
  { labels: '{account="a", account_name="edge", type="%s", colo="ORD", status="running", column="Overdue"}' % type, value: state },
], 'Overdue');

{
  evaluation_interval: '1m',
  fuzzy_compare: true,
  tests: [
    {
      name: 'an account that is scraped twice',
      input_series: account(),
      promql_expr_test: [
        asks('Overdue', [{ labels: '{}', value: 1 }]),
        asks('Unfinished', [{ labels: '{}', value: 1 }]),
        asks('Listed captures by status', [{ labels: '{status="running"}', value: 1 }]),
        asks('Time since the time limit', [{ labels: '{account="a", account_name="edge"}', value: 19 }]),
        overdue(1),
        asks('New failures', [{ labels: '{}', value: 2 }]),
        asks('Failure ratio', [{ labels: '{}', value: 1 }]),
        asks('Failures by reason', [{ labels: '{reason="bucket"}', value: 2 }, { labels: '{reason="none"}', value: 0 }]),
        asks('Failures by colo', [{ labels: '{colo="ORD"}', value: 2 }]),
        asks('Ended captures', [{ labels: '{status="failed"}', value: 2 }]),
        asks('Failed lists by reason', [{ labels: '{reason="server"}', value: 900 }]),
        asks('Failed lists by account', [{ labels: '{account="a", account_name="edge"}', value: 900 }]),
      ],
    },
    {
      name: 'a full capture at the time when it is not overdue yet',
      input_series: account(limit=1200 - overdueAfter),
      promql_expr_test: [asks('Overdue', [{ labels: '{}', value: 0 }]), overdue(0)],
    },
    {
      name: 'a full capture that is overdue',
      input_series: account(limit=1200 - overdueAfter - 1),
      promql_expr_test: [asks('Overdue', [{ labels: '{}', value: 1 }]), overdue(1)],
    },
    {
      name: 'a sample, which is never overdue',
      input_series: account(type='simple'),
      promql_expr_test: [
        asks('Overdue', [{ labels: '{}', value: 0 }]),
        asks('Unfinished captures', [], 'Overdue'),
        asks('Time since the time limit', []),
      ],
    },
    {
      name: 'a capture that was submitted just before the last list, 50 s ago',
      input_series: account(limit=1160, listed=1150),
      promql_expr_test: [
        asks('Unfinished captures', [
          { labels: '{account="a", account_name="edge", type="full", colo="ORD", status="running", column="Time left"}', value: 10 },
        ], 'Time left'),
        asks('Time since the time limit', [{ labels: '{account="a", account_name="edge"}', value: 0 }]),
      ],
    },
    {
      name: 'a token that never expires, and an exporter that found no accounts yet',
      input_series: twice('api_token_active', 'credential="c"', '1x20') + twice('discovery_up', 'account=""', '0x20'),
      promql_expr_test: [
        // JSON has no NaN.
        asks('Tokens', [{ labels: '{credential="c"}', value: 1 }], 'Expires in') { expr: 'count by (credential) (%s)' % super.expr },
        asks('Discovery', [{ labels: '{instance="x"}', value: 1 }], 'Last lookup') { expr: 'count by (instance) (%s)' % super.expr },
      ],
    },
    {
      name: 'a token and an exporter about which nothing is collected',
      input_series: twice('up', 'account="a"', '1x20'),
      promql_expr_test: [
        asks('Tokens', [{ labels: '{credential="unknown: requires --collector.tokens", column="State"}', value: -1 }], 'State'),
        asks('Discovery', [{ labels: '{instance="off: requires discover", column="State"}', value: -1 }], 'State'),
      ],
    },
    {
      name: 'a cluster, a job and an instance that are not chosen',
      input_series: account(),
      promql_expr_test: [
        asks(title, [], chosen=chosen)
        for title in ['Accounts down', 'Unfinished', 'Failures by reason', 'Failed lists by account', 'Age of the list']
        for chosen in [{ cluster: 'three' }, { job: 'other' }]
      ] + [asks(title, [], chosen={ instance: 'y' }) for title in ['Failed lists by account', 'Age of the list', 'Duration of a scrape']],
    },
    {
      name: 'an account that is down, with its last list exported by --collector.max-staleness',
      input_series: account(up=0),
      promql_expr_test: [
        asks('Accounts down', [{ labels: '{}', value: 1 }]),
        asks('Overdue', []),
        asks('Unfinished captures', [], 'Overdue'),
        asks('Time since the time limit', []),
      ],
    },
  ],
}
