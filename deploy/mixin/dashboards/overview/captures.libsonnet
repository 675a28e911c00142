// The captures in the list by status, failures, captures that have not ended, and single captures.
function(lib)
  local c = lib.colors, d = lib.dashboard, p = lib.panels, q = lib.queries;

  local by(label, expr) = 'sum by (%s) (%s)' % [label, expr];
  local place(expr) = by('account, type, colo', expr);

  local byColo(expr) = q.withColo(by('colo, type', expr));

  local listed = [
    p.bargauge('Listed captures by status',
               'Captures in the list now. Sampled captures (type simple) end as success, full captures as complete.',
               [p.now(by('status', q.captures()), '{{status}}')],
               'short')
    + p.colors(c.statuses) + p.size(8, 9),

    p.table('Listed captures by colo and type', 'Captures in the list now. For samples (type simple), Cloudflare reports neither colo nor packets.', [
      p.label('Colo', 'colo'),
      p.label('Type', 'type', 100),
      p.column('Captures', byColo(q.captures() + ' > 0')),
      p.column('Unfinished', byColo(q.captures(q.unfinished) + ' > 0')),
      p.column('Failed', byColo(q.captures('status="failed"') + ' > 0')),
      p.column('Packets', byColo(q.listed('packets_captured'))),
      p.column('Age of newest', q.withColo('time() - max by (colo, type) (%s)' % q.listed('newest_submitted_timestamp_seconds')), 's', 130),
    ]) + p.most('Captures') + p.size(16, 9),
  ];

  local reasons = |||
    Each bar is the number of captures that failed since the bar before. The reason is the kind of the error message:
    bucket means that storing the capture failed, no_packets_matched that no packet matched the filter,
    other is any other message, and none is no message.
  |||;

  local errors = place(q.listed('capture_errors', ['reason'])) + ' > 0';
  local failed(reason) = q.named('%s\nand on (account, type, colo)\n%s' % [place(q.listed('capture_errors', ['reason'], 'reason="%s"' % reason)), errors]);

  local failures = [
    p.timeseries('Failures by reason', reasons, [p.graph(q.failedPerBar('reason'), '{{reason}}')], 'short')
    + p.bars + p.colors(c.errors) + p.size(12, 8)
    + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets', 'DailyFailures']),

    p.timeseries('Failures by colo', |||
      Each bar is the number of captures that failed since the bar before. Cloudflare reports no colo for samples.
      Colos with the same first letter can have the same color.
    |||, [p.graph(q.withColo(q.failedPerBar('colo')), '{{colo}}')], 'short')
    + p.bars + p.colos + p.size(12, 8)
    + p.runbooks(['CaptureFailed', 'CaptureWithoutPackets']),

    p.table('Listed failures', 'Captures in the list now that failed or have an error message, by its kind.', [
      p.account(),
      p.hiddenID,
      p.label('Type', 'type', 80),
      p.label('Colo', 'colo', 110),
      p.column('Captures', q.named(errors)),
      p.column('Bucket', failed('bucket')),
      p.column('No packets matched', failed('no_packets_matched'), width=190),
      p.column('Other message', failed('other'), width=150),
      p.column('No message', failed('none'), width=130),
      p.column('Age of newest', q.named('time() - max by (account, type, colo) (%s)'
                                        % q.listed('newest_submitted_timestamp_seconds', where='status="failed"')), 's', 130),
    ])
    + p.least('Age of newest') + p.size(24, 7)
    + p.runbooks(['CaptureFailed', 'FailureRatioHigh']),
  ];

  local each(expr) = by('account, type, colo, status', expr);
  local unfinished = each(q.captures(q.unfinished)) + ' > 0';
  local stopping = each(q.listed('stop_requested_captures', where=q.unfinished));

  local inFlight = [
    p.table('Unfinished captures', |||
      Time left is the time from the list until the first of these captures reaches its time limit, and negative after that.
      Full captures are overdue 5 minutes after their time limit, because Cloudflare needs time to convert and store them.
      Sampled captures (type simple) are never overdue, because they do not block other captures.
    |||, [
      p.account(),
      p.hiddenID,
      p.label('Type', 'type', 70),
      p.label('Colo', 'colo', 80),
      p.label('Status', 'status', 150),
      p.column('Captures', q.named(unfinished), width=80),
      p.column('Stopping', q.named('%s\nor\n0 * (%s)' % [stopping, unfinished]), width=80),
      p.column('Time left', q.named('min by (account, type, colo, status) (%s)' % q.timeLeft()), 's'),
      p.column('Overdue', q.named('max by (account, type, colo, status) (%s) > bool %d' % [q.sinceLimit('type="full"'), q.overdueAfter]), width=80) + p.overdue,
    ])
    + p.most('Overdue') + p.least('Time left') + p.size(15, 8)
    + p.runbooks(['CaptureOverdue', 'CaptureNotStopping']),

    p.timeseries('Time since the time limit', |||
      Time from when the first unfinished full capture of each account reached its time limit to the list.
      Above the line, at 5 minutes, the capture is overdue.
    |||, [p.graph(q.named('max by (account) (clamp_min(-1 * (%s), 0)) / 60' % q.timeLeft('type="full"')), '{{account_name}}')], 'm')
    + p.steps([[null, 'transparent'], [q.overdueAfter / 60, c.bad]])
    + p.custom({ thresholdsStyle: { mode: 'line' }, axisSoftMax: 6 })
    + p.size(9, 8) + p.runbooks(['CaptureOverdue', 'CaptureNotStopping']),
  ];

  local one(metric, labels=[]) = q.perAccount('capture_' + metric, ['capture_id'] + labels);

  local single = [
    p.table('Single captures', |||
      This requires --collector.capture-series, which also chooses the captures. It ignores the lists Colo and Type at the
      top. The reason of a failure is the kind of the error message.
    |||, [
      p.account(),
      p.hiddenID,
      p.label('Capture', 'capture_id', 300),
      p.label('Type', 'type', 70),
      p.label('Colo', 'colo', 80),
      p.label('Status', 'status', 150),
      p.label('Reason', 'reason', 170),
      p.column('Age', 'time() - ' + one('submitted_timestamp_seconds'), 's', 90),
      p.column('Packets', one('packets_captured'), width=90),
      p.label('Bucket', 'bucket', 200),
      p.column('Info', q.orText(
        q.named(one('info', ['type', 'colo', 'bucket'])), 'account_name', 'unknown: requires --collector.capture-series'
      )),
      p.column('Current', one('status', ['status'])),
      p.column('Failure', one('failure', ['reason'])),
    ])
    + p.hidden(['Info', 'Current', 'Failure']) + p.least('Age') + p.size(24, 8)
    + p.runbooks(['CaptureFailed', 'CaptureOverdue']),
  ];

  {
    listed: d.row('Listed captures', listed),
    failures: d.row('Failures', failures),
    inFlight: d.row('Unfinished and overdue', inFlight),
    single: d.row('Single captures', single),
  }
