# What is installed: the systemd unit, deb and rpm, the archives of a release, and the workflow that makes it.
actionlint() { tool github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 "$@"; }
goreleaser() { tool "github.com/goreleaser/goreleaser/v2@$goreleaser_version" "$@"; }
goreleaser_version=v2.16.0

systemd_unit() {
  local unit=cloudflare_pcap_exporter.service exposure
  debian systemd-analyze systemd || return
  # verify wants the program to be there; the step of the packages sees to that.
  sed 's|=/usr/bin/cloudflare_pcap_exporter|=/bin/true|' "deploy/systemd/$unit" >"$tmp/$unit" &&
    silent systemd-analyze verify "$tmp/$unit" || return
  exposure=$(systemd-analyze security --offline=true --threshold=19 --no-pager "deploy/systemd/$unit") ||
    { echo "$exposure"$'\nthe exposure should be under 2.0'; return 1; }
  note=" exposure $(grep -o "[0-9.]* OK" <<<"$exposure")"
}

# Leaves ./dist, which the packages are taken from.
release_snapshot() {
  local archive binary name
  # A checkout need not have a remote, but goreleaser wants one.
  local -x GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=remote.origin.url
  local -x GIT_CONFIG_VALUE_0=https://github.com/example/cloudflare_pcap_exporter
  tagged_version && goreleaser check && goreleaser release --snapshot --clean --skip=publish || return
  (cd dist && sha256sum --check --strict sha256sums.txt) || return
  [[ $(cd dist && ls -- *.deb *.rpm *.tar.gz *.spdx.json) == "$(sed 's/^[^ ]*  //' dist/sha256sums.txt | sort)" ]] ||
    { echo "sha256sums.txt does not name each file of the release"; return 1; }
  for archive in dist/*.tar.gz; do
    name=$(basename "$archive" .tar.gz)
    diff <(printf "$name/%s\n" CHANGELOG.md LICENSE README.md cloudflare_pcap_exporter) <(tar -tf "$archive" | LC_ALL=C sort) ||
      { echo "$archive has other files than expected (<)"; return 1; }
  done
  for binary in dist/*/cloudflare_pcap_exporter; do sbom_is_of "$binary" || return; done
  note=" $(wc -l <dist/sha256sums.txt) files"
}

