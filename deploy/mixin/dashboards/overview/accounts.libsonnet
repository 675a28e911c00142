// Can the numbers be trusted, and does something need attention?
function(lib)
  local c = lib.colors, p = lib.panels, q = lib.queries;
  local s = (import '../lib/stats.libsonnet')(lib);
  local stat = s.stat;

  local age(metric) = 'time() - ' + q.perAccount(metric);
  local overdue(compare) = 'max by (account) (%s) %s %d' % [q.sinceLimit('type="full"'), compare, q.overdueAfter];

  local stats = [
    s.accountsDown,

    stat('Overdue', |||
      Accounts with an overdue capture: a full capture that has not ended 5 minutes after its time limit.
      The account can start no other full capture until it ends. Accounts that are down are not counted.
    |||, q.orZero('count(%s)' % overdue('>')))
    + p.steps([[null, c.good], [1, c.bad]])
    + p.runbooks(['CaptureOverdue']),

    stat('Unfinished',
         'Captures in the list that are pending, running, or being converted.',
         'sum(%s)' % q.captures(q.unfinished))
    + p.steps([[null, c.neutral], [1, c.notice]]),

    stat('New failures', |||
      Captures that failed in the time range of this dashboard, also if they have left the list.
      Captures that failed before the exporter started are not counted.
    |||, q.orZero('round(%s)' % q.failed()))
    + p.steps([[null, c.good], [1, c.bad]])
    + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

    stat('Failure ratio', |||
      Share of failed captures among all captures that ended in the time range of this dashboard.
      Captures without matching packets did not fail.
    |||, '%s\n/\n(%s > 0)' % [q.failed('reason!="no_packets_matched"'), q.ended], 'percentunit')
    + p.steps([[null, c.good], [0.05, c.warning], [0.5, c.bad]])
    + p.whenEmpty('none ended')
    + p.runbooks(['FailureRatioHigh']),

    s.oldestList,

    stat('Full lists', |||
      Accounts whose list has reached 50 captures, the most that the API lists. Older captures are missing in all panels
      about listed captures. Captures that start and leave the list between two scrapes are never seen.
      Full lists are normal for accounts in use.
    |||, 'sum(%s)' % q.perAccount('list_limit_reached'))
    + p.steps([[null, c.good], [1, c.notice]])
    + p.runbooks(['CapturesMissed']),

    stat('Unrecognized', |||
      Listed captures with a value that Cloudflare does not document.
      The API has changed, and other panels may leave out these captures.
    |||, 'sum(%s)' % q.perAccount('unrecognized_captures', ['field']))
    + p.steps([[null, c.good], [1, c.warning]])
    + p.runbooks(['UnrecognizedValues', 'LabelConflict']),
  ];

  local byAccount(expr) = 'sum by (account) (%s)' % expr;

  local table =
    p.table('Accounts', |||
      All accounts, also those that are down. The name of an account links to its captures alone.
      A dash means that the value is unknown, because the account is down, or that there is no such capture.
      Captures are those in the list now. Last complete is the age of the newest full capture that succeeded.
    |||, [
      p.account(),
      p.id(290),
      p.column('State', q.named(q.perAccount('up')), width=70) + p.texts({
        '0': { text: 'down', color: c.bad },
        '1': { text: 'up', color: c.good },
      }),
      p.column('Last listed', age('last_success_timestamp_seconds'), 's')
      + p.limits([[null, c.good], [150, c.warning], [600, c.bad]]),
      p.column('List', q.perAccount('list_limit_reached')) + p.texts({
        '0': { text: 'complete', color: c.good },
        '1': { text: 'full', color: c.notice },
      }),
      p.column('Captures', byAccount(q.captures()), width=90),
      p.column('Unfinished', byAccount(q.captures(q.unfinished))),
      p.column('Listed failed', byAccount(q.captures('status="failed"')), width=110) + p.limits([[null, c.good], [1, c.bad]]),
      p.column('Last complete', 'time() - max by (account) (%s)' % q.listed(
        'newest_submitted_timestamp_seconds', where='type="full", status="complete"'
      ), 's', 120),
      p.column('Overdue', overdue('> bool'), width=90) + p.overdue,
    ])
    + p.least('State') + p.most('Overdue') + p.size(24, 6)
    + p.runbooks(['ListingFailed', 'Unauthorized', 'AccountsGone', 'CaptureOverdue', 'CapturesMissed']);

  lib.dashboard.row('Accounts', stats + [table])
