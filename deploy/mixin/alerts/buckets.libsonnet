// Alerts on buckets. The exporter lists them at most every 5 minutes, and the series are absent after
// a failure.
local lib = import 'alert.libsonnet';

{
  local a = lib.new($._config),
  local ownership(status) = 'max %s (last_over_time(cloudflare_pcap_bucket_ownership{status="%s"}[20m])) == 1\n' % [a.by(['account', 'bucket']), status],

  prometheusAlerts+:: {
    groups+: [{
      name: 'cloudflare_pcap_buckets',
      rules: [
        a.alert(
          'BucketOwnershipFailed',
          '',
          ownership('failed'),
          'Cloudflare could not verify the ownership of {{ $labels.bucket }}',
          'Full captures of account {{ $labels.account }} to this bucket fail until its ownership is verified again.',
          a.account
        ),
        a.alert(
          'BucketOwnershipPending',
          '',
          ownership('pending'),
          'The ownership of {{ $labels.bucket }} is not verified yet',
          'The verification has been pending for more than an hour in account {{ $labels.account }}. Until it is complete, no full capture can be stored in this bucket.',
          a.account { 'for': '1h' }
        ),
      ],
    }],
  },
}
