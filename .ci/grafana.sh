# Checks deploy/mixin/dashboards, and deploy/grafana: the JSON made of it, and the provisioning.

jsonnet() { tool github.com/google/go-jsonnet/cmd/jsonnet@v0.22.0 "$@"; }
jsonnetfmt() { tool github.com/google/go-jsonnet/cmd/jsonnetfmt@v0.22.0 "$@"; }
jsonnet-lint() { tool github.com/google/go-jsonnet/cmd/jsonnet-lint@v0.22.0 "$@"; }

grafana_code() {
  local files && mapfile -t files < <(find deploy/mixin .ci -name '*.jsonnet' -o -name '*.libsonnet')
  ((${#files[@]})) || { echo "deploy/mixin: there is no jsonnet"; return 1; }
  jsonnetfmt --test -- "${files[@]}" || { echo "format the files above by: jsonnetfmt -i FILE"; return 1; }
  jsonnet-lint "${files[@]}"
}

grafana_dashboards() {
  mkdir "$tmp/dashboards" && jsonnet -m "$tmp/dashboards" -e "(import 'deploy/mixin/mixin.libsonnet').grafanaDashboards" || return
  diff -r deploy/grafana/dashboards "$tmp/dashboards" || { echo "run: make mixin"; return 1; }
}

grafana_queries() { jsonnet .ci/queries.jsonnet >"$tmp/queries.json" && promtool test rules "$tmp/queries.json"; }

# The commands of the page that install the files, below another root. Grafana must find the dashboards there.
grafana_provisioning() {
  jsonnet .ci/grafana.jsonnet || return
  local root=$tmp/root commands directory
  commands=$(awk '/^```/ { block++; next } block == 1' deploy/grafana/README.md | sed -E "s# /(etc|var)/# $root/\\1/#g"';$! s/$/ \&\&/')
  mkdir -p "$root/etc/grafana/provisioning/datasources" "$root/var/lib/grafana" || return
  (
    sudo() { [[ $* == "systemctl restart grafana-server" ]] || "$@"; }
    sudoedit() { grep -q '^ *url: http' "$1"; }
    set -x && eval "$commands"
  ) || return
  directory=$(sed -n 's/^ *path: //p' "$root/etc/grafana/provisioning/dashboards/cloudflare_pcap.yml")
  diff -r deploy/grafana/dashboards "$root$directory"
}

# People look at the pictures. This checks that they exist, are small enough for a page, and are on it.
grafana_pictures() {
  local file
  for file in deploy/grafana/{overview,exporter}.png; do
    [[ $(head -c 4 "$file" | tail -c 3) == PNG ]] || { echo "$file is no PNG picture"; return 1; }
    (($(stat -c %s "$file") < 400 << 10)) || { echo "$file is larger than 400 KiB"; return 1; }
    grep -qF "(${file##*/})" deploy/grafana/README.md || { echo "deploy/grafana/README.md does not show $file"; return 1; }
  done
}
