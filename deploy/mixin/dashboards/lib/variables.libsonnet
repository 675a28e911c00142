// What a reader can choose.
local q = import 'queries.libsonnet';

local variable(name, label, query, more={}) = {
  name: name,
  label: label,
  type: 'query',
  datasource: { type: 'prometheus', uid: '${datasource}' },
  // Grafana recognizes a function such as query_result only if it is on one line.
  query: { query: std.strReplace(query, '\n', ' '), refId: name },
  refresh: 2,  // when the time range changes
  sort: 1,
  multi: true,
  includeAll: true,
  current: { selected: true, text: ['All'], value: ['$__all'] },
} + more;

// All includes captures without a colo.
local everything = { allValue: '.*' };

local values(name, label, metric, more={}) = variable(name, label, 'label_values(cloudflare_pcap_%s, %s)' % [metric, name], more);

{
  datasource: { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },

  // The list shows names, the queries use ids. Grafana does not escape quotes in the text that
  // the regular expression is applied to: {account="ID",name="NAME"} VALUE TIME.
  account: variable('account', 'Account', 'query_result(max by (account, name) (%s))' % q.namesOf(''), everything {
    regex: '/account="(?<value>[^"]+)",name="(?<text>.+)"}/',
  }),
  colo: values('colo', 'Colo', 'captures{account=~"$account"}', everything),
  type: values('type', 'Type', 'captures{account=~"$account"}', everything),

  // All is only the values in the list, because other jobs have metrics such as up and process_..., too.
  job: values('job', 'Job', 'exporter_build_info'),
  instance: values('instance', 'Instance', 'exporter_build_info{job=~"$job"}'),
}
