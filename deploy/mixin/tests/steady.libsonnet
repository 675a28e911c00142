// Alerts that must not flap, fire twice for one problem, or resolve because the exporter died.
function(t)
  // Everything is wrong. Each scrape counts.
  local counter = { from: 0, step: 1 };
  local everything(more='') = {
    ['cloudflare_pcap_up{account="a"%s}' % more]: 1,
    ['cloudflare_pcap_earliest_due_timestamp_seconds{account="a",system="s",type="full",colo="ORD",status="running"%s}' % more]: 0,
    ['cloudflare_pcap_captures{account="a",system="s",type="full",colo="ORD",status="running"%s}' % more]: 1,
    ['cloudflare_pcap_stop_requested_captures{account="a",system="s",type="full",colo="ORD",status="running"%s}' % more]: 1,
    ['cloudflare_pcap_captures_failed_total{account="a",system="s",type="full",colo="ORD",reason="other"%s}' % more]: counter,
    ['cloudflare_pcap_captures_failed_total{account="a",system="s",type="full",colo="ORD",reason="no_packets_matched"%s}' % more]: counter,
    ['cloudflare_pcap_captures_finished_total{account="a",system="s",type="full",colo="ORD",status="failed"%s}' % more]: counter,
    ['cloudflare_pcap_captures_finished_total{account="t",exported_account="a",type="x"%s}' % more]: 0,
    ['cloudflare_pcap_captures_submitted_total{account="a",system="s",type="full"%s}' % more]: { from: 0, step: 45 },
    ['cloudflare_pcap_unrecognized_captures{account="a",field="type"%s}' % more]: 1,
    ['cloudflare_pcap_bucket_ownership{account="a",bucket="s3://a",status="failed"%s}' % more]: 1,
    ['cloudflare_pcap_bucket_ownership{account="a",bucket="s3://b",status="pending"%s}' % more]: 1,
    ['cloudflare_pcap_up{account="b"%s}' % more]: 0,
    ['cloudflare_pcap_scrape_errors_total{account="b",reason="unauthorized"%s}' % more]: counter,
    ['cloudflare_pcap_scrape_errors_total{account="b",reason="rate_limited"%s}' % more]: counter,
    ['cloudflare_pcap_up{account="c"%s}' % more]: 0,
    ['cloudflare_pcap_scrape_errors_total{account="c",reason="timeout"%s}' % more]: counter,
    ['cloudflare_pcap_api_ratelimit_remaining{credential="d",policy="default"%s}' % more]: 100,
    ['cloudflare_pcap_api_ratelimit_quota{credential="d",policy="default"%s}' % more]: 1200,
    ['cloudflare_pcap_api_token_expiry_timestamp_seconds{credential="d"%s}' % more]: 7200,
    ['cloudflare_pcap_exporter_config_last_reload_successful{job="j"%s}' % more]: 0,
    ['cloudflare_pcap_discovery_up{job="j"%s}' % more]: 0,
  };
  local perAccount = [
    'CaptureFailed',
    'CaptureWithoutPackets',
    'FailureRatioHigh',
    'CaptureOverdue',
    'CaptureNotStopping',
    'CapturesMissed',
    'UnrecognizedValues',
    'BucketOwnershipFailed',
    'BucketOwnershipPending',
    'ListingFailed',
    'Unauthorized',
    'RateLimited',
    'BudgetLow',
  ];
  local perTarget = ['TokenExpiring', 'ConfigReloadFailed', 'DiscoveryFailed', 'LabelConflict'];
  local dies = everything(',instance="x"');
  local fails = everything(',instance="x"');
  local x = everything(',instance="x"');
  local y = everything(',instance="y"');

  [
    t.situation(
      'the only exporter stops while alerts fire',
      { [s]: [[dies[s], 120], ['stale', 60]] for s in std.objectFields(dies) } + { 'up{job="cloudflare_pcap",instance="x"}': [[1, 120], [0, 60]] },
      [t.always(110, 131, alert) for alert in perAccount + perTarget] + [t.always(131, 170, 'ExporterDown'), t.silent(170, 'CaptureOverdue')]
    ),
    t.situation(
      'one scrape fails while alerts fire',
      { [s]: [[fails[s], 120], ['stale', t.interval / 60], [if std.isObject(fails[s]) then fails[s] { from: super.step * (1 + 120 * 60 / t.interval) } else fails[s], 60]] for s in std.objectFields(fails) },
      [t.always(115, 170, alert) for alert in perAccount + perTarget]
    ),
    t.situation(
      'two targets export the same accounts',
      { [s]: [[x[s], 120]] for s in std.objectFields(x) } + { [s]: [[y[s], 120]] for s in std.objectFields(y) },
      [t.fires(115, alert) for alert in perAccount] + [t.fires(115, alert, 2) for alert in perTarget]
    ),
  ]
