#!/usr/bin/env bash
# Builds, runs and removes the exporter with a Docker engine, as the pages describe it. boot.sh runs this on a machine made
# for it. Any command that fails ends the script, so each assertion is a line of its own.
set -Eeuo pipefail
. /root/pages.sh
exec 3>&1
trap failed ERR

readonly host=192.0.2.53 account=023e105f4ecef8ad9ca31a8372d0c353 etc=/etc/cloudflare_pcap_exporter
readonly demo=0c5e1f3a9b7d4e2688a1d4f6b3c97e50 # the account with failures
readonly name=cloudflare-pcap-exporter release=registry.example.com/cloudflare-pcap-exporter:0.1.0

main() {
  simulate_internet
  start_engine
  build_stand_ins
  demo_run
  compose_demo
  compose_notifies
  other_architectures & # which compiles while the demo fails
  notified
  wait $!
  image_pushed
  mistakes_explained
  compose_account
  compose_removed
  container_run
  token_changed docker
  configuration_reloaded
  container_stopped
  every_block_was_used docker compose
}

# simulate_internet serves the API under its usual name, a registry, and a webhook.
simulate_internet() {
  ip link set lo up
  ip address add $host/32 dev lo
  echo "127.0.0.1 localhost registry.example.com $(hostname)" >/etc/hosts
  echo "nameserver $host" >/etc/resolv.conf
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=api \
    -addext subjectAltName=DNS:api.cloudflare.com,DNS:registry.example.com -keyout api.key -out api.crt 2>&1
  cp api.crt /usr/local/share/ca-certificates/
  update-ca-certificates
  cat api.crt >>stand-ins/base/etc/ssl/certs/ca-certificates.crt
  echo first >tokens
  ./internet $host api.crt api.key tokens &>api.log &
  printf '%s\n' 'version: 0.1' 'http: { addr: "127.0.0.1:443", tls: { certificate: api.crt, key: api.key } }' \
    'storage: { filesystem: { rootdirectory: /tmp/registry } }' >registry.yml
  docker-registry serve registry.yml &>registry.log &
  mkdir -p www/cgi-bin
  printf '%s\n' '#!/bin/sh' 'head -c $CONTENT_LENGTH >>/root/notifications' 'echo "Status: 200"; echo' >www/cgi-bin/page
  chmod +x www/cgi-bin/page
  stand-ins/busybox httpd -p $host:8080 -h www
  # The checkout's revision.
  printf '%s\n' '#!/bin/sh' '[ "$*" = "rev-parse HEAD" ] && echo 0123456789abcdef' >/usr/bin/git
  chmod +x /usr/bin/git
}

start_engine() {
  mkdir -p /etc/docker
  # The image store builds for several platforms. It is the default since Docker 29.
  echo '{ "features": { "containerd-snapshotter": true } }' >/etc/docker/daemon.json
  dockerd &>dockerd.log &
  eventually docker info
}

# build_stand_ins builds images for those that a registry would have. BuildKit exchanges the base image, by its digest.
build_stand_ins() {
  local image base
  base=$(sed -n 's/^FROM .*\(golang:[^ ]*@sha256:[^ ]*\) AS build$/\1/p' checkout/Dockerfile)
  [[ -n $base ]]
  (cd stand-ins && docker build --target base -t golang:stand-in .)
  jq -n --arg base "docker-image://docker.io/library/$base" '{ rules: [{ action: "CONVERT", selector: { identifier: $base },
    updates: { identifier: "docker-image://docker.io/library/golang:stand-in" } }] }' >policy.json
  export EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=/root/policy.json
  for image in $(docker compose -f checkout/deploy/compose/compose.yaml config --images); do
    case $image in
      prom/*) image_of_program "$image" ;;
      # No Grafana can be built here, so this only responds to the health check.
      grafana/*) (cd stand-ins && docker build --target web -t "$image" .) ;;
    esac
  done
}

image_of_program() {
  local program=${1%:*} && program=${program#*/}
  (cd stand-ins && docker build --target program --build-arg PROGRAM="$program" -t "$1" .)
}

demo_run() {
  local pid start=$SECONDS
  check "the image and the demo"
  (cd checkout && run docker 'docker run --rm') &
  pid=$!
  within 600 docker image inspect $name
  figure "image $((SECONDS - start)) s"
  eventually metric "cloudflare_pcap_up{account=\"$demo\"} 1"
  check "Ctrl-C stops the demo"
  pkill -INT -f '^docker run --rm'
  wait $pid
  [[ -z $(docker ps -aq) ]]
}

