// The captures in the list by status, failures, and captures that have not ended.
local c = import '../lib/colors.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local by(label, expr) = 'sum by (%s) (%s)' % [label, expr];
local place(expr) = by('account, type, colo', expr);

local statuses = [
  p.bargauge('Captures by status',
             'Captures in the list now. Sampled captures (type simple) end as success, full captures as complete.',
             [p.now(by('status', q.captures()), '{{status}}')],
             'short')
  + p.colours(c.statuses) + p.size(8, 9),

  p.timeseries('Captures by status over time', |||
    Captures in the list, at most 50 for each account: new captures replace the oldest ones.
    There is a gap while no account could be listed.
  |||, [p.graph(by('status', q.captures()), '{{status}}')], 'short')
  + p.stacked + p.colours(c.statuses) + p.size(16, 9),
];

local reasons = |||
  Each bar is the number of captures that failed since the bar before. The reason is the kind of the error message:
  bucket means that storing the capture failed, no_packets_matched that no packet matched the filter,
  other is any other message, and none is no message.
|||;

local failed(reason) = q.named(place(q.listed('capture_errors', ['reason'], 'reason="%s"' % reason)) + ' > 0');

local failures = [
  p.timeseries('Failures by reason', reasons, [p.graph(q.failedPerBar('reason'), '{{reason}}')], 'short')
  + p.bars + p.colours(c.errors) + p.size(12, 8)
  + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

  p.timeseries('Failures by colo',
               'Each bar is the number of captures that failed since the bar before. Cloudflare names no colo for sampled captures.',
               [p.graph(q.withColo(q.failedPerBar('colo')), '{{colo}}')],
               'short')
  + p.bars + p.size(12, 8)
  + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

  p.table('Failed captures in the list', 'Captures in the list now that failed or have an error message, by its kind.', [
    p.label('Account', 'name'),
    p.label('Type', 'type', 100),
    p.label('Colo', 'colo', 120),
    p.column('Failed', q.named(place(q.captures('status="failed"')) + ' > 0')),
    p.column('Bucket', failed('bucket')),
    p.column('No packets matched', failed('no_packets_matched'), width=190),
    p.column('Other message', failed('other'), width=150),
    p.column('Age of newest', q.named('time() - max by (account, type, colo) (%s)'
                                      % q.listed('newest_submitted_timestamp_seconds', where='status="failed"')), 's', 130),
  ])
  + p.hidden(['account']) + p.least('Age of newest') + p.size(24, 7)
  + p.runbooks(['CaptureFailed', 'FailureRatioHigh']),
];

local each(expr) = by('account, type, colo, status', expr);
local first(expr) = 'max by (account, type, colo, status) (%s)' % expr;
local unfinished = each(q.captures(q.unfinished)) + ' > 0';
local stopping = each(q.listed('stop_requested_captures', where=q.unfinished));

local inFlight = [
  p.table('Unfinished captures', |||
    Time left is until the first of these captures reaches its time limit, and negative after that. Full captures are
    overdue 5 minutes after their time limit, because Cloudflare needs time to convert and store them.
    Sampled captures (type simple) are never overdue, because they do not block other captures.
  |||, [
    p.label('Account', 'name'),
    p.label('Type', 'type', 70),
    p.label('Colo', 'colo', 80),
    p.label('Status', 'status', 150),
    p.column('Captures', q.named(unfinished), width=80),
    p.column('Stopping', q.named('%s\nor\n0 * (%s)' % [stopping, unfinished]), width=80),
    p.column('Time left', q.named('-1 * (%s)' % first(q.sinceLimit())), 's'),
    p.column('Overdue', q.named('%s > bool %d' % [first(q.sinceLimit('type="full"')), q.overdueAfter]), width=80) + p.overdue,
  ])
  + p.hidden(['account']) + p.most('Overdue') + p.least('Time left') + p.size(15, 8)
  + p.runbooks(['CaptureOverdue', 'CaptureNotStopping']),

  p.timeseries('Time since the time limit', |||
    Time since the first unfinished full capture of each account reached its time limit.
    Above the line, at 5 minutes, the capture is overdue.
  |||, [p.graph(q.named('max by (account) (clamp_min(%s, 0)) / 60' % q.sinceLimit('type="full"')), '{{name}}')], 'm')
  + p.steps([[null, 'transparent'], [q.overdueAfter / 60, c.bad]])
  + p.custom({ thresholdsStyle: { mode: 'line' }, axisSoftMax: 6 })
  + p.size(9, 8) + p.runbooks(['CaptureOverdue', 'CaptureNotStopping']),
];

{
  byStatus: d.row('Listed captures', statuses),
  failures: d.row('Failures', failures),
  inFlight: d.row('Unfinished and overdue', inFlight),
}
