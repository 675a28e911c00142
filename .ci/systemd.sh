# Boots a machine with systemd as pid 1. On it, deploy/e2e/systemd/guest.sh does what the pages in deploy/systemd and
# deploy/packages describe. The machine has no network except its own loopback. Sourced by .ci/run.

systemd_as_pid_1() {
  local home=$tmp/systemd root version
  debian mmdebstrap mmdebstrap && debian systemd-nspawn systemd-container && systemd_root || return
  mkdir -p "$home"/{release,checkout/deploy/{systemd,packages}} || return
  for version in 0.2.0 0.1.0; do systemd_packages $version "$home" || return; done
  CGO_ENABLED=0 go -C deploy/e2e build -o "$home/api" ./systemd && cp deploy/e2e/systemd/guest.sh "$home" &&
    cp deploy/systemd/* "$home/checkout/deploy/systemd" && cp deploy/packages/* "$home/checkout/deploy/packages" || return
  systemd_machine "$root" "$home" || return
  note=" booted in $(paste -sd, "$home/boots" | sed 's/,/ and /'), $(wc -l <"$home/checks") checks"
}

# systemd_root sets root to a folder with a Debian, which is made once.
systemd_root() {
  local packages=systemd-sysv,systemd-resolved,dbus,iproute2,ca-certificates,curl,rpm
  root=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter/bookworm@$(cksum <<<"$packages" | cut -d' ' -f1)
  [[ ! -d $root ]] || return 0
  rm -rf "$root.new" && mmdebstrap --variant=apt --include="$packages" bookworm "$root.new" && mv "$root.new" "$root"
}

# systemd_packages builds the packages of this tree with the given version. The release of a tag differs in its version,
# and has more platforms.
systemd_packages() {
  sed -e 's/^    targets: .*/    targets: [linux_amd64]/' -e "\$a dist: $tmp/systemd-dist\nsnapshot: { version_template: $1 }" \
    .goreleaser.yaml >"$tmp/goreleaser.yaml" || return
  goreleaser release -f "$tmp/goreleaser.yaml" --snapshot --clean --skip=publish,sbom,archive || return
  cp "$tmp"/systemd-dist/{*.deb,*.rpm,sha256sums.txt} "$2/release" &&
    cp "$tmp"/systemd-dist/*/cloudflare_pcap_exporter "$2/checkout"
}

# systemd_machine runs boot.sh in namespaces and in a cgroup of its own, and leaves none of them.
systemd_machine() (
  cgroup=$(findmnt -nt cgroup2 -o TARGET | head -n 1) && [[ -n $cgroup ]] || { echo "there is no cgroup2"; return 1; }
  cgroup+=/cloudflare_pcap_exporter.$BASHPID && mkdir "$cgroup" || return
  (echo $BASHPID >"$cgroup/cgroup.procs" &&
    exec unshare --mount --cgroup --net --pid --fork --kill-child --mount-proc bash deploy/e2e/systemd/boot.sh "$@") &
  trap 'kill -KILL $! 2>/dev/null; systemd_cleanup "$cgroup"' EXIT
  timeout 900 tail --pid=$! -f /dev/null || { echo "the machine has not done its work in 15 minutes"; return 1; }
  wait $!
)

# systemd_cleanup removes a cgroup as soon as its processes have ended.
systemd_cleanup() {
  local i
  for ((i = 0; i < 100; i++)); do
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    [[ -d $1 ]] || return 0
    sleep 0.1
  done
  echo "$1 is still in use"
}
