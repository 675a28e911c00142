// Whether the exporter works, which accounts it has, and how old its lists are.
function(lib)
  local c = lib.colors, d = lib.dashboard, p = lib.panels, q = lib.queries;
  local s = (import '../lib/stats.libsonnet')(lib);
  local stat = s.stat;

  local rate(metric) = 'rate(cloudflare_pcap_%s{%s}[$__rate_interval])' % [metric, q.exporter];
  local increase(metric) = 'round(sum(increase(cloudflare_pcap_%s{%s}[$__range])))' % [metric, q.exporter];

  local stats = [
    stat('Targets down',
         'Targets of the job that Prometheus could not scrape. The panels below leave out their accounts.',
         'sum(1 - up{%s})' % q.exporter)
    + p.steps([[null, c.good], [1, c.bad]]) + p.runbooks(['ExporterDown', 'ExporterFlapping', 'LabelConflict']),

    s.accountsDown,

    stat('Failed requests',
         'Requests to the API that failed in the time range of this dashboard. Each retry counts.',
         increase('api_request_failures_total'))
    + p.steps([[null, c.good], [1, c.warning]]) + p.runbooks(['ListingFailed', 'Unauthorized', 'RateLimited']),

    stat('Throttled', |||
      Requests that the exporter did not send in the time range of this dashboard, because of a rate limit or because
      another account was first.
    |||, increase('api_requests_throttled_total'))
    + p.steps([[null, c.good], [1, c.warning]]) + p.runbooks(['RateLimited', 'BudgetLow']),

    stat('API budget left', |||
      Share of requests that are left in the current window of the API's rate limit, for the credential with the
      smallest share, as last reported by the API.
    |||, |||
      min(
        cloudflare_pcap_api_ratelimit_remaining{%(filter)s}
        / (cloudflare_pcap_api_ratelimit_quota{%(filter)s} > 0)
      )
    ||| % { filter: q.exporter }, 'percentunit')
    + p.steps([[null, c.bad], [0.1, c.warning], [0.15, c.good]]) + p.runbooks(['BudgetLow', 'RateLimited']),

    stat('Back-off',
         "Time until all credentials send requests again, after one reached the API's or the configured rate limit.",
         'max(clamp_min(cloudflare_pcap_api_holdoff_until_timestamp_seconds{%s} - time(), 0))' % q.exporter,
         's')
    + p.steps([[null, c.good], [0.001, c.warning]]) + p.runbooks(['RateLimited']),

    s.oldestList,

    stat('Configuration',
         'Whether the last reload of the configuration file succeeded. If not, the previous configuration is in use.',
         'min(cloudflare_pcap_exporter_config_last_reload_successful{%s})' % q.exporter)
    + p.meaning({ '0': { text: 'rejected', color: c.bad }, '1': { text: 'valid', color: c.good } })
    + p.runbooks(['ConfigReloadFailed']),
  ];

  local perExporter(expr) = 'max by (instance) (%s{%s})' % [expr, q.exporter];
  local active = 'max by (credential) (cloudflare_pcap_api_token_active{%s})' % q.exporter;
  local orNoToken(expr, value) = q.orText(expr, 'credential', 'unknown: requires --collector.tokens', value);
  local looked = perExporter('cloudflare_pcap_discovery_up');
  local noDiscovery = 'off: requires discover';

  local tables = [
    p.table('Exporters', 'Targets of the job. For a target that is down, only the state is known.', [
      p.label('Instance', 'instance'),
      p.column('State', perExporter('up')) + p.texts({
        '0': { text: 'down', color: c.bad },
        '1': { text: 'up', color: c.good },
      }),
      p.label('Version', 'version', 110),
      p.label('Revision', 'revision', 110),
      p.column('Build', 'max by (instance, version, revision) (cloudflare_pcap_exporter_build_info{%s})' % q.exporter),
      p.column('Up for', 'time() - ' + perExporter('process_start_time_seconds'), 's'),
      p.column('Last reload', 'time() - ' + perExporter('cloudflare_pcap_exporter_config_last_reload_success_timestamp_seconds'), 's', 150),
    ]) + p.hidden(['Build']) + p.least('State') + p.size(14, 6) + p.runbooks(['ExporterDown', 'ConfigReloadFailed']),

    p.table('Tokens', |||
      This requires --collector.tokens. The exporter requests it at most once an hour. Tokens that never expire have a dash.
      Tokens that the API rejects are missing here, and their accounts are down.
    |||, [
      p.label('Credential', 'credential'),
      p.column('State', orNoToken(active, -1)) + p.texts({
        '-1': { text: '–', color: c.neutral },
        '0': { text: 'not active', color: c.bad },
        '1': { text: 'active', color: c.good },
      }),
      p.column('Expires in', orNoToken(q.orDash(
        'min by (credential) (cloudflare_pcap_api_token_expiry_timestamp_seconds{%s} - time())' % q.exporter, 'credential', active
      ), 'NaN'), 's') + p.limits([[null, c.bad], [7 * 86400, c.warning], [14 * 86400, c.good]]),
    ]) + p.least('State') + p.least('Expires in') + p.size(10, 6) + p.runbooks(['TokenExpiring', 'Unauthorized']),
  ];

  local discovery = [
    p.table('Discovery', |||
      The accounts that each exporter found with its default credential, if its configuration file has discover.
      After a failed lookup, the exporter keeps the accounts of the last one that succeeded.
    |||, [
      p.label('Instance', 'instance'),
      p.column('State', q.orText(looked, 'instance', noDiscovery, -1)) + p.texts({
        '-1': { text: '–', color: c.neutral },
        '0': { text: 'failed', color: c.bad },
        '1': { text: 'up', color: c.good },
      }),
      p.column('Accounts', q.orText(perExporter('cloudflare_pcap_discovery_accounts'), 'instance', noDiscovery, 'NaN')) + p.limits([[null, c.neutral]]),
      p.column('Last lookup', q.orText(q.orDash(
        'time() - ' + perExporter('cloudflare_pcap_discovery_last_success_timestamp_seconds'), 'instance', looked
      ), 'instance', noDiscovery, 'NaN'), 's') + p.limits([[null, c.good], [1200, c.warning], [3600, c.bad]]),
    ]) + p.least('State') + p.size(10, 6) + p.runbooks(['DiscoveryFailed', 'AccountsGone']),

    p.timeseries('Failed lookups of accounts', 'Lookups of accounts per hour that failed, by reason. There are none without discover.', [
      p.graph('sum by (reason) (%s) * 3600\nor on ()\nlabel_replace(vector(0), "reason", "none", "", "")' % rate('discovery_errors_total'), '{{reason}}'),
    ], 'suffix:/h') + p.stacked + p.colors(c.reasons) + p.custom({ axisSoftMax: 1 }) + p.size(14, 6) + p.runbooks(['DiscoveryFailed']),
  ];

  local perAccount(title, description, expr) =
    p.timeseries(title, description, [p.graph(q.named(expr), '{{account_name}}')], 's') + p.size(12, 7);

  local lists = [
    perAccount('Age of the list', |||
      Time since the captures of the account were last listed. It grows while requests fail, and with
      --collector.min-interval.
    |||, 'time() - ' + q.perAccount('last_success_timestamp_seconds'))
    + p.runbooks(['ListingFailed', 'Unauthorized', 'RateLimited']),
    perAccount('Duration of a scrape', 'Time that the last scrape took to list the captures, with all retries and waiting.', q.perAccount('scrape_duration_seconds'))
    + p.runbooks(['ListingFailed']),
  ];

  {
    health: d.row('Exporters', stats + tables),
    discovery: d.row('Discovery', discovery),
    lists: d.row('Lists', lists),
  }
