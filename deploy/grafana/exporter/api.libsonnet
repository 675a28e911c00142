// The requests to the API, and what they may cost; the process.
local c = import '../lib/colours.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local of(metric) = 'cloudflare_pcap_%s{%s}' % [metric, q.exporter];
local rate(metric) = 'rate(%s{%s}[$__rate_interval])' % [metric, q.exporter];
local pcap(metric) = rate('cloudflare_pcap_' + metric);
local third = p.size(8, 7);
local flat = p.custom({ axisSoftMax: 1 });  // else Grafana draws a scale up to 100 for what is 0

local requests = [
  p.timeseries('Latency', 'From sending a request to the end of its answer. Interpolated between the buckets of a histogram.', [
    p.graph(q.quantile(quantile, 'cloudflare_pcap_api_request_duration_seconds', 'endpoint', q.exporter, '$__rate_interval'),
            '{{endpoint}} p%d' % (100 * quantile))
    for quantile in [0.5, 0.99]
  ], 's') + third + p.runbooks(['APIUnreachable']),

  p.timeseries('Requests by answer',
               'Requests sent, by the status of the answer: none if there was no answer.',
               [p.graph('sum by (code) (%s)' % pcap('api_requests_total'), '{{code}}')],
               'reqps')
  + p.stacked + p.colours(c.codes) + third + p.runbooks(['Unauthorized', 'RateLimited']),

  p.timeseries('Retries, requests withheld, scrapes shared', |||
    Requests sent again after a failure; requests not sent, for a limit or the turn of another account;
    scrapes of an account that shared the listing of another scrape.
  |||, [
    p.graph('sum(%s)' % pcap('api_retries_total'), 'retries'),
    p.graph('sum(%s)' % pcap('api_requests_withheld_total'), 'withheld'),
    p.graph('sum(%s)' % pcap('scrapes_coalesced_total'), 'shared'),
  ], 'ops') + p.colours({ retries: c.warning, withheld: c.bad, shared: c.notice }) + flat + third + p.runbooks(['RateLimited', 'BudgetLow']),
];

local failedListings = |||
  Scrapes of an account that got no list, an hour, after all retries. If two exporters list an account,
  the one that failed more often counts.
|||;

local reasons = [
  p.timeseries('Failed requests by reason',
               'Requests to the API that failed, retries included.',
               [p.graph('sum by (reason) (%s)' % pcap('api_request_failures_total'), '{{reason}}')],
               'reqps')
  + p.stacked + p.colours(c.reasons) + flat + third
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),

  p.timeseries('Failed listings by reason', failedListings, [
    p.graph('sum by (reason) (%s)' % q.failedListings, '{{reason}}'),
  ], 'suffix:/h')
  + p.stacked + p.colours(c.reasons) + flat + third
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),

  p.timeseries('Failed listings by account', failedListings, [
    p.graph(q.named('sum by (account) (%s)' % q.failedListings), '{{name}}'),
  ], 'suffix:/h') + flat + third + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),
];

local budget = [
  p.timeseries('Budget left', |||
    Requests that the API has left for each credential in the present window, as it last said, and its quota (dashed).
    Everything else that the user does counts, too.
  |||, [
    p.graph('min by (credential, policy) (%s)' % of('api_ratelimit_remaining'), '{{credential}}, {{policy}}: left'),
    p.graph('max by (credential, policy) (%s)' % of('api_ratelimit_quota'), '{{credential}}, {{policy}}: quota'),
  ], 'short')
  + p.where('/: quota$/', { 'custom.lineStyle': { fill: 'dash', dash: [8, 8] }, 'custom.fillOpacity': 0, color: { mode: 'fixed', fixedColor: c.neutral } })
  + p.size(12, 7) + p.runbooks(['BudgetLow', 'RateLimited']),

  p.timeseries('Hold-off', 'How much longer each credential sends no request, for a limit of the API or our own.', [
    p.graph('max by (credential) (clamp_min(%s - time(), 0))' % of('api_holdoff_until_timestamp_seconds'), '{{credential}}'),
  ], 's') + p.custom({ axisSoftMax: 60 }) + p.size(12, 7) + p.runbooks(['RateLimited']),
];

local quarter = p.size(6, 7);
local gauge(metric) = '%s{%s}' % [metric, q.exporter];

local resources = [
  p.timeseries('CPU',
               'Processor time that the exporter uses.',
               [p.graph(rate('process_cpu_seconds_total'), '{{instance}}')],
               'percentunit') + quarter,

  p.timeseries('Memory',
               'Resident memory: what the exporter holds of the machine.',
               [p.graph(gauge('process_resident_memory_bytes'), '{{instance}}')],
               'bytes') + quarter,

  p.timeseries('Goroutines and open files', 'Both should stay level: one that grows for days is a leak.', [
    p.graph(gauge('go_goroutines'), '{{instance}} goroutines'),
    p.graph(gauge('process_open_fds'), '{{instance}} open files'),
  ], 'short') + quarter,

  p.timeseries('Scrapes answered',
               'Answers at /metrics, by their status. 503: more scrapes at once than --web.max-requests.',
               [p.graph('sum by (code) (%s)' % rate('promhttp_metric_handler_requests_total'), '{{code}}')],
               'reqps')
  + p.stacked + p.colours(c.codes) + quarter,
];

{
  requests: d.row('The API', requests + reasons),
  budget: d.row('Budget', budget),
  resources: d.row('Resources', resources),
}
