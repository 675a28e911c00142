// The kinds of panels. Each takes title, description and queries. The rest is
// added with +.
local colors = import 'colors.libsonnet';

local datasource = { type: 'prometheus', uid: '${datasource}' };

function(config) (import 'tables.libsonnet')(config) {
  local panel(type, title, description, queries, unit) = {
    type: type,
    title: title,
    description: description,
    datasource: datasource,
    // With this step as its minimum, $__rate_interval is at least four steps, even if the scrape interval
    // of the data source is Grafana's default of 15 s. A minute would contain only one scrape.
    interval: '%dm' % config.scrapeIntervalMinutes,
    targets: [
      { refId: std.char(std.codepoint('A') + i), datasource: datasource, interval: '$__interval' } + queries[i]
      for i in std.range(0, std.length(queries) - 1)
    ],
    fieldConfig: { defaults: { unit: unit, color: { mode: 'thresholds' } }, overrides: [] },
    options: {},
  },

  panel:: panel,

  // graph is a query over the time range, now one at its end.
  graph(expr, legend): { expr: expr, legendFormat: legend },
  now(expr, legend): self.graph(expr, legend) { instant: true, range: false },

  timeseries(title, description, queries, unit):
    panel('timeseries', title, description, queries, unit) {
      fieldConfig+: { defaults+: {
        min: 0,
        color: { mode: 'palette-classic' },
        custom: { lineWidth: 2, fillOpacity: 8, showPoints: 'never', spanNulls: false },
      } },
      options: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
    },

  stat(title, description, expr, unit):
    panel('stat', title, description, [self.now(expr, title)], unit) {
      options: {
        colorMode: 'background',
        graphMode: 'none',
        justifyMode: 'center',
        textMode: 'value',
        reduceOptions: { calcs: ['lastNotNull'] },
      },
    } + self.whenEmpty('unknown'),

  bargauge(title, description, queries, unit):
    panel('bargauge', title, description, queries, unit) {
      fieldConfig+: { defaults+: { min: 0 } },
      options: {
        orientation: 'horizontal',
        text: { titleSize: 14 },
        displayMode: 'basic',
        valueMode: 'color',
        showUnfilled: true,
        reduceOptions: { calcs: ['lastNotNull'] },
      },
    },

  size(width, height):: { gridPos: { w: width, h: height } },
  steps(pairs):: { fieldConfig+: { defaults+: { thresholds: colors.steps(pairs) } } },
  colors(map):: { fieldConfig+: { overrides+: colors.byName(map) } },
  colos:: { fieldConfig+: { overrides+: colors.byColo } },
  meaning(texts):: { fieldConfig+: { defaults+: { mappings: [{ type: 'value', options: texts }] } } },
  whenEmpty(text):: { fieldConfig+: { defaults+: { noValue: text } } },
  // where changes the series that a regular expression matches.
  where(regexp, settings):: { fieldConfig+: { overrides+: [{
    matcher: { id: 'byRegexp', options: regexp },
    properties: [{ id: key, value: settings[key] } for key in std.objectFields(settings)],
  }] } },
  custom(settings):: { fieldConfig+: { defaults+: { custom+: settings } } },
  // bars shows counts: at least 5 minutes each, so that several scrapes are in each.
  bars:: self.custom({ drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal', group: 'A' } }) {
    interval: '%dm' % std.max(5, config.scrapeIntervalMinutes),
    fieldConfig+: { defaults+: { decimals: 0 } },
    options+: { tooltip+: { hideZeros: true } },
  },
  stacked:: self.custom({ fillOpacity: 60, lineWidth: 1, stacking: { mode: 'normal', group: 'A' } }),

  // runbooks links the runbooks of alerts.
  runbooks(alerts):: { links: [
    { title: 'Runbook: ' + alert, url: config.runbookURL % alert, targetBlank: true }
    for alert in ['CloudflarePcap' + name for name in alerts]
  ] },
}
