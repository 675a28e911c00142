# Runs the commands of the pages that no other step runs.

page_commands() {
  local bin=$tmp/pages cache=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter/bin alertmanager
  alertmanager=$(sed -n 's|.*/cmd/\(alertmanager@v[0-9.]*\)".*|\1|p' deploy/e2e/main_test.go)
  debian curl curl && debian ip iproute2 && amtool --version && promtool --version &&
    go -C deploy/e2e test -run '^$' . || return # which builds Prometheus and Alertmanager
  mkdir "$bin" && cp "$cache"/{"amtool@$alertmanager_version/amtool","$alertmanager/alertmanager","promtool@$prometheus_version/promtool","prometheus@$prometheus_version/prometheus"} "$bin" &&
    in_namespaces deploy/e2e/pages/commands.sh "$bin"
}
