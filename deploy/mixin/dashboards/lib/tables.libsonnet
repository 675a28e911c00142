// Tables and their columns.
local colors = import 'colors.libsonnet';

function(config) {
  // What links keep.
  local kept = std.join('&', ['${%s:queryparam}' % name for name in ['datasource', 'job'] + config.groupLabels] + ['${__url_time_range}']),

  // table shows a row for each set of labels, and a column for each expression. The label
  // "column" has its name, because Grafana makes columns of labels.
  table(title, description, columns):
    local asked = [
      self.now('label_replace(\n%s,\n"column", "%s", "", "")' % [std.rstripChars(c.expr, '\n'), c.name], c.name)
      for c in columns
      if std.objectHas(c, 'expr')
    ];
    self.panel('table', title, description, asked, 'short') {
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
}
