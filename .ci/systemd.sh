# Boots a machine with systemd as pid 1. On it, deploy/e2e/systemd/guest.sh does what the pages in deploy/systemd and
# deploy/packages describe. The machine has no network except its own loopback. Sourced by .ci/run.

systemd_as_pid_1() {
  local home=$tmp/systemd root version
  debian systemd-nspawn systemd-container &&
    debian_root bookworm systemd-sysv,systemd-resolved,dbus,iproute2,ca-certificates,curl,rpm || return
  mkdir -p "$home"/{release,checkout/deploy/{systemd,packages}} || return
  for version in 0.2.0 0.1.0; do systemd_packages $version "$home" || return; done
  CGO_ENABLED=0 go -C deploy/e2e build -o "$home/api" ./systemd && cp deploy/e2e/{pages.sh,systemd/guest.sh} "$home" &&
    cp deploy/systemd/* "$home/checkout/deploy/systemd" && cp deploy/packages/* "$home/checkout/deploy/packages" || return
  in_namespaces deploy/e2e/systemd/boot.sh "$root" "$home" || return
  note=" booted in $(paste -sd, "$home/boots" | sed 's/,/ and /'), $(wc -l <"$home/checks") checks"
}

# systemd_packages builds the packages of this tree with the given version. The packages of the older version have
# another unit. The release of a tag differs in its version, and has more platforms.
systemd_packages() {
  sed 's/^Description=.*/Description=older/' deploy/systemd/*.service >"$tmp/older" &&
    sed -e 's/^    targets: .*/    targets: [linux_amd64]/' -e "\$a dist: $tmp/systemd-dist\nsnapshot: { version_template: $1 }" \
      .goreleaser.yaml >"$tmp/goreleaser.yaml" || return
  [[ $1 != 0.1.0 ]] || sed -i "s|src: .*\.service$|src: $tmp/older|" "$tmp/goreleaser.yaml" || return
  goreleaser release -f "$tmp/goreleaser.yaml" --snapshot --clean --skip=publish,sbom,archive,sign || return
  cp "$tmp"/systemd-dist/{*.deb,*.rpm,sha256sums.txt} "$2/release" &&
    cp "$tmp"/systemd-dist/*/cloudflare_pcap_exporter "$2/checkout"
}
