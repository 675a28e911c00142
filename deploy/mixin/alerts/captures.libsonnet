// Alerts on captures.
local lib = import 'alert.libsonnet';

{
  local a = lib.new($._config),
  local by = a.by,
  local on = a.on,

  // The counters are added up over data centers before their increase is taken, because a series of
  // a new data center starts above 0, and its increase is 0.
  local failed(matcher) = |||
    max %s (
      increase(
        sum %s (cloudflare_pcap_captures_failed_total{%s})[30m:1m]
      )
    ) > 0.5
  ||| % [by(['account', 'system', 'type', 'reason']), by(['account', 'system', 'type', 'reason', 'job', 'instance']), matcher],

  local newest = '{{ with printf "topk(1, last_over_time(cloudflare_pcap_newest_submitted_timestamp_seconds{status=\\"failed\\",account=%q,type=%q}[12m]))" $labels.account $labels.type | query }}{{ with (first .).Labels.colo }} in {{ . }}{{ end }}{{ end }}',

  prometheusAlerts+:: {
    groups+: [{
      name: 'cloudflare_pcap_captures',
      rules: [
        a.alert(
          'CaptureFailed',
          |||
            A failure stays in the window for 30 minutes, so that further failures extend the alert. The
            summary names the data center of the newest failed capture in the list.
          |||,
          failed('reason!="no_packets_matched"'),
          'A {{ $labels.type }} capture failed%s: {{ $labels.reason }}' % newest,
          'The exporter saw {{ printf "%.0f" $value }} {{ if lt $value 1.5 }}failure{{ else }}failures{{ end }} for this reason within 30 minutes in account {{ $labels.account }}. ' +
          '{{ if eq $labels.reason "bucket" }}The error message mentions the bucket: check that Cloudflare can write to it.{{ else if eq $labels.reason "none" }}Cloudflare gave no error message.{{ else }}The status page and the log of the exporter show the error message.{{ end }} ' +
          'Cloudflare does not repeat a failed capture.',
          a.account
        ),
        a.alert(
          'CaptureWithoutPackets',
          '',
          failed('reason="no_packets_matched"'),
          'A {{ $labels.type }} capture found no packets',
          'No packet matched its filter within its time limit, in account {{ $labels.account }}. Either there was no such traffic, or the filter or the data center is wrong.',
          a.account
        ),
        a.alert(
          'DailyFailures',
          'For a digest each morning. It also reports failures during a silence, whose alert has resolved.',
          'max %s (max_over_time(ALERTS{alertname="CloudflarePcapCaptureFailed",alertstate="firing"}[25h])) > 0\n' % by(['account', 'type', 'reason']),
          'A {{ $labels.type }} capture failed within a day: {{ $labels.reason }}',
          'CloudflarePcapCaptureFailed has fired for account {{ $labels.account }} within the last 25 hours. The status page and the log of the exporter show the error message.',
          a.account
        ),
        a.alert(
          'FailureRatioHigh',
          'Captures without matching packets do not count as failures.',
          |||
            max %(type)s (sum %(instance)s (increase(cloudflare_pcap_captures_failed_total{reason!="no_packets_matched"}[6h])))
            /
            (max %(type)s (sum %(instance)s (increase(cloudflare_pcap_captures_finished_total[6h]))) >= 5)
            > 0.5
          ||| % { type: by(['account', 'type']), instance: by(['account', 'type', 'job', 'instance']) },
          '{{ $value | humanizePercentage }} of the {{ $labels.type }} captures fail',
          'More than half of the captures that ended in account {{ $labels.account }} in the last 6 hours have failed. The runbook shows the reasons and the data centers.',
          a.account { keep_firing_for: '15m' }
        ),
        a.alert(
          'CaptureOverdue',
          'The old list that --collector.max-staleness exports does not show captures that ended since then.',
          |||
            time() - min %s (
              cloudflare_pcap_earliest_due_timestamp_seconds{type="full"}
              unless %s
              cloudflare_pcap_up == 0
            ) > %d
          ||| % [by(['account', 'system', 'type', 'colo']), on(['account', 'job', 'instance']), $._config.overdueGrace],
          'A full capture{{ with $labels.colo }} in {{ . }}{{ end }} is overdue',
          'It reached its time limit {{ $value | humanizeDuration }} ago and has not ended. Until it ends, Cloudflare starts no other full capture in account {{ $labels.account }}. The runbook shows how to stop it.',
          a.account { keep_firing_for: '12m' }
        ),
        a.alert(
          'CaptureNotStopping',
          |||
            A list without such a capture resolves it, so that several captures that are stopped one after
            the other do not look like one that hangs. An absent list does not.
          |||,
          |||
            max %(group)s (last_over_time(cloudflare_pcap_stop_requested_captures{status=~"pending|running"}[12m])) > 0
            unless (
              max %(group)s (cloudflare_pcap_captures)
              unless
              max %(group)s (cloudflare_pcap_stop_requested_captures{status=~"pending|running"})
            )
          ||| % { group: by(['account', 'system', 'type', 'colo']) },
          'A {{ $labels.type }} capture{{ with $labels.colo }} in {{ . }}{{ end }} does not stop',
          'Its stop was requested more than 10 minutes ago in account {{ $labels.account }}, and it is still running or pending. A full capture blocks all other full captures of the account.',
          a.account { 'for': '10m', keep_firing_for: '12m' }
        ),
        a.alert(
          'CapturesMissed',
          |||
            A full list is normal. It has 50 entries, so with 40 new captures from one list to the next, one
            late scrape can miss some.
          |||,
          |||
            max %s (
              sum without (system, type) (increase(cloudflare_pcap_captures_submitted_total[30m]))
              / %s sum_over_time(cloudflare_pcap_up[30m])
            ) >= 40
          ||| % [by(['account']), on(['account', 'job', 'instance'])],
          'The exporter may have missed captures',
          'Cloudflare lists only the last 50 captures of account {{ $labels.account }}, and about {{ $value | printf "%.0f" }} were submitted from one list to the next. Some may have left the list before the exporter saw them.',
          a.account { keep_firing_for: '10m' }
        ),
        a.alert(
          'UnrecognizedValues',
          'In an idle account, an old capture can stay in the list for years.',
          |||
            max %s (last_over_time(cloudflare_pcap_unrecognized_captures[12m])) > 0
            unless %s
            time() - max %s (last_over_time(cloudflare_pcap_newest_submitted_timestamp_seconds[12m])) > 7 * 86400
          ||| % [by(['account', 'field']), on(['account']), by(['account'])],
          'The API returns an undocumented {{ $labels.field }} of captures',
          'Account {{ $labels.account }} has {{ $value }} {{ if eq $value 1.0 }}capture{{ else }}captures{{ end }} with a {{ $labels.field }} that Cloudflare does not document. The API has probably changed, and the other alerts may overlook these captures.',
          a.account { keep_firing_for: '12m' }
        ),
      ],
    }],
  },
}
