// Alerts on the API and on what it lets the exporter see.
local lib = import 'alert.libsonnet';

{
  local a = lib.new($._config),
  local by = a.by,
  local on = a.on,

  // While one of two exporters can list the account, nothing is wrong with it. A reason that
  // occurred once is not the cause.
  local failing(reasons) = |||
    max %s (increase(cloudflare_pcap_scrape_errors_total{reason=~"%s"}[15m])) > 1.2
    and %s
    max %s (avg_over_time(cloudflare_pcap_up[15m])) < 0.5
  ||| % [by(['account', 'reason']), reasons, on(['account']), by(['account'])],

  prometheusAlerts+:: {
    groups+: [{
      name: 'cloudflare_pcap_api',
      rules: [
        a.alert(
          'ListingFailed',
          'More than half of the list requests fail within 15 minutes. A success now and then does not resolve it.',
          failing('network|timeout|server|decode|rejected'),
          'The exporter cannot list captures: {{ $labels.reason }}',
          'Most requests for the captures of account {{ $labels.account }} failed in the last 15 minutes. {{ if eq $labels.reason "server" "decode" "rejected" }}There are responses, but they do not contain the list. {{ end }}Captures continue, but alerts on their failures are late until requests succeed again.',
          a.account { 'for': '2m', keep_firing_for: '12m' }
        ),
        a.alert(
          'Unauthorized',
          '',
          failing('unauthorized|forbidden|credentials'),
          'The API token does not work: {{ $labels.reason }}',
          'Most requests for the captures of account {{ $labels.account }} failed in the last 15 minutes. No alert reports failed captures until the token is fixed. This does not recover on its own.',
          a.account { 'for': '2m', keep_firing_for: '12m' }
        ),
        a.alert(
          'RateLimited',
          '',
          'max %s (increase(cloudflare_pcap_scrape_errors_total{reason="rate_limited"}[20m])) >= 3\n' % by(['account', 'reason']),
          'List requests fail because of the API rate limit',
          'In 20 minutes, about {{ $value | printf "%.0f" }} list requests for account {{ $labels.account }} failed: Cloudflare refused them, or the exporter did not send them to stay below the limit. Alerts on its captures may be late.',
          a.account { keep_firing_for: '10m' }
        ),
        a.alert(
          'BudgetLow',
          |||
            Cloudflare counts requests in windows of 5 minutes. One window that is nearly used up may be
            chance. By itself, the exporter leaves 200 of 1,200 requests, 16.7%.
          |||,
          |||
            min %s (
              min_over_time(cloudflare_pcap_api_ratelimit_remaining[12m])
                / max_over_time(cloudflare_pcap_api_ratelimit_quota[12m])
            ) < 0.15
          ||| % by(['credential', 'policy']),
          'The API rate limit of credential {{ $labels.credential }} is nearly used up',
          'Only {{ $value | humanizePercentage }} of the requests were left, for 20 minutes. When none are left, Cloudflare refuses all requests of this user for up to 5 minutes, also in its dashboard.',
          { 'for': '20m', keep_firing_for: '12m' }
        ),
        a.alert(
          'TokenExpiring',
          '',
          'last_over_time(cloudflare_pcap_api_token_expiry_timestamp_seconds[20m]) - time() < 7 * 86400\n',
          'The API token of credential {{ $labels.credential }} expires soon',
          "{{ if gt $value 0.0 }}It expires in {{ $value | humanizeDuration }}. After that,{{ else }}It has expired, and{{ end }} the exporter cannot list captures with it. Replace it in Cloudflare's dashboard."
        ),
        a.alert(
          'DiscoveryFailed',
          'After a failure, the exporter looks accounts up every minute.',
          'last_over_time(cloudflare_pcap_discovery_up[12m]) == 0\n',
          'The exporter {{ $labels.instance }} cannot look up accounts',
          '{{ with printf "cloudflare_pcap_discovery_accounts{job=%q,instance=%q}" $labels.job $labels.instance | query }}{{ if gt (first . | value) 0.0 }}It continues with the accounts that it found before, and does not notice new ones.{{ else }}It has not found any account yet, so it exports no captures.{{ end }}{{ end }} The status page and the log show the reason.',
          { 'for': '15m', keep_firing_for: '12m' }
        ),
        a.alert(
          'AccountsGone',
          |||
            An account that was exported within 2 hours and is no longer. Then its other alerts resolve, but
            nothing is solved. The exporter must be up: else CloudflarePcapExporterDown is the alert.
          |||,
          |||
            count %(by)s (
              max %(account)s (max_over_time(cloudflare_pcap_up[2h]))
              unless
              max %(account)s (last_over_time(cloudflare_pcap_up[12m]))
            ) > 0
            and %(on)s max %(by)s (max_over_time(up{%(selector)s}[12m])) == 1
          ||| % { by: by([]), account: by(['account']), on: on([]), selector: $._config.selector },
          '{{ $value | printf "%.0f" }} {{ if eq $value 1.0 }}account is{{ else }}accounts are{{ end }} no longer exported',
          'Removed from the configuration, no longer visible to the token, or taken over by an exporter that Prometheus does not scrape. Other alerts on these accounts resolve, although nothing was solved. The first of them: ' +
          '{{ range query "topk(10, max by (account) (max_over_time(cloudflare_pcap_up[2h])) unless max by (account) (last_over_time(cloudflare_pcap_up[12m])))" }}{{ .Labels.account }} {{ end }}',
          { 'for': '2m' }
        ),
      ],
    }],
  },
}
