// Does the exporter work, and how good are the lists that it shows?
local c = import '../lib/colours.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local stat(title, description, expr, unit='short') = p.stat(title, description, expr, unit) + p.size(3, 4);
local increase(metric) = 'round(sum(increase(cloudflare_pcap_%s{%s}[$__range])))' % [metric, q.exporter];

local stats = [
  stat('Targets down',
       'Targets of the job that Prometheus could not scrape. Their accounts are gone from the panels below.',
       'sum(1 - up{%s})' % q.exporter)
  + p.steps([[null, c.good], [1, c.bad]]) + p.runbooks(['ExporterDown']),

  stat('Accounts down',
       'Accounts whose captures could not be listed at the last scrape.',
       'sum(1 - %s)' % q.perAccount('up'))
  + p.steps([[null, c.good], [1, c.bad]]) + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),

  stat('Failed requests',
       'Requests to the API that failed in the time range shown, retries included.',
       increase('api_request_failures_total'))
  + p.steps([[null, c.good], [1, c.warning]]) + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),

  stat('Requests withheld',
       'Requests not sent in the time range shown: for a limit of the API or our own, or since it was the turn of another account.',
       increase('api_requests_withheld_total'))
  + p.steps([[null, c.good], [1, c.warning]]) + p.runbooks(['RateLimited', 'BudgetLow']),

  stat('Budget left', 'The part of its quota that the credential with the least has left in the present window, as the API last said.', |||
    min(
      cloudflare_pcap_api_ratelimit_remaining{%(filter)s}
      / (cloudflare_pcap_api_ratelimit_quota{%(filter)s} > 0)
    )
  ||| % { filter: q.exporter }, 'percentunit')
  + p.steps([[null, c.bad], [0.1, c.warning], [0.15, c.good]]) + p.runbooks(['BudgetLow', 'RateLimited']),

  stat('Hold-off',
       'How much longer a credential sends no request, for a limit of the API or our own.',
       'max(clamp_min(cloudflare_pcap_api_holdoff_until_timestamp_seconds{%s} - time(), 0))' % q.exporter,
       's')
  + p.steps([[null, c.good], [0.001, c.warning]]) + p.runbooks(['RateLimited']),

  stat('Oldest list',
       'Age of the oldest list that is shown. An account that shows none is not counted here, but is down.',
       'max(time() - %s)' % q.perAccount('snapshot_timestamp_seconds'),
       's')
  + p.steps([[null, c.good], [150, c.warning], [600, c.bad]]) + p.runbooks(['APIUnreachable', 'RateLimited']),

  stat('Configuration',
       'Whether the configuration was valid when it was last loaded. If not, the one before is in use.',
       'min(cloudflare_pcap_exporter_config_last_reload_successful{%s})' % q.exporter)
  + p.meaning({ '0': { text: 'rejected', color: c.bad }, '1': { text: 'valid', color: c.good } })
  + p.runbooks(['ConfigReloadFailed']),
];

local perExporter(expr) = 'max by (instance) (%s{%s})' % [expr, q.exporter];

local tables = [
  p.table('Exporters', 'Targets of the job. One that is down has no version.', [
    p.label('Instance', 'instance'),
    p.column('State', perExporter('up')) + p.texts({
      '0': { text: 'down', color: c.bad },
      '1': { text: 'up', color: c.good },
    }),
    p.label('Version', 'version', 110),
    p.label('Revision', 'revision', 110),
    p.column('Build', 'max by (instance, version, revision) (cloudflare_pcap_exporter_build_info{%s})' % q.exporter),
    p.column('Up for', 'time() - ' + perExporter('process_start_time_seconds'), 's'),
    p.column('Configuration age', 'time() - ' + perExporter('cloudflare_pcap_exporter_config_last_reload_success_timestamp_seconds'), 's', 150),
  ]) + p.hidden(['Build']) + p.least('State') + p.size(14, 6) + p.runbooks(['ExporterDown', 'ConfigReloadFailed']),

  p.table('Tokens', |||
    Asked for with --collector.token, at most once an hour. One that never expires has no time; one that the API
    refuses is not here, but its accounts are down.
  |||, [
    p.label('Credential', 'credential'),
    p.column('State', |||
      max by (credential) (cloudflare_pcap_api_token_active{%s})
      or on ()
      label_replace(vector(-1), "credential", "none known: needs --collector.token", "", "")
    ||| % q.exporter) + p.texts({
      '-1': { text: '–', color: c.neutral },
      '0': { text: 'not active', color: c.bad },
      '1': { text: 'active', color: c.good },
    }),
    p.column('Expires in', |||
      min by (credential) (cloudflare_pcap_api_token_expiry_timestamp_seconds{%s} - time())
      or on ()
      label_replace(vector(NaN), "credential", "none known: needs --collector.token", "", "")
    ||| % q.exporter, 's') + p.limits([[null, c.bad], [7 * 86400, c.warning], [14 * 86400, c.good]]),
  ]) + p.least('State') + p.least('Expires in') + p.size(10, 6) + p.runbooks(['TokenExpiring', 'Unauthorized']),
];

local perAccount(title, description, expr, unit='s') =
  p.timeseries(title, description, [p.graph(q.named(expr), '{{name}}')], unit) + p.size(8, 7);

local lists = [
  perAccount('Age of the list shown', |||
    Grows with --collector.min-interval, and with --collector.max-staleness while the API fails. A gap: no list is shown.
  |||, 'time() - ' + q.perAccount('snapshot_timestamp_seconds'))
  + p.runbooks(['APIUnreachable', 'RateLimited']),
  perAccount('Since the last success', 'Time since the captures were last listed.', 'time() - ' + q.perAccount('last_success_timestamp_seconds'))
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited']),
  perAccount('Duration of the listing', 'How long the last scrape took to list the captures, retries and waiting included.', q.perAccount('scrape_duration_seconds'))
  + p.runbooks(['APIUnreachable']),
];

{
  health: d.row('Does it work?', stats + tables),
  lists: d.row('Lists', lists),
}
