// The digest of a day, which depends on no scrape interval.
function(t) [
  t.situation('a failure is in the digests of a day', {
    'cloudflare_pcap_captures_failed_total{account="a",system="s",type="full",reason="other",job="j",instance="x"}': [[0, 60], [1, 1600]],
  }, [t.silent(59, 'DailyFailures'), t.always(67, 60 + 24 * 60, 'DailyFailures'), t.silent(60 + 26 * 60, 'DailyFailures')]),
]
