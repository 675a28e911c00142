// Situations in minutes, which become tests of promtool at a scrape interval.
{
  // new returns the functions for an interval in seconds.
  new(interval):: {
    local scrapes(minutes) = std.max(1, std.round(minutes * 60 / interval)),
    local repeat(value, n) = if n == 1 then '%g' % value else '%gx%d' % [value, n - 1],

    // A part of a series: [value, minutes]. Values are numbers, '_' (no sample), 'stale', { from, step } for
    // a counter, a list of numbers to repeat, one a scrape, or a function of the number of minutes.
    local part(value, minutes) =
      local n = scrapes(minutes);
      if value == '_' then '_x%d' % n
      else if value == 'stale' then std.rstripChars('stale _x%d' % (n - 1), '_x0 ')
      else if std.isArray(value) then std.join(' ', ['%g' % value[i % std.length(value)] for i in std.range(0, n - 1)])
      else if std.isObject(value) then '%g+%gx%d' % [value.from, value.step, n - 1]
      else if std.isFunction(value) then std.join(' ', ['%g' % value(i * interval / 60) for i in std.range(0, n - 1)])
      else repeat(value, n),

    series(name, parts):: { series: name, values: std.join(' ', [part(p[0], p[1]) for p in parts]) },

    // A check that n alerts fire at a minute, or at each of the minutes before it.
    local firing(alert) = '(count(ALERTS{alertname="CloudflarePcap%s",alertstate="firing"}) or vector(0))' % alert,
    fires(minute, alert, n=1):: { eval_time: '%dm' % minute, expr: firing(alert), exp_samples: [{ labels: '{}', value: n }] },
    silent(minute, alert):: self.fires(minute, alert, 0),
    always(from, to, alert, n=1):: [
      { eval_time: '%dm' % to, expr: '%s_over_time(%s[%dm:1m])' % [f, firing(alert), to - from], exp_samples: [{ labels: '{}', value: n }] }
      for f in ['min', 'max']
    ],
    never(to, alert):: self.always(0, to, alert, 0),

    situation(name, series, checks, texts=[]):: {
      name: '%s, every %d s' % [name, interval],
      interval: '%ds' % interval,
      input_series: [$.new(interval).series(s, series[s]) for s in std.objectFields(series)],
      promql_expr_test: std.flattenArrays([if std.isArray(c) then c else [c] for c in checks]),
      alert_rule_test: texts,
    },
  },
}
