// Whether the exporter works, and how old its lists are.
local c = import '../lib/colors.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local stat(title, description, expr, unit='short') = p.stat(title, description, expr, unit) + p.size(3, 4);
local increase(metric) = 'round(sum(increase(cloudflare_pcap_%s{%s}[$__range])))' % [metric, q.exporter];

local stats = [
  stat('Targets down',
       'Targets of the job that Prometheus could not scrape. The panels below leave out their accounts.',
       'sum(1 - up{%s})' % q.exporter)
  + p.steps([[null, c.good], [1, c.bad]]) + p.runbooks(['ExporterDown', 'LabelConflict']),

  stat('Accounts down',
       'Accounts whose captures could not be listed at the last scrape.',
       'sum(1 - %s)' % q.perAccount('up'))
  + p.steps([[null, c.good], [1, c.bad]]) + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),

  stat('Failed requests',
       'Requests to the API that failed in the time range of this dashboard. Each retry counts.',
       increase('api_request_failures_total'))
  + p.steps([[null, c.good], [1, c.warning]]) + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),

  stat('Withheld requests', |||
    Requests that the exporter did not send in the time range of this dashboard, because of a rate limit or because
    another account was first.
  |||, increase('api_requests_withheld_total'))
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

  stat('Oldest list',
       'Age of the oldest list that is exported. Accounts without an exported list are down, and not counted here.',
       'max(time() - %s)' % q.perAccount('snapshot_timestamp_seconds'),
       's')
  + p.steps([[null, c.good], [150, c.warning], [600, c.bad]]) + p.runbooks(['APIUnreachable', 'RateLimited']),

  stat('Configuration',
       'Whether the last reload of the configuration file succeeded. If not, the previous configuration is in use.',
       'min(cloudflare_pcap_exporter_config_last_reload_successful{%s})' % q.exporter)
  + p.meaning({ '0': { text: 'rejected', color: c.bad }, '1': { text: 'valid', color: c.good } })
  + p.runbooks(['ConfigReloadFailed']),
];

local perExporter(expr) = 'max by (instance) (%s{%s})' % [expr, q.exporter];
local noToken = 'unknown: requires --collector.token';

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
    This requires --collector.token. The exporter requests it at most once an hour. Tokens that never expire have a dash.
    Tokens that the API rejects are missing here, and their accounts are down.
  |||, [
    p.label('Credential', 'credential'),
    p.column('State', |||
      max by (credential) (cloudflare_pcap_api_token_active{%s})
      or on ()
      label_replace(vector(-1), "credential", "%s", "", "")
    ||| % [q.exporter, noToken]) + p.texts({
      '-1': { text: '–', color: c.neutral },
      '0': { text: 'not active', color: c.bad },
      '1': { text: 'active', color: c.good },
    }),
    p.column('Expires in', |||
      min by (credential) (cloudflare_pcap_api_token_expiry_timestamp_seconds{%s} - time())
      or on ()
      label_replace(vector(NaN), "credential", "%s", "", "")
    ||| % [q.exporter, noToken], 's') + p.limits([[null, c.bad], [7 * 86400, c.warning], [14 * 86400, c.good]]),
  ]) + p.least('State') + p.least('Expires in') + p.size(10, 6) + p.runbooks(['TokenExpiring', 'Unauthorized']),
];

local perAccount(title, description, expr) =
  p.timeseries(title, description, [p.graph(q.named(expr), '{{name}}')], 's') + p.size(8, 7);

local lists = [
  perAccount('Age of the exported list', |||
    It grows with --collector.min-interval, and while the API fails with --collector.max-staleness.
    There is a gap while no list is exported.
  |||, 'time() - ' + q.perAccount('snapshot_timestamp_seconds'))
  + p.runbooks(['APIUnreachable', 'RateLimited']),
  perAccount('Time since the last success', 'Time since the captures were last listed.', 'time() - ' + q.perAccount('last_success_timestamp_seconds'))
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),
  perAccount('Duration of a scrape', 'Time that the last scrape took to list the captures, with all retries and waiting.', q.perAccount('scrape_duration_seconds'))
  + p.runbooks(['APIUnreachable']),
];

{
  health: d.row('Exporters', stats + tables),
  lists: d.row('Lists', lists),
}
