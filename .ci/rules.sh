# The alert and recording rules, their tests, and a runbook for each alert.

rules() {
  promtool check rules --lint=all --lint-fatal deploy/prometheus/{alerts,records}.yml &&
    promtool test rules deploy/prometheus/tests/*.yml || return
  note=" $(alert_names | wc -l) alerts, $(grep -h '^  - name:' deploy/prometheus/tests/*.yml | wc -l) situations"
}

# Each alert links its runbook, and is tested to be silent, to fire and to resolve.
runbooks() {
  local alert outcome outcomes status=0
  outcomes=$(alert_outcomes)
  [[ -n $(alert_names) ]] || { echo "deploy/prometheus/alerts.yml: no alerts found"; return 1; }
  diff <(alert_names) <(cd deploy/runbooks && printf '%s\n' *.md | sed 's/\.md$//' | sort) ||
    { echo "the alerts (<) and the runbooks (>) differ"; status=1; }
  diff <(alert_names) <(sed -n 's|^          runbook_url: https://.*/deploy/runbooks/\(.*\)\.md$|\1|p' deploy/prometheus/alerts.yml | sort) ||
    { echo "the alerts (<) and what they link to (>) differ"; status=1; }
  diff <(sed -n 's/^ *- alert: *//p; s/^ *labels: {severity: \(.*\)}$/\1/p' deploy/prometheus/alerts.yml | paste - - | sort) \
    <(sed -n 's,^| \[\(.*\)\](\.\./runbooks/\1\.md) | \(.*\) | .* |$,\1\t\2,p' deploy/prometheus/README.md | sort) ||
    { echo "the alerts (<) and the table in deploy/prometheus/README.md (>) differ"; status=1; }
  while read -r alert; do
    grep -qx "# $alert" "deploy/runbooks/$alert.md" || { echo "deploy/runbooks/$alert.md: its title is not its alert"; status=1; }
    for outcome in silent fires resolves; do
      grep -qx "$alert $outcome" <<<"$outcomes" || { echo "deploy/prometheus/tests: no test has this: $alert $outcome"; status=1; }
    done
  done < <(alert_names)
  return $status
}

alert_names() { sed -n 's/^ *- alert: *//p' deploy/prometheus/alerts.yml | sort; }

# alert_outcomes tells what the tests expect of which alert; after it has fired, silence is its end.
alert_outcomes() {
  awk '/^  - name:/ { split("", fired) }
    /alertname:/ {
      name = $0; sub(/.*alertname: */, "", name); silent = name ~ /}$/; sub(/[^A-Za-z].*/, "", name)
      print name, !silent ? "fires" : name in fired ? "resolves" : "silent"
      if (!silent) fired[name]
    }' deploy/prometheus/tests/*.yml
}
