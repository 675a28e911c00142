// What happened when, packets, and the buckets.
function(lib)
  local c = lib.colors, d = lib.dashboard, p = lib.panels, q = lib.queries;

  local events = [
    p.timeseries('Ended captures',
                 'Each bar is the number of captures that ended since the bar before, by final status.',
                 [p.graph(q.finishedPerBar('status'), '{{status}}')],
                 'short')
    + p.bars + p.colors(c.statuses) + p.size(12, 8)
    + p.runbooks(['CaptureFailed', 'FailureRatioHigh']),

    p.timeseries('Submitted captures', |||
      Each bar is the number of captures first seen since the bar before, over all colos.
      Captures in the first list after a start of the exporter are not counted.
    |||, [p.graph(q.submittedPerBar('type'), '{{type}}')], 'short')
    + p.bars + p.colors(c.types) + p.size(12, 8),
  ];

  local packets = [
    p.bargauge('Packets by colo', |||
      Packets of the captures in the list now. Cloudflare reports no packet count for samples.
    |||, [p.now(q.withColo('sum by (colo) (%s)' % q.listed('packets_captured')), '{{colo}}')], 'short')
    + { fieldConfig+: { defaults+: { color: { mode: 'fixed', fixedColor: c.notice } } } }
    + p.size(12, 8),

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
    + p.colors({ [type + quantile]: c.types[type] for type in std.objectFields(c.types) for quantile in [' p50', ' p95'] })
    + p.size(12, 8),
  ];

  local ownership = q.named('max by (account, bucket, status) (cloudflare_pcap_bucket_ownership{%s} == 1)' % q.account);
  local noBuckets = 'unknown: requires --collector.buckets';

  local buckets = [
    p.table('Bucket ownership', |||
      Cloudflare stores captures only in buckets whose ownership is validated (status success).
      This requires --collector.buckets. The exporter requests it at most every 5 minutes.
    |||, [
      p.account(300),
      p.hiddenID,
      p.label('Bucket', 'bucket'),
      p.label('Ownership', 'status', 300) + p.texts({
        success: { text: 'success', color: c.good },
        pending: { text: 'pending', color: c.warning },
        failed: { text: 'failed', color: c.bad },
        [noBuckets]: { text: noBuckets, color: c.neutral },
      }),
      p.column('Buckets', q.orText(ownership, 'status', noBuckets)),
    ])
    + p.hidden(['Buckets']) + p.least('Ownership') + p.size(24, 5)
    + p.runbooks(['BucketOwnershipFailed', 'BucketOwnershipPending']),
  ];

  {
    packets: d.row('Packets and durations', packets),
    events: d.row('Activity', events),
    buckets: d.row('Buckets', buckets),
  }
