// What the list holds: by status, why captures failed, and what is in flight.
local c = import '../lib/colours.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local by(label, expr) = 'sum by (%s) (%s)' % [label, expr];
local place(expr) = by('account, type, colo', expr);

local statuses = [
  p.bargauge('Captures by status',
             'Captures listed now. simple captures end as success, full ones as complete.',
             [p.now(by('status', q.captures()), '{{status}}')],
             'short')
  + p.colours(c.statuses) + p.size(8, 9),

  p.timeseries('Captures by status, over time', |||
    Captures listed, at most 50 for each account: the oldest leave the list when new ones come.
    A gap is a time when nothing was listed.
  |||, [p.graph(by('status', q.captures()), '{{status}}')], 'short')
  + p.stacked + p.colours(c.statuses) + p.size(16, 9),
];

local failures = [
  p.bargauge('Error messages by reason', |||
    Captures listed that carry an error message. bucket: check the ownership of the bucket.
    no_packets_matched: nothing passed the filter in time, which is no fault. other: see the log at level debug.
  |||, [p.now(by('reason', q.listed('capture_errors', ['reason'])), '{{reason}}')], 'short')
  + p.colours(c.errors) + { options+: { orientation: 'vertical' } } + p.size(9, 7)
  + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

  p.table('Where captures failed, and why', 'Captures listed that failed or carry an error message.', [
    p.label('Account', 'name'),
    p.label('Type', 'type', 70),
    p.label('Colo', 'colo', 80),
    p.column('Failed', q.named(place(q.captures('status="failed"')) + ' > 0')),
    p.column('Bucket', q.named(place(q.listed('capture_errors', ['reason'], 'reason="bucket"')) + ' > 0')),
    p.column('No packets', q.named(place(q.listed('capture_errors', ['reason'], 'reason="no_packets_matched"')) + ' > 0')),
    p.column('Other', q.named(place(q.listed('capture_errors', ['reason'], 'reason="other"')) + ' > 0')),
    p.column('Newest, age', q.named('time() - max by (account, type, colo) (%s)'
                                    % q.listed('newest_submitted_timestamp_seconds', where='status="failed"')), 's', 110),
  ])
  + p.hidden(['account']) + p.least('Newest, age') + p.size(15, 7)
  + p.runbooks(['CaptureFailed', 'FailureRatioHigh']),
];

local each(expr) = by('account, type, colo, status', expr);
local unfinished = each(q.captures(q.unfinished)) + ' > 0';
local stopping = each(q.listed('stop_requested_captures', where=q.unfinished));
local pastDue = 'max by (account, type, colo, status) (%s)' % q.pastDue;

local inFlight = [
  p.table('In flight', |||
    Captures that have not ended, and how long the first of them is past its time limit: below zero, that much time is left.
    Five minutes are allowed for converting and storing it. A full capture that stays longer blocks all others of its account.
  |||, [
    p.label('Account', 'name'),
    p.label('Type', 'type', 70),
    p.label('Colo', 'colo', 80),
    p.label('Status', 'status', 150),
    p.column('Captures', q.named(unfinished), width=80),
    p.column('Stop requested', q.named('%s\nor\n0 * (%s)' % [stopping, unfinished]), width=130),
    p.column('Past due by', q.named(pastDue), 's') + p.limits([[null, c.good], [0, c.warning], [300, c.bad]]),
  ])
  + p.hidden(['account']) + p.most('Past due by') + p.size(14, 8)
  + p.runbooks(['CaptureOverdue', 'CaptureNotStopping']),

  p.timeseries('Past due', |||
    How long the oldest capture in flight is past its time limit. Above the line, a full capture is taken to be stuck.
  |||, [p.graph(q.named('max by (account, type) (clamp_min(%s, 0))' % q.pastDue),
                '{{name}} {{type}}')], 's')
  + p.steps([[null, 'transparent'], [300, c.bad]])
  + p.custom({ thresholdsStyle: { mode: 'line' }, axisSoftMax: 330 })
  + p.size(10, 8) + p.runbooks(['CaptureOverdue', 'CaptureNotStopping']),
];

{
  byStatus: d.row('Captures listed', statuses),
  failures: d.row('Failures', failures),
  inFlight: d.row('In flight and overdue', inFlight),
}
