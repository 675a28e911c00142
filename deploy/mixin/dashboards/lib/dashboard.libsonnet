// A dashboard: variables, and rows of panels from left to right.
local width = 24;

// place puts each panel to the right of the one before, or into the next line.
local place(panels) = std.foldl(
  function(page, panel)
    local wraps = page.x + panel.gridPos.w > width;
    local x = if wraps then 0 else page.x;
    local y = if wraps then page.below else page.y;
    {
      x: x + panel.gridPos.w,
      y: y,
      below: std.max(page.below, y + panel.gridPos.h),
      panels: page.panels + [panel { id: std.length(page.panels) + 1, gridPos+: { x: x, y: y } }],
    },
  panels,
  { x: 0, y: 0, below: 0, panels: [] },
).panels;

function(config) {
  row(title, panels): [
    { type: 'row', title: title, collapsed: false, panels: [], gridPos: { w: width, h: 1 } },
  ] + panels,

  // new returns a dashboard that marks the times at which the alerts fire.
  new(uid, title, description, variables, alerts, rows): {
    uid: uid,
    title: title,
    description: description,
    tags: config.dashboardTags,
    schemaVersion: 42,  // Grafana 12.4
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    templating: { list: variables },
    links: [{
      type: 'dashboards',
      tags: config.dashboardTags,
      title: 'Packet captures',
      asDropdown: false,
      includeVars: true,
      keepTime: true,
    }],
    annotations: { list: [{
      name: 'Alerts',
      datasource: { type: 'prometheus', uid: '${datasource}' },
      enable: true,
      iconColor: (import 'colors.libsonnet').bad,
      expr: alerts,
      step: '%dm' % config.scrapeIntervalMinutes,
      titleFormat: '{{alertname}}',
      textFormat: '{{account}} {{type}} {{colo}} {{reason}}',
      tagKeys: 'severity',
    }] },
    panels: place(std.flattenArrays(rows)),
  },
}
