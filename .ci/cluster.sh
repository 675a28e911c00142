# Runs deploy/kubernetes and deploy/helm on a real node, with KUBERNETES=1: a control
# plane, containerd and a kubelet in namespaces of their own. Compiling Kubernetes takes
# long, so the binaries are cached.

kubernetes_version=1.34.4

kubernetes_node() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter work=$tmp/cluster
  [[ ${KUBERNETES-} == 1 ]] || { note=" it compiles Kubernetes; set KUBERNETES=1 to run it"; return $nothing_checked; }
  debian ip iproute2 && debian pgrep procps && debian jq jq && debian openssl openssl && debian curl curl && image_tools && helm version || return
  mkdir -p "$work/log" && operator_crds && cp -r "$crds" "$work/crds" && cluster_programs "$cache/kubernetes@$kubernetes_version" && cluster_images "$work" || return
  cluster_started "$cache/kubernetes@$kubernetes_version" "$cache/bin/helm@$helm_version" "$work" || { cluster_logs "$work"; return 1; }
  note=$'\n'$(sed 's/^/     /' "$work/figures")
}

# cluster_programs builds Kubernetes and etcd, and unpacks Debian's containerd.
cluster_programs() {
  local source build version=k8s.io/component-base/version
  if [[ ! -e $1/kubelet ]]; then
    source=$(go mod download -json "k8s.io/kubernetes@v$kubernetes_version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p') && [[ -n $source ]] || return
    build=$(mktemp -d -p "$tmp") && cp "$source/go.sum" "$build" && chmod u+w "$build/go.sum" &&
      # Kubernetes replaces its libraries by directories that its module does not contain.
      sed -E "s,^module .*,module cluster,; s,=> \./staging/src/(.*),=> \1 v0.${kubernetes_version#1.}," "$source/go.mod" >"$build/go.mod" &&
      go -C "$build" mod edit -require "k8s.io/kubernetes@v$kubernetes_version" &&
      GOFLAGS=-mod=mod CGO_ENABLED=0 go -C "$build" build -trimpath -o "$1.new/" \
        -ldflags "-s -w -X $version.gitVersion=v$kubernetes_version -X $version.gitMajor=1 -X $version.gitMinor=${kubernetes_version:2:2}" \
        k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kubectl} go.etcd.io/etcd/server/v3 &&
      mv "$1.new/server" "$1.new/etcd" && mkdir -p "$1" && mv "$1.new"/* "$1" && rmdir "$1.new" || return
  fi
  if [[ ! -e $1/debian ]]; then
    build=$(mktemp -d -p "$tmp") && chmod 755 "$build" && apt-get update &&
      (cd "$build" && apt-get download containerd runc containernetworking-plugins &&
        for package in *.deb; do dpkg-deb -x "$package" debian || exit; done) && mv "$build/debian" "$1/debian" || return
  fi
}

# cluster_images writes images.tar: the last stage of the Dockerfile with the exporter
# and a certificate for the simulated API, and an image for the pods' sandboxes.
cluster_images() {
  local tag root=$1/image store=$1/store
  tag=$(sed -n 's/^ *newTag: //p' deploy/kubernetes/base/kustomization.yaml) && mkdir -p "$root/etc/ssl/certs" "$root/pause" &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=api.cloudflare.com \
      -addext subjectAltName=DNS:api.cloudflare.com -keyout "$1/key.pem" -out "$1/certificate.pem" &&
    cat /etc/ssl/certs/ca-certificates.crt "$1/certificate.pem" >"$root/etc/ssl/certs/ca-certificates.crt" &&
    CGO_ENABLED=0 go build -trimpath -o "$root/cloudflare_pcap_exporter" . &&
    go -C deploy/e2e build -o "$1/internet" ./kubernetes &&
    sed -n '/^FROM scratch/,$ { s/--from=build //; p }' Dockerfile >"$root/Dockerfile" &&
    cp "$(command -v busybox)" "$root/pause" && printf 'FROM scratch\nCOPY busybox /bin/\nENTRYPOINT ["/bin/busybox", "sleep", "infinity"]\n' >"$root/pause/Dockerfile" &&
    cluster_image "$store" "$root" "ghcr.io/example/cloudflare-pcap-exporter:$tag" "$1/exporter.tar" &&
    cluster_image "$store" "$root/pause" localhost/pause:1 "$1/pause.tar" && rm -rf "$store"
}

cluster_image() {
  local buildah=(buildah --root "$1/root" --runroot "$1/run" --storage-driver vfs)
  "${buildah[@]}" bud --isolation chroot --format docker --tag "$3" "$2" && "${buildah[@]}" push "$3" "docker-archive:$4:$3"
}

# cluster_started starts a node in namespaces, and runs the checks there. The processes
# and mounts end with the namespaces.
cluster_started() {
  local status=0
  cluster_group=cloudflare_pcap_exporter-$$ && trap 'cluster_remove; rm -rf "$tmp"' EXIT && cluster_groups || return
  setpriv --pdeathsig KILL unshare --mount --net --pid --ipc --uts --fork --kill-child --mount-proc \
    bash deploy/e2e/kubernetes/node.sh "$1" "$2" "$3" "$cluster_group" &
  cluster_pid=$!
  wait "$cluster_pid" || status=$?
  cluster_pid=
  cluster_remove && return $status
}

# cluster_groups makes a cgroup for the node in each hierarchy.
cluster_groups() {
  local dir
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    mkdir "/sys/fs/cgroup/$cluster_group" || return
    # In a container, the root has processes, and then it cannot have controllers.
    cluster_controllers || { mkdir -p /sys/fs/cgroup/init &&
      xargs -rn1 </sys/fs/cgroup/cgroup.procs >/sys/fs/cgroup/init/cgroup.procs || :; cluster_controllers; }
  else
    for dir in /sys/fs/cgroup/*/; do mkdir "$dir$cluster_group" || return; done
  fi
}

cluster_controllers() { sed 's/ / +/g; s/^/+/' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control; }

# cluster_remove ends the node and removes its cgroups.
cluster_remove() {
  local deadline=$((SECONDS + 30))
  [[ -z ${cluster_pid-} ]] || kill -KILL "$cluster_pid"
  # A cgroup cannot be removed before its last process has ended.
  until find /sys/fs/cgroup -depth -type d \( -name "$cluster_group" -o -path "*/$cluster_group/*" \) -exec rmdir {} + 2>"$tmp/rmdir" && [[ ! -s $tmp/rmdir ]]; do
    ((SECONDS < deadline)) || { cat "$tmp/rmdir"; return 1; }
    sleep 0.2
  done
}

cluster_logs() {
  local log
  for log in "$1"/log/*; do echo "== the end of ${log##*/}"; tail -n 15 "$log"; done
}

# page_block prints the first code block of a page that contains a text, without its indentation.
page_block() {
  awk -v text="$2" '
    /^ *```/ && on { if (index(block, text)) { printf "%s", block; found = 1; exit } on = 0; next }
    /^ *```/ { on = 1; indent = index($0, "`"); block = ""; next }
    { block = block substr($0, indent) "\n" }
    END { exit !found }' "$1" || { echo "$1 has no code block with '$2'" >&2; return 1; }
}
