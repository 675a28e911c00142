// The requests to the API, its rate limit, and the process.
function(lib)
  local c = lib.colors, d = lib.dashboard, p = lib.panels, q = lib.queries;

  local of(metric) = '%s{%s}' % [metric, q.exporter];
  local rate(metric) = 'rate(%s[$__rate_interval])' % of(metric);
  local pcap(metric) = rate('cloudflare_pcap_' + metric);
  local third = p.size(8, 7);
  local flat = p.custom({ axisSoftMax: 1 });  // else Grafana draws a scale up to 100 if all values are 0

  local requests = [
    p.timeseries('Request duration', |||
      Time from sending a request to the end of its response: half of the requests took at most p50, 99 % at most p99.
      The values are interpolated from a histogram.
    |||, [
      p.graph(q.quantile(quantile, 'cloudflare_pcap_api_request_duration_seconds', 'endpoint', q.exporter, '$__rate_interval'),
              '{{endpoint}} p%d' % (100 * quantile))
      for quantile in [0.5, 0.99]
    ], 's') + third + p.runbooks(['ListingFailed']),

    p.timeseries('Requests by status code',
                 'Requests to the API by the HTTP status of the response. The code none means that there was no response.',
                 [p.graph('sum by (code) (%s)' % pcap('api_requests_total'), '{{code}}')],
                 'reqps')
    + p.stacked + p.colors(c.codes) + third + p.runbooks(['Unauthorized', 'RateLimited']),

    p.timeseries('Throttled and retried requests', |||
      Requests that the exporter did not send, by reason: rate_limit is the configured limit, reserve the part of the API's
      limit that is left to other clients, fairness that another account was first, holdoff the time after status 429, and
      refused the pause after the API rejected the token. Retried requests were sent again after a failure.
    |||, [
      p.graph('sum by (reason) (%s)' % pcap('api_requests_throttled_total'), '{{reason}}'),
      p.graph('sum(%s)' % pcap('api_retries_total'), 'retried'),
    ], 'reqps') + p.colors(c.throttled { retried: c.neutral }) + flat + third + p.runbooks(['RateLimited', 'BudgetLow', 'Unauthorized']),
  ];

  local failedLists = |||
    Scrapes of an account per hour that got no list after all retries. If two exporters list the same account,
    this shows the one with more failures.
  |||;

  local reasons = [
    p.timeseries('Failed requests by reason',
                 'Requests to the API that failed. Each retry counts.',
                 [p.graph('sum by (reason) (%s)' % pcap('api_request_failures_total'), '{{reason}}')],
                 'reqps')
    + p.stacked + p.colors(c.reasons) + flat + third
    + p.runbooks(['ListingFailed', 'Unauthorized', 'RateLimited']),

    p.timeseries('Failed lists by reason', failedLists, [
      p.graph('sum by (reason) (%s)' % q.failedLists, '{{reason}}'),
    ], 'suffix:/h')
    + p.stacked + p.colors(c.reasons) + flat + third
    + p.runbooks(['ListingFailed', 'Unauthorized', 'RateLimited']),

    p.timeseries('Failed lists by account', failedLists, [
      p.graph(q.named('sum by (account) (%s)' % q.failedLists), '{{account_name}}'),
    ], 'suffix:/h') + flat + third + p.runbooks(['ListingFailed', 'Unauthorized', 'RateLimited']),
  ];

  local budget = [
    p.timeseries('Requests left', |||
      Requests that each credential has left in the current window of the API's rate limit, as last reported by the API.
      The dashed line is the number in a whole window. All other requests of the same user count, too.
    |||, [
      p.graph('min by (credential, policy) (%s)' % of('cloudflare_pcap_api_ratelimit_remaining'), '{{credential}}, {{policy}}: left'),
      p.graph('max by (credential, policy) (%s)' % of('cloudflare_pcap_api_ratelimit_quota'), '{{credential}}, {{policy}}: quota'),
    ], 'short')
    + p.where('/: quota$/', { 'custom.lineStyle': { fill: 'dash', dash: [8, 8] }, 'custom.fillOpacity': 0, color: { mode: 'fixed', fixedColor: c.neutral } })
    + p.size(12, 7) + p.runbooks(['BudgetLow', 'RateLimited']),

    p.timeseries('Back-off', "Time until each credential sends requests again, after it reached the API's or the configured rate limit.", [
      p.graph('max by (credential) (clamp_min(%s - time(), 0))' % of('cloudflare_pcap_api_holdoff_until_timestamp_seconds'), '{{credential}}'),
    ], 's') + p.custom({ axisSoftMax: 60 }) + p.size(12, 7) + p.runbooks(['RateLimited']),
  ];

  local quarter = p.size(6, 7);

  local resources = [
    p.timeseries('CPU',
                 'Processor time used by the exporter. 100 % is one processor.',
                 [p.graph(rate('process_cpu_seconds_total'), '{{instance}}')],
                 'percentunit') + quarter,

    p.timeseries('Memory',
                 'Resident memory of the exporter.',
                 [p.graph(of('process_resident_memory_bytes'), '{{instance}}')],
                 'bytes') + quarter,

    p.timeseries('Goroutines and open files', 'Both should stay level. A number that grows for days is a leak.', [
      p.graph(of('go_goroutines'), '{{instance}} goroutines'),
      p.graph(of('process_open_fds'), '{{instance}} open files'),
    ], 'short') + quarter,

    p.timeseries('Scrapes by status code',
                 'Responses of /metrics by HTTP status. 503 means that there were more scrapes at the same time than --web.max-requests.',
                 [p.graph('sum by (code) (%s)' % rate('promhttp_metric_handler_requests_total'), '{{code}}')],
                 'reqps')
    + p.stacked + p.colors(c.codes) + quarter,
  ];

  {
    requests: d.row('API requests', requests + reasons),
    budget: d.row('API budget', budget),
    resources: d.row('Resources', resources),
  }
