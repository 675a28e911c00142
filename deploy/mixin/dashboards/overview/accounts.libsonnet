// Can the numbers be trusted, and does something need attention?
local c = import '../lib/colors.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local stat(title, description, expr, unit='short') = p.stat(title, description, expr, unit) + p.size(3, 4);
local age(metric) = 'time() - ' + q.perAccount(metric);
local overdue(compare) = 'max by (account) (%s) %s %d' % [q.sinceLimit('type="full"'), compare, q.overdueAfter];

local stats = [
  stat('Accounts down', |||
    Accounts whose captures could not be listed at the last scrape. The panels below leave out their captures,
    unless --collector.max-staleness exports their last lists. The dashboard "exporter" shows the reasons.
  |||, 'sum(1 - %s)' % q.perAccount('up'))
  + p.steps([[null, c.good], [1, c.bad]])
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited', 'ExporterDown']),

  stat('Accounts overdue', |||
    Accounts with an overdue capture: a full capture that has not ended 5 minutes after its time limit.
    The account can start no other full capture until it ends. Accounts that are down are not counted.
  |||, q.orZero('count(%s)' % overdue('>')))
  + p.steps([[null, c.good], [1, c.bad]])
  + p.runbooks(['CaptureOverdue']),

  stat('Unfinished',
       'Captures in the list that are pending, running, or being converted.',
       'sum(%s)' % q.captures(q.unfinished))
  + p.steps([[null, c.neutral], [1, c.notice]]),

  stat('Failed', |||
    Captures that failed in the time range of this dashboard.
    Captures that failed before the exporter started are not counted.
  |||, q.orZero('round(%s)' % q.failed))
  + p.steps([[null, c.good], [1, c.bad]])
  + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

  stat('Failure ratio', |||
    Share of failed captures among all captures that ended in the time range of this dashboard.
    It is over all colos, whatever is chosen above.
  |||, '%s\n/\n(%s > 0)' % [q.ended('status="failed"'), q.ended()], 'percentunit')
  + p.steps([[null, c.good], [0.05, c.warning], [0.5, c.bad]])
  + p.whenEmpty('none ended')
  + p.runbooks(['FailureRatioHigh']),

  stat('Oldest list',
       'Age of the oldest list that is exported. Accounts without an exported list are down, and not counted here.',
       'max(%s)' % age('snapshot_timestamp_seconds'),
       's')
  + p.steps([[null, c.good], [150, c.warning], [600, c.bad]])
  + p.runbooks(['APIUnreachable', 'RateLimited']),

  stat('Full lists', |||
    Accounts whose list has reached 50 captures, the most that the API lists. Older captures are missing in all panels
    about listed captures. Captures that start and leave the list between two scrapes are never seen.
    Full lists are normal for accounts in use.
  |||, 'sum(%s)' % q.perAccount('list_limit_reached'))
  + p.steps([[null, c.good], [1, c.notice]])
  + p.runbooks(['ListLimitReached']),

  stat('Unrecognized', |||
    Listed captures with a system, type or status that Cloudflare does not document.
    The API has changed, and other panels may leave out these captures.
  |||, 'sum(%s)' % q.perAccount('unrecognized_captures', ['field']))
  + p.steps([[null, c.good], [1, c.warning]])
  + p.runbooks(['UnrecognizedValues', 'LabelConflict']),
];

local byAccount(expr) = 'sum by (account) (%s)' % expr;

local table =
  p.table('Accounts', |||
    All accounts, also those that are down. A dash means that the value is unknown, because the account is down,
    or that there is no full capture that could be overdue. Captures are those in the list now.
  |||, [
    p.label('Account', 'name'),
    p.label('ID', 'account', 300),
    p.column('State', q.named(q.perAccount('up'))) + p.texts({
      '0': { text: 'down', color: c.bad },
      '1': { text: 'up', color: c.good },
    }),
    p.column('Last listed', age('last_success_timestamp_seconds'), 's')
    + p.limits([[null, c.good], [150, c.warning], [600, c.bad]]),
    p.column('List', q.perAccount('list_limit_reached')) + p.texts({
      '0': { text: 'complete', color: c.good },
      '1': { text: 'full', color: c.notice },
    }),
    p.column('Captures', byAccount(q.captures())),
    p.column('Unfinished', byAccount(q.captures(q.unfinished))),
    p.column('Failed', byAccount(q.captures('status="failed"'))) + p.limits([[null, c.good], [1, c.bad]]),
    p.column('Overdue', overdue('> bool')) + p.overdue,
  ])
  + p.least('State') + p.most('Overdue') + p.size(24, 6)
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'CaptureOverdue', 'ListLimitReached']);

d.row('Accounts', stats + [table])
