// Listing, rate limits, buckets, tokens and discovery.
function(t)
  local up(account, more='') = 'cloudflare_pcap_up{account="%s",job="j"%s}' % [account, more];
  local errors(account, reason, more='') = 'cloudflare_pcap_scrape_errors_total{account="%s",reason="%s"%s}' % [account, reason, more];
  local counter = { from: 0, step: 1 };
  local reasons = {
    Unauthorized: ['credentials', 'forbidden', 'unauthorized'],
    ListingFailed: ['decode', 'network', 'rejected', 'server', 'timeout'],
    RateLimited: ['rate_limited'],
  };

  [
    t.situation('listing fails in 4 of 5 scrapes', {
      [up('a')]: [[[1, 0, 0, 0, 0], 240], [1, 60]],
      [errors('a', 'network')]: [[function(m) 0.8 * m * 60 / t.interval, 240]],
    }, [t.always(30, 238, 'ListingFailed'), t.silent(290, 'ListingFailed'), t.never(238, 'Unauthorized')]),
    t.situation('the token does not work for an hour', {
      [up('a')]: [[1, 60], [0, 60], [1, 120]],
      [errors('a', 'unauthorized')]: [[0, 60], [counter, 60], [3600 / t.interval, 120]],
    }, [t.silent(60, 'Unauthorized'), t.always(78, 118, 'Unauthorized'), t.silent(145, 'Unauthorized'), t.never(240, 'ListingFailed')]),
    t.situation('one list request fails', {
      [up('a')]: [[1, 60], [0, t.interval / 60], [1, 120]],
      [errors('a', 'timeout')]: [[0, 60], [1, 121]],
    }, [t.never(150, 'ListingFailed')]),
    t.situation('two exporters list the account, and one of them succeeds', {
      [up('a', ',instance="x"')]: [[0, 100]],
      [errors('a', 'timeout', ',instance="x"')]: [[counter, 100]],
      [up('a', ',instance="y"')]: [[1, 100]],
    }, [t.never(95, 'ListingFailed')]),
  ] + [
    t.situation('every reason has one alert', {
      [up(reason)]: [[0, 100]]
      for alert in std.objectFields(reasons)
      for reason in reasons[alert]
    } + {
      [errors(reason, reason)]: [[counter, 100]]
      for alert in std.objectFields(reasons)
      for reason in reasons[alert]
    }, [t.fires(80, alert, std.length(reasons[alert])) for alert in std.objectFields(reasons)]),
    t.situation('requests for an account are refused for half an hour', {
      [errors('a', 'rate_limited')]: [[0, 30], [counter, 30], [1800 / t.interval, 120]],
    }, [t.silent(30, 'RateLimited'), t.always(50, 60, 'RateLimited'), t.silent(100, 'RateLimited')]),
    t.situation('the rate limit is nearly used up for 50 minutes, and in another credential once', {
      'cloudflare_pcap_api_ratelimit_remaining{credential="a",policy="default"}': [[900, 30], [120, 50], [900, 60]],
      'cloudflare_pcap_api_ratelimit_quota{credential="a",policy="default"}': [[1200, 140]],
      'cloudflare_pcap_api_ratelimit_remaining{credential="b",policy="default"}': [[200, 30], [100, 5], [200, 100]],
      'cloudflare_pcap_api_ratelimit_quota{credential="b",policy="default"}': [[1200, 140]],
    }, [t.silent(48, 'BudgetLow'), t.always(56, 78, 'BudgetLow'), t.silent(112, 'BudgetLow')]),
    t.situation('a token expires soon, until it is replaced', {
      'cloudflare_pcap_api_token_expiry_timestamp_seconds{credential="a"}': [[9e9, 10], [600000, 50], [9e9, 50]],
    }, [t.silent(9, 'TokenExpiring'), t.always(16, 58, 'TokenExpiring'), t.silent(70, 'TokenExpiring')]),
    t.situation('buckets fail and are pending', {
      'cloudflare_pcap_bucket_ownership{account="1",bucket="s3://a",status="failed"}': [[0, 30], [1, 30], ['stale', 5], [1, 25], [0, 60]],
      'cloudflare_pcap_bucket_ownership{account="1",bucket="s3://b",status="pending"}': [[1, 100], [0, 50]],
      'cloudflare_pcap_bucket_ownership{account="1",bucket="s3://c",status="pending"}': [[1, 50], [0, 100]],
    }, [
      t.silent(29, 'BucketOwnershipFailed'),
      t.always(36, 89, 'BucketOwnershipFailed'),
      t.silent(110, 'BucketOwnershipFailed'),
      t.silent(58, 'BucketOwnershipPending'),
      t.always(66, 99, 'BucketOwnershipPending'),
      t.silent(120, 'BucketOwnershipPending'),
    ]),
    t.situation('accounts cannot be looked up for an hour', {
      'cloudflare_pcap_discovery_up{job="j",instance="x"}': [[1, 30], [0, 60], [1, 60]],
      'cloudflare_pcap_discovery_up{job="j",instance="y"}': [[1, 30], [0, 5], [1, 100]],
    }, [t.silent(40, 'DiscoveryFailed'), t.always(52, 89, 'DiscoveryFailed'), t.silent(120, 'DiscoveryFailed')]),
    t.situation('an account vanishes while a capture is overdue', {
      'up{job="cloudflare_pcap",instance="x"}': [[1, 300]],
      [up('a', ',instance="x"')]: [[1, 60], ['stale', 240]],
      [up('b', ',instance="x"')]: [[1, 300]],
      'cloudflare_pcap_earliest_due_timestamp_seconds{account="a",system="s",type="full",status="running",job="j",instance="x"}': [[0, 60], ['stale', 240]],
    }, [t.fires(59, 'CaptureOverdue'), t.silent(59, 'AccountsGone'), t.always(80, 170, 'AccountsGone'), t.silent(200, 'AccountsGone')]),
    t.situation('the exporter is down: its accounts are not gone', {
      'up{job="cloudflare_pcap",instance="x"}': [[1, 60], [0, 240]],
      [up('a', ',instance="x"')]: [[1, 60], ['stale', 240]],
    }, [t.never(290, 'AccountsGone'), t.always(80, 290, 'ExporterDown')]),
  ]
