// PromQL that more than one panel needs.
//
// The same account may be scraped twice, by /metrics and by /probe or through
// two exporters. So each sum is taken over the maximum of what is one and the same.
local join(matchers) = std.join(', ', std.filter(function(m) m != '', matchers));

local group = ['account', 'system', 'type', 'colo'];
local one(labels, expr) = 'max by (%s) (%s)' % [join(labels), expr];

{
  account: 'account=~"$account"',
  exporter: 'job=~"$job", instance=~"$instance"',
  unfinished: 'status=~"pending|running|conversion_pending|conversion_running"',

  // perAccount is a metric of accounts, by what the filters of the page choose.
  perAccount(metric, by=[]): one(['account'] + by, 'cloudflare_pcap_%s{%s}' % [metric, self.account]),

  // listed is a metric made from the list.
  listed(metric, by=['status'], where=''):
    local matchers = join([self.account, 'type=~"$type"', 'colo=~"$colo"', where]);
    one(group + by, 'cloudflare_pcap_%s{%s}' % [metric, matchers]),

  captures(where=''): self.listed('captures', where=where),

  // due is when captures should have ended. What --collector.max-staleness still shows of an account
  // that is down does not say what has ended since.
  due(matchers):
    'cloudflare_pcap_earliest_due_timestamp_seconds{%s}\nunless on (account, job, instance)\ncloudflare_pcap_up == 0' % matchers,

  // pastDue is for how long captures should have ended, below 0 if there is time left.
  pastDue: 'time() - ' + one(group + ['status'], self.due(join([self.account, 'type=~"$type"', 'colo=~"$colo"']))),

  // failedListings is how often an account could not be listed, an hour.
  failedListings: one(
    ['account', 'reason'], 'rate(cloudflare_pcap_scrape_errors_total{%s}[$__rate_interval])' % self.account
  ) + ' * 3600',

  // events is how often something happened: a rate, or an increase.
  // Events have no colo.
  events(metric, by=[], where='', how='rate', window='$__rate_interval'):
    local matchers = join([self.account, 'type=~"$type"', where]);
    one(['account', 'system', 'type'] + by,
        '%s(cloudflare_pcap_%s{%s}[%s])' % [how, metric, matchers, window]),

  // quantile is one of a histogram, whether it is stored as a classic or as a native one.
  // The comparison drops what is not a number, for there was nothing to rank.
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

  // orZero is 0 where there is no series, but only while an account can be listed:
  // what is not known is not 0.
  orZero(expr): '%s\nor\n0 * max(cloudflare_pcap_up{%s} == 1)' % [expr, self.account],
}
