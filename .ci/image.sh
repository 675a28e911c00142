# Checks of Dockerfile and deploy/compose. Sourced by .ci/run.

# image_tools installs what builds the images of "Kubernetes node".
image_tools() { debian buildah buildah && debian busybox busybox-static; }

# Docker Compose, which is called cmd in its module. It checks a file without an engine.
compose() { CLOUDFLARE_ACCOUNT_ID=023e105f4ecef8ad9ca31a8372d0c353 tool github.com/docker/compose/v5/cmd@v5.0.2 "$@"; }

# alertmanager runs the version of compose.yaml. Its module lacks the files of the user interface, so go install cannot
# build it.
alertmanager() {
  local dir=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter/bin/alertmanager@$alertmanager_version source=$tmp/alertmanager
  [[ -x $dir/alertmanager ]] || {
    cp -r "$(go mod download -json "github.com/prometheus/alertmanager@$alertmanager_version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')" "$source" &&
      chmod -R u+w "$source" && mkdir "$source/ui/app/dist" && touch "$source/ui/app/dist/index.html" &&
      CGO_ENABLED=0 go -C "$source" build -trimpath -tags netgo -o "$dir/" ./cmd/alertmanager
  } || return
  "$dir/alertmanager" "$@"
}

compose_files() {
  local dir=deploy/compose
  debian jq jq && promtool check config $dir/prometheus.yml &&
    compose -f $dir/compose.yaml config --format json >"$tmp/compose.json" &&
    compose -f $dir/compose.yaml -f $dir/compose.token.yaml -f $dir/compose.notify.yaml config --format json >"$tmp/token.json" || return
  compose_versions && compose_mounts && compose_hardened "$tmp/compose.json" && compose_hardened "$tmp/token.json" &&
    compose_flags exporter go run . &&
    compose_flags prometheus tool "github.com/prometheus/prometheus/cmd/prometheus@$prometheus_version" &&
    compose_flags alertmanager alertmanager
}

# Prometheus and Alertmanager run in the versions that check the rules and the configuration.
compose_versions() {
  local v=${prometheus_version#v0.3} image status=0 # a Prometheus 3.16.0 is the module's v0.316.0
  v=v3.$((10#${v%.*})).${v#*.}
  for image in prom/prometheus:"$v" prom/alertmanager:"$alertmanager_version"; do
    jq -e --arg image "$image" 'any(.services[]; .image == $image)' "$tmp/compose.json" >/dev/null ||
      { echo "deploy/compose/compose.yaml: the version checked is $image"; status=1; }
  done
  return $status
}

# If a source of a mount does not exist, an engine makes an empty directory.
compose_mounts() {
  local source status=0
  while read -r source; do
    [[ -e $source ]] || { echo "deploy/compose/compose.yaml mounts $source, which does not exist"; status=1; }
    note+=x
  done < <(jq -r '.services[].volumes[]? | select(.type == "bind").source' "$tmp/compose.json")
  ((${#note})) || { echo "deploy/compose/compose.yaml mounts nothing"; status=1; }
  note=" ${#note} mounts"
  return $status
}

compose_hardened() {
  jq -r '.services | to_entries[] | select(.value |
      (.read_only and .cap_drop == ["ALL"] and .security_opt == ["no-new-privileges:true"]
        and (.ports | all(.host_ip == "127.0.0.1")) and .healthcheck
        and (.build or (.image | test(":v?[0-9]+[.][0-9]+[.][0-9]+$"))))
      | not).key' "$1" >"$tmp/soft" || return
  [[ ! -s $tmp/soft ]] ||
    { echo "not read-only, unprivileged, on loopback only, pinned, and with a health check: $(paste -sd' ' "$tmp/soft")"; return 1; }
}

# compose_flags checks that a service's program has the flags in compose.yaml.
compose_flags() {
  local flag
  "${@:2}" --help >"$tmp/help" 2>&1 || { cat "$tmp/help"; return 1; }
  jq -r ".services.$1.command[]" "$tmp/compose.json" "$tmp/token.json" | sed 's/=.*//' | sort -u >"$tmp/flags"
  [[ -s $tmp/flags ]] || { echo "$1: no flags found"; return 1; }
  while read -r flag; do
    grep -qE -- "^ +--(\[no-\])?${flag#--}( |=|\$)" "$tmp/help" || { echo "$1 has no flag $flag"; return 1; }
  done <"$tmp/flags"
}
