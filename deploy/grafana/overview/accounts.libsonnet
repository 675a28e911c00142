// Can the numbers be trusted, and does something need attention?
local c = import '../lib/colours.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local stat(title, description, expr, unit='short') = p.stat(title, description, expr, unit) + p.size(3, 4);
local finished(where='') = 'sum(%s)' % q.events('captures_finished_total', by=['status'], where=where, how='increase', window='$__range');

local age(metric) = 'time() - ' + q.perAccount(metric);

local stats = [
  stat('Accounts down', |||
    Accounts whose captures could not be listed at the last scrape: nothing below is of them, unless
    --collector.max-staleness has their last lists shown. The table names them, the Exporter dashboard the reasons.
  |||, 'sum(1 - %s)' % q.perAccount('up'))
  + p.steps([[null, c.good], [1, c.bad]])
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'RateLimited', 'ExporterDown']),

  stat('Accounts blocked', |||
    Accounts with a full capture that should have ended more than 5 minutes ago. Only one full capture
    can run in an account, so it blocks all others. Accounts that are down are not counted.
  |||, q.orZero('count(max by (account) (time() - (%s)) > 300)' % q.due(q.account + ', type="full"')))
  + p.steps([[null, c.good], [1, c.bad]])
  + p.runbooks(['CaptureOverdue']),

  stat('In flight',
       'Captures listed that have not ended: pending, running, or being converted.',
       'sum(%s)' % q.captures(q.unfinished))
  + p.steps([[null, c.neutral], [1, c.notice]]),

  stat('Failed', |||
    Captures that were seen to fail in the time range shown, at any colo.
    Captures that had failed before the exporter started are not among them.
  |||, 'round(%s)' % finished('status="failed"'))
  + p.steps([[null, c.good], [1, c.bad]])
  + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

  stat('Failure ratio',
       'Of the captures seen to end in the time range shown, at any colo, how many failed.',
       '%s\n/\n(%s > 0)' % [finished('status="failed"'), finished()],
       'percentunit')
  + p.steps([[null, c.good], [0.05, c.warning], [0.5, c.bad]])
  + p.whenEmpty('none ended')
  + p.runbooks(['FailureRatioHigh']),

  stat('Oldest list',
       'Age of the oldest list that is shown. An account that shows none is not counted here, but is down.',
       'max(%s)' % age('snapshot_timestamp_seconds'),
       's')
  + p.steps([[null, c.good], [150, c.warning], [600, c.bad]])
  + p.runbooks(['APIUnreachable', 'RateLimited']),

  stat('Lists at their limit', |||
    Accounts with more captures than the API lists, which is 50. What is counted from the list is then of the newest only,
    and a capture that comes and goes between two scrapes is not seen. Normal for accounts in use.
  |||, 'sum(%s)' % q.perAccount('list_limit_reached'))
  + p.steps([[null, c.good], [1, c.notice]])
  + p.runbooks(['ListLimitReached']),

  stat('Unrecognized', |||
    Captures listed with a system, type or status that the API does not document:
    the API has changed, and the panels below may leave them out.
  |||, 'sum(%s)' % q.perAccount('unrecognized_captures', ['field']))
  + p.steps([[null, c.good], [1, c.warning]])
  + p.runbooks(['UnrecognizedValues']),
];

local byAccount(expr) = 'sum by (account) (%s)' % expr;

local table =
  p.table('Accounts', |||
    Every account, whether it could be listed or not. What is empty is not known: the account is down, or no capture
    is past its due time. Captures are those listed now, not those of the time range.
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
      '1': { text: 'newest only', color: c.notice },
    }),
    p.column('Captures', byAccount(q.captures())),
    p.column('In flight', byAccount(q.captures(q.unfinished))),
    p.column('Failed', byAccount(q.captures('status="failed"'))) + p.limits([[null, c.good], [1, c.bad]]),
    p.column('Past due by', 'max by (account) (%s) > 0' % q.pastDue, 's') + p.limits([[null, c.warning], [300, c.bad]]),
  ])
  + p.least('State') + p.most('Past due by') + p.size(24, 6)
  + p.runbooks(['APIUnreachable', 'Unauthorized', 'CaptureOverdue', 'ListLimitReached']);

d.row('Accounts: can these numbers be trusted?', stats + [table])
