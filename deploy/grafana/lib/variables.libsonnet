// What a reader can choose. All of it is everything: so captures without a colo are seen, too.
local q = import 'queries.libsonnet';

local variable(name, label, query, more={}) = {
  name: name,
  label: label,
  type: 'query',
  datasource: { type: 'prometheus', uid: '${datasource}' },
  query: { query: query, refId: name },
  refresh: 2,  // when the time range changes
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { selected: true, text: ['All'], value: ['$__all'] },
} + more;

local values(name, label, metric) = variable(name, label, 'label_values(cloudflare_pcap_%s, %s)' % [metric, name]);

{
  datasource: { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },

  // Accounts are shown by name and chosen by id.
  account: variable('account', 'Account', 'query_result(max by (account, name) (%s))' % q.namesOf(''), {
    regex: '/account="(?<value>[^"]+)|name="(?<text>[^"]+)/g',
  }),
  colo: values('colo', 'Colo', 'captures{account=~"$account"}'),
  type: values('type', 'Type', 'captures{account=~"$account"}'),

  job: values('job', 'Job', 'exporter_build_info'),
  instance: values('instance', 'Instance', 'exporter_build_info{job=~"$job"}'),
}
