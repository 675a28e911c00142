// The kinds of panels. Each takes title, description and queries. The rest is
// added with +.
local colors = import 'colors.libsonnet';

local datasource = { type: 'prometheus', uid: '${datasource}' };

function(config) {
  // What links keep.
  local kept = std.join('&', ['${%s:queryparam}' % name for name in ['datasource', 'job'] + config.groupLabels] + ['${__url_time_range}']),

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

  // table shows a row for each set of labels, and a column for each expression. The label
  // "column" has its name, because Grafana makes columns of labels.
  table(title, description, columns):
    local asked = [
      self.now('label_replace(\n%s,\n"column", "%s", "", "")' % [std.rstripChars(c.expr, '\n'), c.name], c.name)
      for c in columns
      if std.objectHas(c, 'expr')
    ];
    panel('table', title, description, asked, 'short') {
      local hidden = ['Time'] + self.hidden,
      hidden:: [],
      fieldConfig+: { overrides: [
        { matcher: { id: 'byName', options: c.name }, properties: c.properties }
        for c in columns
      ] },
      options: { showHeader: true, cellHeight: 'sm' },
      transformations: [
        { id: 'labelsToFields', options: { mode: 'columns', valueLabel: 'column' } },
        { id: 'merge', options: {} },
        { id: 'organize', options: {
          excludeByName: { [name]: true for name in hidden },
          indexByName: { [columns[i].key]: i for i in std.range(0, std.length(columns) - 1) },
          renameByName: { [c.key]: c.name for c in columns if c.key != c.name },
        } },
      ],
    } + self.whenEmpty('–'),

  // A column without a width takes the remaining space.
  local wide(width) = if width == null then [] else [{ id: 'custom.width', value: width }],

  label(name, label, width=null): {
    name: name,
    key: label,
    properties: wide(width),
  },

  column(name, expr, unit='short', width=100): {
    name: name,
    key: name,
    expr: expr,
    properties: [{ id: 'unit', value: unit }, { id: 'custom.align', value: 'right' }] + wide(width),
  },

  // account is the name of the account. It links to the overview of this account alone.
  account(width=null): self.label('Account', 'account_name', width) { properties+: [{ id: 'links', value: [{
    title: 'Show only ${__data.fields.ID}',
    url: '/d/%s?var-account=${__data.fields.ID}&%s' % [config.dashboardUIDs.overview, kept],
  }] }] },
  id(width): self.label('ID', 'account', width),
  // Grafana 12.2 renamed hidden to hideFrom. A link can use a hidden column.
  hiddenID: self.label('ID', 'account') { properties: [
    { id: 'custom.hidden', value: true },
    { id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: true } },
  ] },
  // alert is the name of an alert. It links to the runbook.
  alert(width): self.label('Alert', 'alertname', width) { properties+: [{ id: 'links', value: [{
    title: 'Runbook',
    url: config.runbookURL % '${__value.raw}',
    targetBlank: true,
  }] }] },

  local colored = { id: 'custom.cellOptions', value: { type: 'color-text' } },
  local none = { type: 'special', options: { match: 'null+nan', result: { text: '–', color: colors.neutral } } },

  // texts gives values a text and a color, limits gives numbers a color.
  texts(map):: { properties+: [colored, { id: 'mappings', value: [{ type: 'value', options: map }, none] }] },
  limits(pairs):: { properties+: [
    colored,
    { id: 'thresholds', value: colors.steps(pairs) },
    { id: 'mappings', value: [none] },
  ] },
  overdue:: self.texts({
    '0': { text: 'no', color: colors.good },
    '1': { text: 'overdue', color: colors.bad },
  }),
  hidden(columns):: { hidden+:: columns },
  // least and most sort a table by a column, after the columns of earlier calls: what needs attention is at the top.
  least(column):: { options+: { sortBy+: [{ displayName: column, desc: false }] } },
  most(column):: { options+: { sortBy+: [{ displayName: column, desc: true }] } },

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
