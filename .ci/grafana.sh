# Checks deploy/grafana: the dashboards' code, the JSON made of it, and the provisioning.

jsonnet() { tool github.com/google/go-jsonnet/cmd/jsonnet@v0.22.0 "$@"; }
jsonnetfmt() { tool github.com/google/go-jsonnet/cmd/jsonnetfmt@v0.22.0 "$@"; }
jsonnet-lint() { tool github.com/google/go-jsonnet/cmd/jsonnet-lint@v0.22.0 "$@"; }

grafana_code() {
  local files && mapfile -t files < <(find deploy/grafana .ci -name '*.jsonnet' -o -name '*.libsonnet')
  ((${#files[@]})) || { echo "deploy/grafana: there is no jsonnet"; return 1; }
  jsonnetfmt --test -- "${files[@]}" || { echo "format the files above by: jsonnetfmt -i FILE"; return 1; }
  jsonnet-lint "${files[@]}"
}

grafana_dashboards() {
  local name
  for name in overview exporter; do
    jsonnet "deploy/grafana/$name.jsonnet" >"$tmp/$name.json" || return
    cmp "deploy/grafana/dashboards/$name.json" "$tmp/$name.json" ||
      { echo "make it anew: jsonnet deploy/grafana/$name.jsonnet >deploy/grafana/dashboards/$name.json"; return 1; }
  done
}

grafana_queries() { jsonnet .ci/queries.jsonnet >"$tmp/queries.json" && promtool test rules "$tmp/queries.json"; }

grafana_provisioning() { jsonnet .ci/grafana.jsonnet; }

# The pictures are looked at by people; here only that they are there, and small enough to read in a browser.
grafana_pictures() {
  local file
  for file in deploy/grafana/{overview,exporter}.png; do
    [[ $(head -c 4 "$file" | tail -c 3) == PNG ]] || { echo "$file is no PNG picture"; return 1; }
    (($(stat -c %s "$file") < 400 << 10)) || { echo "$file is larger than 400 KiB"; return 1; }
    grep -qF "(${file##*/})" deploy/grafana/README.md || { echo "deploy/grafana/README.md does not show $file"; return 1; }
  done
}
