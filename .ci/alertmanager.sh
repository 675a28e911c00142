# Checks of deploy/alertmanager. Sourced by .ci/run.
amtool() { tool "github.com/prometheus/alertmanager/cmd/amtool@$alertmanager_version" "$@"; }
alertmanager_version=v0.34.2

alertmanager_routes() {
  local receiver labels
  while read -r receiver labels; do
    # shellcheck disable=SC2086 # each label is a word
    amtool config routes test --config.file=deploy/alertmanager/alertmanager.yml --verify.receivers="$receiver" $labels ||
      { echo "$labels does not go to $receiver"; return 1; }
  done <<'EOF'
page severity=critical
chat severity=warning
digest severity=info
page alertname=CloudflarePcapCaptureFailed severity=critical account=0c5e1f3a9b7d4e2688a1d4f6b3c97e50 reason=bucket
page alertname=CloudflarePcapExporterDown severity=critical job=cloudflare_pcap instance=127.0.0.1:17227
chat alertname=CloudflarePcapListingFailed severity=warning account=0c5e1f3a9b7d4e2688a1d4f6b3c97e50
page alertname=CloudflarePcapUnauthorized severity=critical account=0c5e1f3a9b7d4e2688a1d4f6b3c97e50 reason=forbidden
digest alertname=CloudflarePcapCaptureWithoutPackets severity=info account=0c5e1f3a9b7d4e2688a1d4f6b3c97e50
digest alertname=CloudflarePcapDailyFailures severity=info account=0c5e1f3a9b7d4e2688a1d4f6b3c97e50
chat alertname=NotOurs severity=none
chat alertname=NotOurs
EOF
}

alertmanager_template() {
  local data text dir=deploy/alertmanager
  for data in "$dir"/tests/*.json; do
    alertmanager_render "$data" '{{ template "cloudflare_pcap.title" . }}

{{ template "cloudflare_pcap.text" . }}
' | diff -u "${data%.json}.txt" - || { echo "$data: the output of the template is not ${data%.json}.txt"; return 1; }
  done
  # Alertmanager does not look for a template before the first notification.
  while read -r text; do
    [[ -n $(alertmanager_render "$dir/tests/firing.json" "$text") ]] || { echo "alertmanager.yml: the output of $text is empty"; return 1; }
  done < <(grep -o '{{.*}}' "$dir/alertmanager.yml")
}

alertmanager_render() { amtool template render --template.glob="deploy/alertmanager/templates/*.tmpl" --template.data="$1" --template.text="$2"; }

# alertmanager_names finds misspelt names of alerts and files, which Alertmanager accepts.
alertmanager_names() {
  local name dir=deploy/alertmanager
  for name in $(grep -oh 'CloudflarePcap[A-Z][A-Za-z]*' $dir/README.md $dir/alertmanager.yml $dir/tests/*.json | sort -u); do
    grep -q "alert: $name\$" deploy/prometheus/alerts.yml || { echo "$name: there is no such alert"; return 1; }
  done
  for name in $(sed -n 's,.*/etc/alertmanager/secrets/,,p' $dir/alertmanager.yml); do
    grep -q "\`$name\`" $dir/README.md || { echo "README.md does not describe $name"; return 1; }
  done
}
