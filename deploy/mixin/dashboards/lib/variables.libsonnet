// What a reader can choose.
function(config, targets)
  local q = (import 'queries.libsonnet')(config, targets);

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

  // All includes series without the label.
  local everything = { allValue: '.*' };

  local values(name, label, selector, more={}) = variable(name, label, 'label_values(%s, %s)' % [selector, name], more);

  // A target can have accounts, the exporter's own metrics, or both.
  local target(name, label, matchers, more={}) =
    values(name, label, '{__name__=~"cloudflare_pcap_(up|exporter_build_info)"%s}' % matchers, more);
  local chosen(n) = std.join('', [', %s=~"$%s"' % [label, label] for label in targets[:n]]);

  {
    datasource: { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },

    // The targets, each within what is chosen before it. All jobs are only the jobs in the list,
    // because other jobs have metrics such as up and process_..., too.
    targets: [
      local label = targets[i];
      target(label, std.asciiUpper(label[0]) + label[1:], chosen(i), if std.member(config.groupLabels, label) then everything else {})
      for i in std.range(0, std.length(targets) - 1)
    ],

    // The list shows names, the queries use ids. Grafana does not escape quotes in the text that
    // the regular expression is applied to: {account="ID",account_name="NAME"} VALUE TIME.
    account: variable('account', 'Account', 'query_result(max by (account, account_name) (%s))' % q.namesOf(q.exporter), everything {
      regex: '/account="(?<value>[^"]+)",account_name="(?<text>.+)"}/',
    }),
    colo: values('colo', 'Colo', 'cloudflare_pcap_captures{%s}' % q.account, everything),
    type: values('type', 'Type', 'cloudflare_pcap_captures{%s}' % q.account, everything),
  }
