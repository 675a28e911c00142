// PromQL that more than one panel needs.
//
// An account can be scraped twice: by /metrics and by /probe, or through two
// exporters. So each sum is over the maximum of identical series.
local join(matchers) = std.join(', ', std.filter(function(m) m != '', matchers));

local group = ['account', 'system', 'type', 'colo'];
local one(labels, expr) = 'max by (%s) (%s)' % [join(labels), expr];

// Targets are labels of Prometheus' targets. Each is also the name of a variable.
function(config, targets) {
  local chosen(labels) = ['%s=~"$%s"' % [label, label] for label in labels],
  exporter: join(chosen(targets)),
  account: join([self.exporter, 'account=~"$account"']),
  unfinished: 'status=~"pending|running|conversion_pending|conversion_running"',
  // A full capture is overdue this many seconds after its time limit, as in the alert and on the status page.
  overdueAfter: config.overdueGrace,

  local listed = join([self.account, 'type=~"$type"', 'colo=~"$colo"']),

  // perAccount is a metric of accounts.
  perAccount(metric, by=[], where=''): one(['account'] + by, 'cloudflare_pcap_%s{%s}' % [metric, join([self.account, where])]),

  // listed is a metric made from the list.
  listed(metric, by=['status'], where=''): one(group + by, 'cloudflare_pcap_%s{%s}' % [metric, join([listed, where])]),

  captures(where=''): self.listed('captures', where=where),

  // due returns the time at which unfinished captures reach their time limit. It leaves out accounts that are down: the
  // old list that --collector.max-staleness exports does not show what ended since.
  local due(where) = one(
    group + ['status'],
    'cloudflare_pcap_earliest_due_timestamp_seconds{%s}\nunless on (%s)\ncloudflare_pcap_up{%s} == 0'
    % [join([listed, where]), join(std.set(['account', 'instance'] + targets)), self.exporter]
  ),
  // sinceLimit is the time since then, negative before. The alert on overdue captures uses it.
  sinceLimit(where=''): 'time() - ' + due(where),
  // timeLeft is the time from the list to then. The time from now would be negative for a capture that
  // was just submitted, and that the next list shows as ended.
  timeLeft(where=''): '%s\n- on (account) group_left ()\n%s' % [due(where), self.perAccount('last_success_timestamp_seconds')],

  // failedLists is the number of failed list requests per hour.
  failedLists: one(
    ['account', 'reason'], 'rate(cloudflare_pcap_scrape_errors_total{%s}[$__rate_interval])' % self.account
  ) + ' * 3600',

  local counted(how, metric, matchers, by) =
    one(['account', 'system', 'type'] + by, '%s(cloudflare_pcap_captures_%s_total{%s}[%s])' % [how[0], metric, matchers, how[1]]),
  local inRange = ['increase', '$__range'],
  // A bar stands for $__interval. The rate looks back for a scrape interval more, so that it also sees
  // what happened between the last scrape of the bar before and the first of its own: 5m and 60s is 5m60s.
  local inBar = ['rate', '${__interval}%ds' % (60 * config.scrapeIntervalMinutes)],
  local submitted(how) = counted(how, 'submitted', join([self.account, 'type=~"$type"']), []),  // has no colo
  local finished(how, where='') = counted(how, 'finished', join([listed, where]), ['colo', 'status']),
  local failures(how, where='') = counted(how, 'failed', join([listed, where]), ['colo', 'reason']),

  // ended and failed are numbers of captures in the time range of the dashboard.
  ended: 'sum(%s)' % finished(inRange),
  failed(where=''): 'sum(%s)' % failures(inRange, where),

  local bars(by, expr) = 'sum by (%s) (%s) * $__interval_ms / 1000' % [by, expr],
  submittedPerBar(by): bars(by, submitted(inBar)),
  finishedPerBar(by): bars(by, finished(inBar)),
  failedPerBar(by): bars(by, failures(inBar)),

  // quantile is a quantile of a histogram, stored as a classic or as a native one.
  // The comparison drops NaN, the quantile of nothing.
  quantile(q, histogram, by, matchers, window):
    local rate(suffix) = 'rate(%s%s{%s}[%s])' % [histogram, suffix, matchers, window];
    local quantile(labels, suffix) = 'histogram_quantile(%g, sum by (%s) (%s))' % [q, labels, rate(suffix)];
    '(\n%s\nor\n%s\n) >= 0' % [quantile(by + ', le', '_bucket'), quantile(by, '')],

  // namesOf has the name of each account, or its id if it has none.
  namesOf(matchers):
    local names(more) = 'topk by (account) (1, cloudflare_pcap_account_info{%s})' % join([matchers, more]);
    '(%s\nor on (account)\nlabel_join(%s, "account_name", "", "account"))' % [names('account_name!=""'), names('')],

  // named adds the label account_name to series that have an account.
  named(expr): '(%s)\n* on (account) group_left (account_name)\n%s' % [expr, self.namesOf(self.account)],

  // withColo gives series without a colo a text to show.
  withColo(expr): 'label_replace(%s, "colo", "(no colo)", "colo", "")' % expr,

  // orZero is 0 where there is no series, if at least one account is up. Otherwise the value is unknown.
  orZero(expr): '%s\nor\n0 * max(cloudflare_pcap_up{%s} == 1)' % [expr, self.account],

  // orText is a row with a text in the given column of a table without rows, which would look like an error.
  orText(expr, label, text, value=1): '%s\nor on ()\nlabel_replace(vector(%s), "%s", "%s", "", "")' % [std.rstripChars(expr, '\n'), value, label, text],

  // orDash has no value for the labels that only the other series have.
  orDash(expr, label, others): '%s\nor on (%s)\nNaN * %s' % [expr, label, others],

  // alerts has the alerts of the chosen accounts, and of exporters, which have no account.
  alerts(where=''): 'ALERTS{%s}' % join(
    ['alertname=~"CloudflarePcap.+"'] + chosen(config.groupLabels) + ['account=~"$account|"', where]
  ),
}
