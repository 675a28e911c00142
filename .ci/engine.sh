# Runs a Docker engine. With it, deploy/e2e/engine/guest.sh does what the pages in deploy/docker and deploy/compose describe.
# The engine has no network except its own loopback. Sourced by .ci/run.

docker_engine() {
  local home=$tmp/engine root packages=docker.io,docker-cli,docker-buildx,docker-compose,docker-registry
  debian busybox busybox-static && debian_root trixie "$packages,iptables,iproute2,procps,curl,jq,sudo,ca-certificates,mount" &&
    stand_ins "$home/stand-ins" && CGO_ENABLED=0 go -C deploy/e2e build -o "$home/internet" ./kubernetes &&
    cp deploy/e2e/pages.sh deploy/e2e/engine/guest.sh "$home" && mkdir "$home/checkout" &&
    cp -r --parents Dockerfile .dockerignore go.mod go.sum main.go cfapi collector \
      deploy/{docker,compose,prometheus,alertmanager,grafana} "$home/checkout" || return
  in_namespaces deploy/e2e/engine/boot.sh "$root" "$home" || return
  note=" $(wc -l <"$home/checks") checks;$(cat "$home/figures")"
}

# stand_ins makes a directory with the content of the stand-ins for public images.
stand_ins() {
  local bin=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter/bin
  mkdir -p "$1/empty" && base_image "$1/base" && alertmanager --version || return
  tool "github.com/prometheus/prometheus/cmd/prometheus@$prometheus_version" --version &&
    cp "$bin/prometheus@$prometheus_version/prometheus" "$bin/alertmanager@$alertmanager_version/alertmanager" \
      "$(command -v busybox)" deploy/e2e/engine/Dockerfile "$1"
}

# base_image makes a directory with what the Dockerfile needs of its base image: a shell, certificates, Go and the modules. It
# also has the packages that the exporter imports, compiled for both platforms, which takes minutes.
base_image() {
  local arch proxy cache=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter/image-build
  proxy=file://$(go env GOMODCACHE)/cache/download && mkdir -p "$1"/{bin,etc/ssl/certs,usr/local/go,tmp} && go mod download || return
  for arch in amd64 arm64; do
    (export CGO_ENABLED=0 GOARCH=$arch && go list -deps -f '{{ if not (and .Module .Module.Main) }}{{ .ImportPath }}{{ end }}' . |
      GOCACHE=$cache xargs go build -trimpath) || return
  done
  (export GOMODCACHE=$tmp/modules GOPROXY=$proxy GOSUMDB=off GOFLAGS=-modcacherw && go mod download) &&
    cp -r "$cache" "$1/cache" && cp -r "$tmp/modules/cache/download" "$1/proxy" && cp "$(command -v busybox)" "$1/bin/sh" &&
    cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs" &&
    tar -C "$(go env GOROOT)" --exclude={./api,./doc,./misc,./test,./src/cmd,testdata,'*_test.go'} -c . | tar -xC "$1/usr/local/go"
}