compose_demo() {
  local start=$SECONDS port
  check "the project is healthy"
  (cd checkout && run compose 'cd deploy/compose')
  figure "project $((SECONDS - start)) s"
  in_compose 'docker compose ps' | tee seen
  [[ $(grep -c '(healthy)' seen) == 4 ]]
  check "ports are open on this machine only"
  for port in 17227 9090 9093 3000; do
    curl -sS -o /dev/null http://127.0.0.1:$port
    fails curl -sS -o /dev/null http://$host:$port
  done
  check "Prometheus has loaded the rules, and scrapes"
  eventually prometheus query '.data.result[0].value[1] == "1"' --data-urlencode "query=cloudflare_pcap_up{account=\"$demo\"}"
  prometheus rules 'any(.data.groups[].rules[]; .name == "CloudflarePcapCaptureFailed")'
}

compose_notifies() {
  check "notifications"
  in_compose 'page_url' "http://$host:8080/cgi-bin/page"
}

notified() {
  local start=$SECONDS
  check "the demo's failure arrives at a webhook"
  within 180 notified_of "$demo" CloudflarePcapCaptureFailed
  figure "notification $((SECONDS - start)) s"
}

other_architectures() {
  (cd checkout && run docker 'docker buildx build')
}

image_pushed() {
  local architecture digest config
  check "the image for each platform has two files"
  pushed manifests/0.1.0 >index.json
  for architecture in amd64 arm64; do
    digest=$(jq -er ".manifests[] | select(.platform.architecture == \"$architecture\").digest" index.json)
    pushed "manifests/$digest" >manifest.json
    mkdir "files.$architecture"
    for digest in $(jq -er '.layers[].digest' manifest.json); do pushed "blobs/$digest" | tar -xzC "files.$architecture"; done
    diff - <(cd "files.$architecture" && find . ! -type d | sort) <<<"./bin/cloudflare_pcap_exporter"$'\n'"./etc/ssl/certs/ca-certificates.crt"
  done
  [[ $(machine files.amd64) == 3e00 ]]
  [[ $(machine files.arm64) == b700 ]]
  check "the labels and the health check of the image"
  config=$(jq -er .config.digest manifest.json)
  diff - <(pushed "blobs/$config" | jq -r '.config | .User, (.ExposedPorts | keys[]), .Labels["org.opencontainers.image.version"],
    .Labels["org.opencontainers.image.revision"], .Labels["org.opencontainers.image.licenses"]') <<'CONFIG'
65532:65532
17227/tcp
0.1.0
0123456789abcdef
Apache-2.0
CONFIG
  check "only the base image is a stand-in"
  digest=$(jq -er '[.manifests[] | select(.annotations["vnd.docker.reference.type"] == "attestation-manifest")][0].digest' index.json)
  pushed "manifests/$digest" >manifest.json
  pushed "blobs/$(jq -er '.layers[0].digest' manifest.json)" >provenance.json
  [[ $(jq -r '.predicate.materials[].uri' provenance.json) == "pkg:docker/golang@stand-in?platform=linux%2Famd64" ]]
  check "the pushed image"
  docker run --rm $release --version | tee seen
  grep '0.1.0.*revision: 0123456789abcdef' seen
  docker rmi $release
}

mistakes_explained() {
  check "the page explains mistakes"
  fails docker compose -f checkout/deploy/compose/compose.yaml -f checkout/deploy/compose/compose.token.yaml up &>seen
  explains compose 'required variable CLOUDFLARE_ACCOUNT_ID is missing a value' <seen
  fails in_compose 'export CLOUDFLARE_ACCOUNT_ID' &>seen
  explains compose 'bind source path does not exist' <seen
  install -D -m 0600 /dev/null $etc/token
  fails in_compose 'export CLOUDFLARE_ACCOUNT_ID' &>seen
  explains compose "container $name-1 is unhealthy" <seen
  docker logs $name-1 &>seen
  grep 'permission denied' seen
}

compose_account() {
  local container
  check "the account instead of the demo"
  run docker 'install -d' first
  in_compose 'export CLOUDFLARE_ACCOUNT_ID'
  eventually metric "cloudflare_pcap_up{account=\"$account\"} 1"
  fails run docker 'docker run -d' &>seen
  explains compose 'port is already allocated' <seen
  docker rm $name
  container=$(docker inspect -f '{{.State.StartedAt}}' $name-1)
  token_changed compose
  [[ $(docker inspect -f '{{.State.StartedAt}}' $name-1) == "$container" ]]
}

# token_changed lets the API accept another token, and replaces the file as the page describes it.
token_changed() {
  local token
  check "a new token, with $1"
  token=token-of-$1
  echo "$token" >tokens
  eventually metric "cloudflare_pcap_up{account=\"$account\"} 0"
  run docker 'token.new' "$token"
  eventually metric "cloudflare_pcap_up{account=\"$account\"} 1"
}

compose_removed() {
  check "nothing is left of the project"
  in_compose 'docker compose down'
  [[ -z $(docker ps -aq; docker volume ls -q; docker network ls -qf name=cloudflare) ]]
}

container_run() {
  local pid status
  check "the container with an account"
  run docker 'docker run -d'
  eventually sees
  check "the container has no privileges"
  pid=$(docker inspect -f '{{.State.Pid}}' $name)
  status=$(cat "/proc/$pid/status")
  grep -P '^Uid:\t65532\t65532\t65532\t65532$' <<<"$status"
  [[ $(grep -cP '^Cap(Prm|Eff|Bnd):\t0+$' <<<"$status") == 3 ]]
  grep -P '^NoNewPrivs:\t1$' <<<"$status"
  grep -P '^Seccomp:\t2$' <<<"$status"
  check "its root is read-only"
  fails touch "/proc/$pid/root/written" 2>seen
  grep 'Read-only file system' seen
  check "its log"
  run docker 'docker logs' &>seen
  grep 'level=info.*listening' -i seen
}

configuration_reloaded() {
  check "a configuration file"
  docker rm -f $name
  printf '%s\n' 'accounts:' "  - { id: $account, name: edge-prod }" 'credentials:' \
    "  default: { authorization: { credentials_file: $etc/token } }" >$etc/config.yml
  code docker 'docker run -d' | sed -z "s|--cloudflare.api-token-file.*|--config.file=$etc/config.yml|" >configured.sh
  bash -eux configured.sh
  eventually metric 'cloudflare_pcap_account_info{.*name="edge-prod"'
  sed -i s/edge-prod/edge-lab/ $etc/config.yml
  run docker 'docker kill -s HUP'
  eventually metric 'cloudflare_pcap_account_info{.*name="edge-lab"'
  check "a reload of a wrong file changes nothing"
  echo 'wrong: [' >>$etc/config.yml
  run docker 'docker kill -s HUP'
  eventually metric 'cloudflare_pcap_exporter_config_last_reload_successful 0'
  metric 'cloudflare_pcap_account_info{.*name="edge-lab"'
}

container_stopped() {
  local start=$SECONDS
  check "docker stop ends it within its grace"
  docker stop -t 30 $name
  [[ $(docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' $name) == "exited 0" ]]
  ((SECONDS - start < 10))
  check "nothing is left of the container"
  run docker 'docker rm'
  [[ -z $(docker ps -aq; docker images -q $name; ls -d $etc 2>/dev/null) ]]
}

# The services.

in_compose() { (cd /root/checkout/deploy/compose && run compose "$@"); }
metric() { curl -s http://127.0.0.1:17227/metrics >metrics && grep "^$1" metrics; }
prometheus() { curl -sS -G "http://127.0.0.1:9090/api/v1/$1" "${@:3}" | jq -e "$2"; }
notified_of() { jq -e --arg account "$1" --arg alert "$2" 'select(any(.alerts[]; .labels | .account == $account and .alertname == $alert))' notifications >seen && [[ -s seen ]]; }
pushed() { curl -sSf -H 'Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' "https://registry.example.com/v2/$name/$1"; }
machine() { od -An -j 18 -N 2 -tx1 "$1/bin/cloudflare_pcap_exporter" | tr -d ' '; } # e_machine of ELF
sees() { run docker 'docker inspect -f' >seen 2>&1; grep -x healthy seen && grep "^cloudflare_pcap_up{account=\"$account\"} 1" seen; }

figure() { printf '%s' "${figures:+,} $1" >>/root/figures; figures=1; }

failed() {
  ((BASH_SUBSHELL == 0)) || return 0
  trap - ERR
  exec >&3 2>&1
  echo "FAILED: $(tail -n 1 /root/checks), in guest.sh: ${FUNCNAME[*]:1} (lines ${BASH_LINENO[*]})"
  docker ps -a || :
  docker logs --tail 20 $name || docker logs --tail 20 $name-1 || :
  tail -n 20 dockerd.log api.log registry.log seen notifications | cut -c 1-400 || :
  exit 1
}

cd /root
main
