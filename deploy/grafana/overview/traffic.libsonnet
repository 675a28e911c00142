// Where captures are made and what they got, what happened when, and where they are stored.
local c = import '../lib/colours.libsonnet';
local d = import '../lib/dashboard.libsonnet';
local p = import '../lib/panels.libsonnet';
local q = import '../lib/queries.libsonnet';

local place(expr) = 'sum by (colo, type) (%s)' % expr;
local colo(expr) = 'label_replace(%s, "colo", "(none named)", "colo", "")' % expr;

local packets = [
  p.bargauge('Packets by colo', |||
    Packets of the captures listed, as far as the API counts them: it does not for simple captures.
  |||, [p.now(colo('sum by (colo) (%s)' % q.listed('packets_captured')), '{{colo}}')], 'short')
  + { fieldConfig+: { defaults+: { color: { mode: 'fixed', fixedColor: c.notice } } } }
  + p.size(8, 8),

  p.table('By colo and type', 'Captures listed now. The API names no colo for simple captures, and does not count their packets.', [
    p.label('Colo', 'colo'),
    p.label('Type', 'type', 100),
    p.column('Captures', colo(place(q.captures()) + ' > 0')),
    p.column('In flight', colo(place(q.captures(q.unfinished)) + ' > 0')),
    p.column('Failed', colo(place(q.captures('status="failed"')) + ' > 0')),
    p.column('Packets', colo(place(q.listed('packets_captured')))),
    p.column('Newest, age', colo('time() - max by (colo, type) (%s)' % q.listed('newest_submitted_timestamp_seconds')), 's', 110),
  ]) + p.most('Captures') + p.size(16, 8),
];

local hourly(metric, by, more=[]) = 'sum by (%s) (%s) * 3600' % [by, q.events(metric, by=more)];

local events = [
  p.timeseries('Submitted',
               'Captures seen for the first time, an hour, at any colo. Those of the first list after a start are left out.',
               [p.graph(hourly('captures_submitted_total', 'type'), '{{type}}')],
               'suffix:/h')
  + p.bars + p.colours(c.types) + p.size(8, 8),

  p.timeseries('Ended',
               'Captures seen to end, an hour, at any colo, by how they ended.',
               [p.graph(hourly('captures_finished_total', 'status', ['status']), '{{status}}')],
               'suffix:/h')
  + p.bars + p.colours(c.statuses) + p.size(8, 8)
  + p.runbooks(['CaptureFailed', 'FailureRatioHigh']),

  p.bargauge('Time to the end', |||
    From submission to the scrape that first saw the end, of the captures that ended in the time range shown, at any colo:
    half of them took no longer than p50, 95 % no longer than p95. Interpolated between the buckets of a histogram.
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

local noBuckets = 'none known: needs --collector.buckets';

// Grafana should say that the exporter does not ask, rather than that there is no data.
local ownership = |||
  %s
  or on ()
  label_replace(vector(1), "status", "%s", "", "")
||| % [q.named('max by (account, bucket, status) (cloudflare_pcap_bucket_ownership{%s} == 1)' % q.account), noBuckets];

local buckets = [
  p.table('Buckets', |||
    Whether the account has proved that it owns the bucket, which captures are stored in only then.
    Asked for with --collector.buckets, at most every 5 minutes.
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
  events: d.row('Events', events),
  buckets: d.row('Buckets', buckets),
}
