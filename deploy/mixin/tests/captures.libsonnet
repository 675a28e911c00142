// Failed, overdue and missed captures.
function(t)
  local failed(account, reason, more='') = 'cloudflare_pcap_captures_failed_total{account="%s",system="s",type="full",reason="%s",job="j",instance="x"%s}' % [account, reason, more];
  local finished(account, status) = 'cloudflare_pcap_captures_finished_total{account="%s",system="s",type="full",colo="ORD",status="%s",job="j",instance="x"}' % [account, status];
  local up(account) = 'cloudflare_pcap_up{account="%s",job="j",instance="x"}' % account;
  local due(status, more='type="full",colo="ORD"') = 'cloudflare_pcap_earliest_due_timestamp_seconds{account="a",system="s",%s,status="%s",job="j",instance="x"}' % [more, status];
  local stopping(colo, status) = 'cloudflare_pcap_stop_requested_captures{account="a",system="s",type="full",colo="%s",status="%s"}' % [colo, status];

  [
    t.situation('a failure, a failed scrape, and another failure', {
      [failed('a', 'bucket', ',colo="ORD"')]: [[0, 60], [1, 15], ['stale', 5], [1, 40], [2, 120]],
    }, [
      t.silent(59, 'CaptureFailed'),
      t.always(66, 86, 'CaptureFailed'),
      t.silent(100, 'CaptureFailed'),
      t.always(126, 146, 'CaptureFailed'),
      t.silent(160, 'CaptureFailed'),
      t.never(200, 'CaptureWithoutPackets'),
    ]),
    t.situation('the first capture in a data center has failed when it is first listed', {
      [failed('a', 'other', ',colo="ORD"')]: [[7, 200]],
      [failed('a', 'other', ',colo="NRT"')]: [['_', 60], [1, 140]],
    }, [t.silent(59, 'CaptureFailed'), t.always(66, 86, 'CaptureFailed'), t.silent(100, 'CaptureFailed')]),
    t.situation('the exporter restarts, and a capture fails afterwards', {
      [failed('a', 'other', ',colo="ORD"')]: [[7, 60], [0, 60], [1, 100]],
    }, [t.never(119, 'CaptureFailed'), t.fires(131, 'CaptureFailed')]),
    t.situation('Prometheus scrapes an exporter for the first time that has counted failures', {
      [failed('a', 'other', ',colo="ORD"')]: [['_', 30], [5, 100]],
    }, [t.never(120, 'CaptureFailed')]),
    t.situation('a failure every 25 minutes is one alert', {
      [failed('a', 'other', ',colo="ORD"')]: [[function(m) std.floor(m / 25), 245]],
    }, [t.always(36, 240, 'CaptureFailed')]),
    t.situation('only captures without matching packets fail', {
      [failed('a', 'no_packets_matched', ',colo="ORD"')]: [[function(m) std.floor(m / 10), 240], [23, 60]],
      [failed('a', 'other', ',colo="ORD"')]: [[0, 240]],
      [finished('a', 'failed')]: [[function(m) std.floor(m / 10), 240]],
      [finished('a', 'complete')]: [[0, 240]],
    }, [t.always(30, 240, 'CaptureWithoutPackets'), t.silent(275, 'CaptureWithoutPackets'), t.never(240, 'CaptureFailed'), t.never(240, 'FailureRatioHigh')]),
    t.situation('more than half fail in a, less in b, and too few end in c', {
      [failed('a', 'other')]: [[0, 60], [2, 60], [4, 500]],
      [finished('a', 'failed')]: [[0, 60], [2, 60], [4, 500]],
      [finished('a', 'complete')]: [[0, 30], [2, 590]],
      [failed('b', 'other')]: [[0, 60], [2, 560]],
      [finished('b', 'failed')]: [[0, 60], [2, 560]],
      [finished('b', 'complete')]: [[0, 30], [4, 590]],
      [failed('c', 'other')]: [[0, 60], [3, 560]],
      [finished('c', 'failed')]: [[0, 60], [3, 560]],
    }, [t.silent(110, 'FailureRatioHigh'), t.always(140, 380, 'FailureRatioHigh'), t.silent(520, 'FailureRatioHigh')]),
    t.situation('an overdue capture whose status changes, and a list that fails', {
      [up('a')]: [[1, 120], [0, 5], [1, 200]],
      [due('running')]: [[3600, 120], ['stale', 5], [3600, 15], ['stale', 100]],
      [due('conversion_running')]: [['_', 140], [3600, 10], ['stale', 100]],
    }, [t.silent(60, 'CaptureOverdue'), t.always(70, 148, 'CaptureOverdue'), t.silent(170, 'CaptureOverdue')]),
    t.situation('a capture that is converted in time, a sample, and an old list', {
      [up('a')]: [[1, 59], [0, 200]],
      [due('conversion_running')]: [[3600, 259]],
      [due('running', 'type="simple",colo=""')]: [[600, 259]],
    }, [t.never(240, 'CaptureOverdue')]),
    t.situation('a capture that does not stop, and one that does', {
      [stopping('ORD', 'running')]: [['_', 30], [1, 30], ['stale', 5], [1, 45], ['stale', 90]],
      [stopping('NRT', 'running')]: [['_', 30], [1, 5], ['stale', 160]],
      [stopping('NRT', 'conversion_running')]: [['_', 35], [1, 160]],
      'cloudflare_pcap_captures{account="a",system="s",type="full",colo="ORD",status="running"}': [[0, 60], ['stale', 5], [0, 130]],
      'cloudflare_pcap_captures{account="a",system="s",type="full",colo="NRT",status="running"}': [[0, 200]],
    }, [t.silent(38, 'CaptureNotStopping'), t.always(50, 108, 'CaptureNotStopping'), t.silent(135, 'CaptureNotStopping')]),
    t.situation('45 captures at once, 45 from list to list, and few', {
      'cloudflare_pcap_captures_submitted_total{account="a",system="s",type="full",job="j",instance="x"}': [[{ from: 0, step: 45 * t.interval / 60 }, 100], [4500, 60]],
      'cloudflare_pcap_captures_submitted_total{account="b",system="s",type="full",job="j",instance="x"}': [[{ from: 0, step: t.interval / 600 }, 100]],
      [up('a')]: [[1, 160]],
      [up('b')]: [[1, 100]],
    }, if t.interval >= 60 then [t.silent(1, 'CapturesMissed'), t.always(45, 95, 'CapturesMissed'), t.silent(150, 'CapturesMissed')] else [t.never(95, 'CapturesMissed')]),
    t.situation('undocumented values in a busy account, and in one that is idle for years', {
      'cloudflare_pcap_unrecognized_captures{account="a",field="status"}': [[0, 30], [2, 30], ['stale', 5], [2, 20], [0, 60]],
      'cloudflare_pcap_unrecognized_captures{account="b",field="status"}': [[1, 145]],
      'cloudflare_pcap_newest_submitted_timestamp_seconds{account="b",system="s",type="full",status="new"}': [[-604801, 145]],
    }, [t.silent(28, 'UnrecognizedValues'), t.always(40, 84, 'UnrecognizedValues'), t.silent(120, 'UnrecognizedValues')]),
  ]
