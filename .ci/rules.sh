# The alert and recording rules, their tests, and a runbook for each alert.

rules() {
  promtool check rules --lint=all --lint-fatal deploy/prometheus/{alerts,records}.yml &&
    promtool test rules deploy/prometheus/tests/*.yml || return
  note=" $(alert_names | wc -l) alerts, $(grep -h '^  - name:' deploy/prometheus/tests/*.yml | wc -l) situations"
}

# Each alert links its runbook, and is tested to fire and to be silent.
runbooks() {
  local alert status=0
  [[ -n $(alert_names) ]] || { echo "deploy/prometheus/alerts.yml: no alerts found"; return 1; }
  diff <(alert_names) <(cd deploy/runbooks && printf '%s\n' *.md | sed 's/\.md$//' | sort) ||
    { echo "the alerts (<) and the runbooks (>) differ"; status=1; }
  diff <(alert_names) <(sed -n 's|^          runbook_url: https://.*/deploy/runbooks/\(.*\)\.md$|\1|p' deploy/prometheus/alerts.yml | sort) ||
    { echo "the alerts (<) and what they link to (>) differ"; status=1; }
  while read -r alert; do
    grep -qx "# $alert" "deploy/runbooks/$alert.md" || { echo "deploy/runbooks/$alert.md: its title is not its alert"; status=1; }
    grep -q "^ *alertname: $alert\$" deploy/prometheus/tests/*.yml || { echo "$alert: no test has it fire"; status=1; }
    grep -q "alertname: $alert}" deploy/prometheus/tests/*.yml || { echo "$alert: no test has it silent"; status=1; }
    grep -qF "| [$alert](" deploy/prometheus/README.md || { echo "deploy/prometheus/README.md: $alert is not in the table"; status=1; }
  done < <(alert_names)
  return $status
}

alert_names() { sed -n 's/^ *- alert: *//p' deploy/prometheus/alerts.yml | sort; }