# An SBOM names the modules that are in the binary, and no others.
sbom_is_of() {
  local platform sbom
  platform=$(basename "$(dirname "$1")") && platform=${platform#cloudflare_pcap_exporter_}
  sbom=$(echo dist/*_"${platform%_v*}".spdx.json)
  grep -q '"spdxVersion": "SPDX-2.3"' "$sbom" || { echo "$1 has no list of modules in SPDX 2.3"; return 1; }
  diff <(go version -m "$1" | awk '$1 == "dep" { sub("^v", "", $3); print $2 "@" $3 }' | sort) \
    <(sed -n 's|.*"pkg:golang/\([^"]*\)".*|\1|p' "$sbom" | grep -v -e ^go@ -e ^cloudflare_pcap_exporter@ | sort) ||
    { echo "$sbom: these are the modules that it and $1 do not share"; return 1; }
}

packages() {
  local format program root=$tmp/root unit=usr/lib/systemd/system/cloudflare_pcap_exporter.service
  debian rpm rpm && debian shellcheck shellcheck && shellcheck deploy/packages/*.sh && package_scripts || return
  for format in deb rpm; do
    diff - <(files_of dist/*_linux_amd64.$format) <<'FILES' || { echo "$format: other files than expected"; return 1; }
/etc/cloudflare_pcap_exporter
/etc/default/cloudflare_pcap_exporter
/usr/bin/cloudflare_pcap_exporter
/usr/lib/systemd/system/cloudflare_pcap_exporter.service
/usr/share/doc/cloudflare-pcap-exporter/README.md
/usr/share/doc/cloudflare-pcap-exporter/copyright
configuration /etc/default/cloudflare_pcap_exporter
FILES
  done
  dpkg-deb -x dist/*_linux_amd64.deb "$root" && cmp "deploy/systemd/${unit##*/}" "$root/$unit" || return
  # What the unit runs, with the variables that it is given.
  program=$root$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$root/$unit")
  (set -a && . "$root/etc/default/cloudflare_pcap_exporter" && CLOUDFLARE_ACCOUNT_ID=023e105f4ecef8ad9ca31a8372d0c353 &&
    CLOUDFLARE_API_TOKEN_FILE=<(echo token) "$program" --config.check) || return
  "$program" --version | grep "revision: $(git rev-parse HEAD)"
}

# What the scripts ask of a systemd that refuses it, as that of a unit that does not start: dpkg and rpm must go on.
package_scripts() {
  printf '#!/bin/sh\necho "$*"\nexit 1\n' >"$tmp/systemctl" && chmod +x "$tmp/systemctl" || return
  diff - <(PATH=$tmp:$PATH unshare --mount sh -ec 'mount -t tmpfs run /run; mkdir -p /run/systemd/system; cd deploy/packages
    for call in "postinstall.sh configure" "preremove.sh upgrade" "preremove.sh 1" "preremove.sh remove" "preremove.sh 0" \
      "postremove.sh remove"; do
      echo "$call:"; sh $call
    done; echo all went on' 2>&1) <<'CALLS' || { echo "deploy/packages: the scripts ask for other things (>), or fail"; return 1; }
postinstall.sh configure:
daemon-reload
try-restart cloudflare_pcap_exporter.service
preremove.sh upgrade:
preremove.sh 1:
preremove.sh remove:
disable --now cloudflare_pcap_exporter.service
preremove.sh 0:
disable --now cloudflare_pcap_exporter.service
postremove.sh remove:
daemon-reload
all went on
CALLS
}

# files_of lists what a package installs, without the folders of the system, and what an upgrade leaves as it is.
files_of() {
  case $1 in
    *.deb)
      dpkg-deb --fsys-tarfile "$1" | tar -t | sed 's|^\.||; s|\(_exporter\)/$|\1|' | grep -v '/$' | LC_ALL=C sort
      dpkg-deb -I "$1" conffiles | sed 's/^/configuration /' ;;
    *.rpm)
      rpm -qlp "$1" | LC_ALL=C sort
      rpm -qp --queryformat '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' "$1" | sed -n 's/^cn /configuration /p' ;;
  esac
}

# What a tag releases is what Kubernetes and Helm then install.
tagged_version() {
  local tag file=deploy/helm/cloudflare-pcap-exporter/Chart.yaml
  for tag in $(git tag --points-at HEAD 'v*'); do
    [[ $(sed -nE 's/^(version|appVersion): //p' $file | uniq) == "${tag#v}" ]] || { echo "$file: version and appVersion are not those of the tag $tag"; return 1; }
    grep -qxF "    newTag: ${tag#v}" deploy/kubernetes/base/kustomization.yaml ||
      { echo "deploy/kubernetes/base/kustomization.yaml: newTag is not that of the tag $tag"; return 1; }
  done
}

workflows() {
  debian shellcheck shellcheck && actionlint .github/workflows/*.yml || return
  ! grep -nE 'uses:' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9.]+$' ||
    { echo "pin these to the commit of a release, and name the release"; return 1; }
  grep -q "goreleaser/v2@$goreleaser_version " .github/workflows/*.yml ||
    { echo ".github/workflows should release with goreleaser $goreleaser_version, as .ci/packages.sh does"; return 1; }
}

# A page of installing something begins with the command, ends with what to see, and names only files that exist.
installation_pages() {
  local page path
  for page in deploy/{systemd,packages,docker,compose,kubernetes,helm}/README.md; do
    [[ $(grep -m 1 -E '^(```|    |## )' "$page") != '## '* ]] || { echo "$page should begin with the command"; return 1; }
    [[ $(grep '^## ' "$page" | tail -n 1) == "## You should now see" ]] ||
      { echo "$page should end with what to see"; return 1; }
    for path in $(grep -oE 'deploy/[a-z_/.-]+[a-z]' "$page") \
      $(grep -oE '\]\(\.\.?/[^)#]+' "$page" | sed "s|^](|${page%/*}/|"); do
      [[ -e $path ]] || { echo "$page names $path, which is not there"; return 1; }
    done
  done
  grep -q "goreleaser/v2@$goreleaser_version " deploy/packages/README.md ||
    { echo "deploy/packages/README.md: goreleaser is $goreleaser_version"; return 1; }
}
