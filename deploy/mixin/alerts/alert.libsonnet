// new returns the functions that make alerts for a configuration.
{
  new(config):: {
    local labels(names) = std.join(', ', config.groupLabels + names),

    // by and on keep the labels of clusters or teams.
    by(names):: 'by (%s)' % labels(names),
    on(names):: 'on (%s)' % labels(names),

    // alert returns an alert. Its comment is written before it.
    alert(name, comment, expr, summary, description, extra={}):: {
      comment:: comment,
      alert: 'CloudflarePcap' + name,
      expr: expr,
      labels: { severity: config.severities[name] },
      annotations: {
        summary: summary,
        description: description,
        runbook_url: config.runbookURL % ('CloudflarePcap' + name),
      },
    } + extra,

    // account adds the configured name of the account.
    account:: {
      annotations+: {
        account_name: '{{ with printf "last_over_time(cloudflare_pcap_account_info{account=%q}[12m])" $labels.account | query }}{{ (first .).Labels.account_name }}{{ end }}',
      },
    },
  },
}
