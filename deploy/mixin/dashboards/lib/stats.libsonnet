// Numbers at the top of the dashboards, and those that both have.
function(lib)
  local c = lib.colors, p = lib.panels, q = lib.queries;

  {
    stat(title, description, expr, unit='short'): p.stat(title, description, expr, unit) + p.size(3, 4),

    accountsDown:
      self.stat('Accounts down', |||
        Accounts whose captures could not be listed at the last scrape. Panels about captures leave them out, unless
        --collector.max-staleness exports their last lists. The dashboard "exporter" shows the reasons.
      |||, 'sum(1 - %s)' % q.perAccount('up'))
      + p.steps([[null, c.good], [1, c.bad]])
      + p.runbooks(['ListingFailed', 'Unauthorized', 'RateLimited', 'ExporterDown']),

    oldestList:
      self.stat('Oldest list',
                'Time since the captures of an account were last listed, for the account with the longest time.',
                'max(time() - %s)' % q.perAccount('last_success_timestamp_seconds'),
                's')
      + p.steps([[null, c.good], [150, c.warning], [600, c.bad]])
      + p.runbooks(['ListingFailed', 'RateLimited']),
  }
