// Fails unless the provisioning has only keys that Grafana documents, of the right type.
// https://grafana.com/docs/grafana/latest/administration/provisioning/
local provider = {
  name: 'string',
  folder: 'string',
  type: 'string',
  allowUiUpdates: 'boolean',
  updateIntervalSeconds: 'number',
  options: { path: 'string' },
};
local datasource = {
  name: 'string',
  type: 'string',
  uid: 'string',
  access: 'string',
  url: 'string',
  isDefault: 'boolean',
  jsonData: { httpMethod: 'string', timeInterval: 'string' },
};

local check(path, documented, value) =
  if std.isObject(documented) && std.isObject(value) then std.all([
    if std.objectHas(documented, key) then check(path + '.' + key, documented[key], value[key])
    else error '%s: Grafana documents no %s' % [path, key]
    for key in std.objectFields(value)
  ])
  else if std.isArray(documented) && std.isArray(value) && value != [] then std.all([
    check(path, documented[0], item)
    for item in value
  ])
  else std.type(value) == documented || error '%s should be: %s' % [path, documented];

{
  datasources: check('datasources',
                     { apiVersion: 'number', datasources: [datasource] },
                     std.parseYaml(importstr '../deploy/grafana/provisioning/datasources/prometheus.yml')),
  dashboards: check('dashboards',
                    { apiVersion: 'number', providers: [provider] },
                    std.parseYaml(importstr '../deploy/grafana/provisioning/dashboards/cloudflare_pcap.yml')),
}
