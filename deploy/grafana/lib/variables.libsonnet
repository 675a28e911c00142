// What a reader can choose.
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
  current: { selected: true, text: ['All'], value: ['$__all'] },
} + more;

// All is everything, so that captures without a colo are seen, too.
local everything = { allValue: '.*' };

local values(name, label, metric, more={}) = variable(name, label, 'label_values(cloudflare_pcap_%s, %s)' % [metric, name], more);

{
  datasource: { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },

  // Accounts are shown by name and chosen by id.
  account: variable('account', 'Account', 'query_result(max by (account, name) (%s))' % q.namesOf(''), everything {
    regex: '/account="(?<value>[^"]+)|name="(?<text>[^"]+)/g',
  }),
  colo: values('colo', 'Colo', 'captures{account=~"$account"}', everything),
  type: values('type', 'Type', 'captures{account=~"$account"}', everything),

  // All is only those that are named: process_... and up have other programs' jobs, too.
  job: values('job', 'Job', 'exporter_build_info'),
  instance: values('instance', 'Instance', 'exporter_build_info{job=~"$job"}'),
}
