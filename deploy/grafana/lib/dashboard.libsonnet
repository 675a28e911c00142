// A page: its variables, and rows whose panels flow from left to right.
local v = import 'variables.libsonnet';

local width = 24;

// place gives each panel its position, below and beside those before it.
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

{
  row(title, panels): [
    { type: 'row', title: title, collapsed: false, panels: [], gridPos: { w: width, h: 1 } },
  ] + panels,

  new(uid, title, description, variables, rows): {
    uid: uid,
    title: title,
    description: description,
    tags: ['cloudflare_pcap'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    templating: { list: [v.datasource] + variables },
    links: [{
      type: 'dashboards',
      tags: ['cloudflare_pcap'],
      title: 'Packet captures',
      asDropdown: false,
      includeVars: true,
      keepTime: true,
    }],
    annotations: { list: [] },
    panels: place(std.flattenArrays(rows)),
  },
}
