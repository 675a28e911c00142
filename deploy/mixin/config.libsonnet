{
  _config+:: {
    // The targets of the exporter, as label matchers of up.
    selector: 'job="cloudflare_pcap"',

    // Target labels that tell clusters or teams apart. Each alert keeps them, and never compares
    // series that differ in one of them. A series without such a label is its own group. Alertmanager has
    // its own copy: write other labels to group_by and equal in deploy/alertmanager/alertmanager.yml, too.
    groupLabels: ['cluster'],

    // The time after its time limit at which a full capture is overdue, in seconds. Cloudflare
    // converts and stores a capture after its time limit.
    overdueGrace: 300,

    // The scrape interval of Prometheus in minutes, rounded up. The dashboards use it as the smallest step.
    scrapeIntervalMinutes: 1,

    // The severity of each alert: critical pages, warning is for office hours, info for a list.
    severities: {
      CaptureFailed: 'critical',
      CaptureWithoutPackets: 'info',
      DailyFailures: 'info',
      FailureRatioHigh: 'warning',
      CaptureOverdue: 'critical',
      CaptureNotStopping: 'warning',
      CapturesMissed: 'info',
      UnrecognizedValues: 'info',
      BucketOwnershipFailed: 'warning',
      BucketOwnershipPending: 'warning',
      ListingFailed: 'warning',
      Unauthorized: 'critical',
      RateLimited: 'warning',
      BudgetLow: 'warning',
      TokenExpiring: 'warning',
      DiscoveryFailed: 'warning',
      AccountsGone: 'warning',
      ExporterDown: 'critical',
      ExporterFlapping: 'warning',
      ConfigReloadFailed: 'warning',
      LabelConflict: 'warning',
    },

    // The address of a runbook, with %s for the name of the alert.
    runbookURL: 'https://github.com/example/cloudflare_pcap_exporter/blob/main/deploy/runbooks/%s.md',

    // The dashboards.
    dashboardUIDs: { overview: 'cloudflare-pcap-overview', exporter: 'cloudflare-pcap-exporter' },
    dashboardTags: ['cloudflare-pcap'],
  },
}
