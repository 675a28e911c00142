// The alerts that fire or are pending.
function(lib)
  local c = lib.colors, p = lib.panels, q = lib.queries;
  local labels = 'alertname, alertstate, severity, account, type, colo, reason';
  local active = 'max by (%s) (%s)' % [labels, q.alerts()];
  // Alerts about an exporter have no account.
  local named = '%s\nor\n%s\nunless on (account)\n%s' % [q.named(active), active, q.namesOf(q.account)];

  lib.dashboard.row('Alerts', [
    p.table('Active alerts', |||
      Alerts of the chosen accounts, and alerts without an account, that fire or are pending. The name of an alert links to
      its runbook. If Prometheus has not loaded the rules, there are none, either.
    |||, [
      p.alert(330),
      p.label('State', 'alertstate', 100) + p.texts({
        firing: { text: 'firing', color: c.bad },
        pending: { text: 'pending', color: c.notice },
      }),
      p.label('Severity', 'severity', 100) + p.texts({
        critical: { text: 'critical', color: c.bad },
        warning: { text: 'warning', color: c.warning },
        info: { text: 'info', color: c.notice },
      }),
      p.account(),
      p.hiddenID,
      p.label('Type', 'type', 80),
      p.label('Colo', 'colo', 100),
      p.label('Reason', 'reason', 180),
      p.column('Alerts', q.orText(named, 'alertname', 'none')),
    ])
    + p.hidden(['Alerts']) + p.least('State') + p.least('Severity') + p.size(24, 7),
  ])
