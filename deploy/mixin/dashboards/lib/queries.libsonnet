// PromQL that more than one panel needs.
//
// An account can be scraped twice: by /metrics and by /probe, or through two
// exporters. So each sum is over the maximum of identical series.
local join(matchers) = std.join(', ', std.filter(function(m) m != '', matchers));

local group = ['account', 'system', 'type', 'colo'];
local one(labels, expr) = 'max by (%s) (%s)' % [join(labels), expr];

{
  account: 'account=~"$account"',
  exporter: 'job=~"$job", instance=~"$instance"',
  unfinished: 'status=~"pending|running|conversion_pending|conversion_running"',
  // A full capture is overdue this many seconds after its time limit, as in the alert and on the status page.
  overdueAfter: 300,

  local listed = join([self.account, 'type=~"$type"', 'colo=~"$colo"']),

  // perAccount is a metric of accounts.
  perAccount(metric, by=[]): one(['account'] + by, 'cloudflare_pcap_%s{%s}' % [metric, self.account]),

  // listed is a metric made from the list.
  listed(metric, by=['status'], where=''): one(group + by, 'cloudflare_pcap_%s{%s}' % [metric, join([listed, where])]),

  captures(where=''): self.listed('captures', where=where),

  // sinceLimit is the time since unfinished captures reached their time limit, negative before. It leaves out accounts
  // that are down: the old list that --collector.max-staleness exports does not show what ended since.
  sinceLimit(where=''): 'time() - ' + one(
    group + ['status'],
    'cloudflare_pcap_earliest_due_timestamp_seconds{%s}\nunless on (account, job, instance)\ncloudflare_pcap_up == 0' % join([listed, where])
  ),

  // failedLists is the number of failed list requests per hour.
  failedLists: one(
    ['account', 'reason'], 'rate(cloudflare_pcap_scrape_errors_total{%s}[$__rate_interval])' % self.account
  ) + ' * 3600',

  // The counters of submitted and finished captures have no colo.
  local counted(how, metric, matchers, by) =
    one(['account', 'system', 'type'] + by, '%s(cloudflare_pcap_captures_%s_total{%s}[%s])' % [how[0], metric, matchers, how[1]]),
  local inRange = ['increase', '$__range'],
  local inBar = ['rate', '$__rate_interval'],
  local events(how, metric, by) = counted(how, metric, join([self.account, 'type=~"$type"']), by),
  local failures(how) = counted(how, 'failed', listed, ['colo', 'reason']),

  // ended and failed are numbers of captures in the time range of the dashboard.
  ended(where=''): 'sum(%s)' % counted(inRange, 'finished', join([self.account, 'type=~"$type"', where]), ['status']),
  failed: 'sum(%s)' % failures(inRange),

  // A bar of a graph stands for $__interval_ms. The rate looks back for a scrape interval more, and so
  // also sees what happened between the last scrape of the bar before and the first of its own.
  local bars(by, expr) = 'sum by (%s) (%s) * $__interval_ms / 1000' % [by, expr],
  eventsPerBar(metric, by, more=[]): bars(by, events(inBar, metric, more)),
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
    '(%s\nor on (account)\nlabel_join(%s, "name", "", "account"))' % [names('name!=""'), names('')],

  // named adds the label name to series that have an account.
  named(expr): '(%s)\n* on (account) group_left (name)\n%s' % [expr, self.namesOf(self.account)],

  // withColo gives series without a colo a text to show.
  withColo(expr): 'label_replace(%s, "colo", "(no colo)", "colo", "")' % expr,

  // orZero is 0 where there is no series, if at least one account is up. Otherwise the value is unknown.
  orZero(expr): '%s\nor\n0 * max(cloudflare_pcap_up{%s} == 1)' % [expr, self.account],
}
