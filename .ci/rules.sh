# The alert rules and their tests, a runbook for each alert, and the queries of the documentation.

rules() {
  diff deploy/prometheus/alerts.yml <(jsonnet --string deploy/mixin/alerts.jsonnet) || { echo "run: make mixin"; return 1; }
  alert_tests >"$tmp/alerts.json" && promtool check rules --lint=all --lint-fatal deploy/prometheus/alerts.yml &&
    promtool test rules "$tmp/alerts.json" && short_expressions && label_conflicts && documented_mixin || return
  note=" $(alert_names | wc -l) alerts, $(jq '.tests | length' "$tmp/alerts.json") situations"
}

alert_tests() { jsonnet --tla-str rules="$PWD/deploy/prometheus/alerts.yml" deploy/mixin/tests.jsonnet; }

# documented_mixin evaluates the settings of the page.
documented_mixin() {
  jsonnet -J deploy -e "($(awk '/^```/ { on = /jsonnet$/; next } on' deploy/prometheus/README.md)).prometheusAlerts" |
    jq -e '[.groups[].rules[] | select(.alert == "CloudflarePcapCaptureFailed").labels.severity] == ["warning"]'
}

# short_expressions refuses expressions of more than 8 lines.
short_expressions() {
  awk '/^ *- alert:/ { name = $3; lines = 0 } /^        [a-z_]+:/ { on = $1 == "expr:" } on && !/expr:/ && ++lines > 8 { print name ": the expression has more than 8 lines"; bad = 1 }
    END { exit bad }' deploy/prometheus/alerts.yml
}

# label_conflicts checks that the alert on renamed labels has each label of the exporter.
label_conflicts() {
  local label
  while read -r label; do
    grep -qF "{exported_$label!=\"\"}" deploy/prometheus/alerts.yml || { echo "CloudflarePcapLabelConflict does not check the label $label"; return 1; }
  done < <(awk -F '|' '/^\| `cloudflare_pcap_/ { gsub(/[ ,]+/, "\n", $4); print $4 }' deploy/docs/metrics.md | sort -u | grep .)
}

# documented_queries checks with promtool that each query of deploy/docs/promql.md has the result after it.
documented_queries() {
  { cat .ci/promql.yml && awk '
    /^```/ { block = block ? "" : $0 == "```promql" ? "query" : "result"
      if (block == "query") { print "      - eval_time: 11520m\n        expr: |"; queries++ }
      if (block == "result") { print "        exp_samples:"; results++ }
      next }
    block == "query" { print "          " $0 }
    block == "result" { value = $NF; sub(/ [^ ]*$/, ""); print "          - {labels: \047" $0 "\047, value: " value "}" }
    END { exit queries < 8 || queries != results }' deploy/docs/promql.md; } >"$tmp/promql.yml" &&
    promtool test rules "$tmp/promql.yml" && note=" $(grep -c '^```promql' deploy/docs/promql.md) queries"
}

alloy_configuration() { go -C .ci/alloy run . <deploy/prometheus/config.alloy; }

# runbooks checks that each alert links its runbook, and that its tests expect silence, firing and resolution.
runbooks() {
  debian jq jq || return
  local alert outcome outcomes status=0
  outcomes=$(alert_outcomes)
  [[ -n $(alert_names) ]] || { echo "deploy/prometheus/alerts.yml: no alerts found"; return 1; }
  diff <(alert_names) <(cd deploy/runbooks && printf '%s\n' CloudflarePcap*.md | sed 's/\.md$//' | sort) ||
    { echo "the alerts (<) and the runbooks (>) differ"; status=1; }
  diff <(alert_names) <(sed -n 's|^          runbook_url: .https://.*/deploy/runbooks/\(.*\)\.md.$|\1|p' deploy/prometheus/alerts.yml | sort) ||
    { echo "the alerts (<) and the runbooks that they link (>) differ"; status=1; }
  diff <(sed -n 's/^ *- alert: *//p; s/^ *labels: {severity: \(.*\)}$/\1/p' deploy/prometheus/alerts.yml | paste - - | sort) \
    <(sed -n 's,^| \[\(.*\)\](\.\./runbooks/\1\.md) | \(.*\) | .* |$,\1\t\2,p' deploy/prometheus/README.md | sort) ||
    { echo "the alerts (<) and the table in deploy/prometheus/README.md (>) differ"; status=1; }
  while read -r alert; do
    grep -qx "# $alert" "deploy/runbooks/$alert.md" || { echo "deploy/runbooks/$alert.md: its title is not its alert"; status=1; }
    for outcome in silent fires resolves; do
      grep -qx "$alert $outcome" <<<"$outcomes" || { echo "deploy/mixin/tests: no test expects: $alert $outcome"; status=1; }
    done
  done < <(alert_names)
  return $status
}

alert_names() { sed -n 's/^ *- alert: *//p' deploy/prometheus/alerts.yml | sort; }

# alert_outcomes prints the outcomes that the tests expect of each alert. Silence after it has fired is its resolution.
alert_outcomes() {
  alert_tests | jq -r '.tests[].promql_expr_test | reduce .[] as $check ({fired: {}, lines: []};
    (first($check.expr | capture("CloudflarePcap(?<name>[A-Za-z]+)\""), {name: ""}).name) as $name | ($check.exp_samples[0].value > 0) as $fires
    | .lines += ["CloudflarePcap" + $name + (if $fires then " fires" elif .fired[$name] then " resolves" else " silent" end)]
    | if $fires then .fired[$name] = true else . end) | .lines[]' | sort -u
}

# documented_configurations checks each scrape configuration in the documentation with promtool.
documented_configurations() {
  local file n=0
  mkdir "$tmp/configurations" && awk -v dir="$tmp/configurations" '
    /^ *```/ { on = /yaml$/; if (on) n++; next }
    on { print >(dir "/" n ".yml") }' README.md deploy/docs/*.md || return
  for file in $(grep -lE '^ *scrape_configs:' "$tmp"/configurations/*); do
    promtool check config --syntax-only "$file" || { cat "$file"; return 1; }
    n=$((n + 1))
  done
  ((n > 3)) || { echo "found only $n scrape configurations"; return 1; }
  note=" $n"
}
