// Packets and colos, what happened when, and the buckets.
local c = import '../lib/colors.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local place(expr) = q.withColo('sum by (colo, type) (%s)' % expr);

local packets = [
  p.bargauge('Packets by colo', |||
    Packets of the captures in the list now. Cloudflare reports no packet count for sampled captures.
  |||, [p.now(q.withColo('sum by (colo) (%s)' % q.listed('packets_captured')), '{{colo}}')], 'short')
  + { fieldConfig+: { defaults+: { color: { mode: 'fixed', fixedColor: c.notice } } } }
  + p.size(8, 8),

  p.table('By colo and type', 'Captures in the list now. For sampled captures (type simple), Cloudflare reports neither colo nor packets.', [
    p.label('Colo', 'colo'),
    p.label('Type', 'type', 100),
    p.column('Captures', place(q.captures() + ' > 0')),
    p.column('Unfinished', place(q.captures(q.unfinished) + ' > 0')),
    p.column('Failed', place(q.captures('status="failed"') + ' > 0')),
    p.column('Packets', place(q.listed('packets_captured'))),
    p.column('Age of newest', q.withColo('time() - max by (colo, type) (%s)' % q.listed('newest_submitted_timestamp_seconds')), 's', 130),
  ]) + p.most('Captures') + p.size(16, 8),
];

local events = [
  p.timeseries('Submitted captures', |||
    Each bar is the number of captures first seen since the bar before, over all colos.
    Captures in the first list after a start of the exporter are not counted.
  |||, [p.graph(q.eventsPerBar('submitted', 'type'), '{{type}}')], 'short')
  + p.bars + p.colours(c.types) + p.size(8, 8),

  p.timeseries('Ended captures',
               'Each bar is the number of captures that ended since the bar before, over all colos, by final status.',
               [p.graph(q.eventsPerBar('finished', 'status', ['status']), '{{status}}')],
               'short')
  + p.bars + p.colours(c.statuses) + p.size(8, 8)
  + p.runbooks(['CaptureFailed', 'FailureRatioHigh']),

  p.bargauge('Duration of captures', |||
    Time from submission to the first scrape that saw the end, for captures that ended in the time range of this dashboard,
    over all colos. Half of them took at most p50, and 95 % at most p95. The values are interpolated from a histogram.
  |||, [
    p.now(q.quantile(quantile,
                     'cloudflare_pcap_capture_duration_seconds',
                     'type',
                     q.account + ', type=~"$type"',
                     '$__range'), '{{type}} p%d' % (100 * quantile))
    for quantile in [0.5, 0.95]
  ], 's')
  + p.colours({ [type + quantile]: c.types[type] for type in std.objectFields(c.types) for quantile in [' p50', ' p95'] })
  + p.size(8, 8),
];

local noBuckets = 'unknown: requires --collector.buckets';

// Without the flag there are no series, which looks like an error unless a row says why.
local ownership = |||
  %s
  or on ()
  label_replace(vector(1), "status", "%s", "", "")
||| % [q.named('max by (account, bucket, status) (cloudflare_pcap_bucket_ownership{%s} == 1)' % q.account), noBuckets];

local buckets = [
  p.table('Bucket ownership', |||
    Cloudflare stores captures only in buckets whose ownership is validated (status success).
    This requires --collector.buckets. The exporter requests it at most every 5 minutes.
  |||, [
    p.label('Account', 'name', 300),
    p.label('Bucket', 'bucket'),
    p.label('Ownership', 'status', 300) + p.texts({
      success: { text: 'success', color: c.good },
      pending: { text: 'pending', color: c.warning },
      failed: { text: 'failed', color: c.bad },
      [noBuckets]: { text: noBuckets, color: c.neutral },
    }),
    p.column('Buckets', ownership),
  ])
  + p.hidden(['account', 'Buckets']) + p.least('Ownership') + p.size(24, 5)
  + p.runbooks(['BucketOwnershipFailed', 'BucketOwnershipPending']),
];

{
  packets: d.row('Packets, colos and types', packets),
  events: d.row('Submitted and ended', events),
  buckets: d.row('Buckets', buckets),
}
