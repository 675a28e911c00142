// The texts of alerts with templates that decide something.
function(t)
  local url = 'https://github.com/example/cloudflare_pcap_exporter/blob/main/deploy/runbooks/CloudflarePcap%s.md';
  local text(minute, alert, labels, annotations) = {
    eval_time: '%dm' % minute,
    alertname: 'CloudflarePcap' + alert,
    exp_alerts: [{ exp_labels: labels, exp_annotations: annotations { runbook_url: url % alert } }],
  };
  [
    t.situation('texts', {
      'cloudflare_pcap_account_info{account="a",account_name="edge"}': [[1, 100]],
      'cloudflare_pcap_captures_failed_total{account="a",system="magic-transit",type="full",colo="ORD",reason="bucket"}': [[0, 60], [1, 40]],
      'cloudflare_pcap_newest_submitted_timestamp_seconds{account="a",system="magic-transit",type="full",colo="ORD",status="failed"}': [['_', 60], [3600, 40]],
      'cloudflare_pcap_newest_submitted_timestamp_seconds{account="a",system="magic-transit",type="full",colo="NRT",status="failed"}': [[60, 100]],
      'cloudflare_pcap_discovery_up{job="j",instance="x"}': [[0, 100]],
      'cloudflare_pcap_discovery_accounts{job="j",instance="x"}': [[0, 100]],
      'up{job="cloudflare_pcap",instance="x"}': [[1, 100]],
      'cloudflare_pcap_up{account="a",instance="x"}': [[1, 30], ['stale', 70]],
    }, [], [
      text(65, 'CaptureFailed', { severity: 'critical', account: 'a', system: 'magic-transit', type: 'full', reason: 'bucket' }, {
        account_name: 'edge',
        summary: 'A full capture failed in ORD: bucket',
        description: 'The exporter saw 1 failure for this reason within 30 minutes in account a. The error message mentions the bucket: check that Cloudflare can write to it. Cloudflare does not repeat a failed capture.',
      }),
      text(65, 'DiscoveryFailed', { severity: 'warning', job: 'j', instance: 'x' }, {
        summary: 'The exporter x cannot look up accounts',
        description: 'It has not found any account yet, so it exports no captures. The status page and the log show the reason.',
      }),
      text(65, 'AccountsGone', { severity: 'warning' }, {
        summary: '1 account is no longer exported',
        description: 'Removed from the configuration, no longer visible to the token, or taken over by an exporter that Prometheus does not scrape. Other alerts on these accounts resolve, although nothing was solved. The first of them: a ',
      }),
    ]),
  ]
