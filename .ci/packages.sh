# Checks the systemd unit, the packages, the files of a release, the workflow and the installation pages. Sourced by
# .ci/run.
actionlint() { tool github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 "$@"; }
# goreleaser fails in a checkout without a remote.
goreleaser() {
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=remote.origin.url GIT_CONFIG_VALUE_0=https://github.com/example/cloudflare_pcap_exporter \
    tool "github.com/goreleaser/goreleaser/v2@$goreleaser_version" "$@"
}
goreleaser_version=v2.16.0

systemd_unit() {
  local unit=cloudflare_pcap_exporter.service exposure
  debian systemd-analyze systemd || return
  # verify fails if the program does not exist. The step "deb and rpm packages" checks its path.
  sed 's|=/usr/bin/cloudflare_pcap_exporter|=/bin/true|' "deploy/systemd/$unit" >"$tmp/$unit" &&
    silent systemd-analyze verify "$tmp/$unit" || return
  exposure=$(systemd-analyze security --offline=true --threshold=19 --no-pager "deploy/systemd/$unit") ||
    { echo "$exposure"$'\nthe exposure should be below 2.0'; return 1; }
  note=" exposure $(grep -o "[0-9.]* OK" <<<"$exposure")"
}

# release_snapshot leaves ./dist, where packages() finds the packages.
release_snapshot() {
  local archive binary name
  tagged_version && release_notes_are_complete && goreleaser check || return
  # Only the workflow has an identity to sign with.
  mkdir -p "$tmp/cosign" && printf '%s\n' '#!/bin/sh' 'echo "$@" >>dist/signed' 'touch "${3#--bundle=}"' >"$tmp/cosign/cosign" && chmod +x "$tmp/cosign/cosign" &&
    PATH=$tmp/cosign:$PATH goreleaser release --snapshot --clean --skip=publish &&
    diff - dist/signed <<<"sign-blob --yes --bundle=dist/sha256sums.txt.sigstore.json dist/sha256sums.txt" || { echo "not the expected signatures (<)"; return 1; }
  (cd dist && sha256sum --check --strict sha256sums.txt) || return
  [[ $(cd dist && ls -- *.deb *.rpm *.tar.gz *.spdx.json) == "$(sed 's/^[^ ]*  //' dist/sha256sums.txt | sort)" ]] ||
    { echo "sha256sums.txt does not list all files of the release"; return 1; }
  for archive in dist/*.tar.gz; do
    name=$(basename "$archive" .tar.gz)
    diff <(printf "$name/%s\n" CHANGELOG.md LICENSE README.md cloudflare_pcap_exporter) <(tar -tf "$archive" | LC_ALL=C sort) ||
      { echo "$archive does not have the expected files (<)"; return 1; }
  done
  for binary in dist/*/cloudflare_pcap_exporter; do sbom_is_of "$binary" || return; done
  note=" $(wc -l <dist/sha256sums.txt) files"
}

# sbom_is_of checks that the SBOM of a binary lists the modules of the binary, and no others.
sbom_is_of() {
  local platform sbom
  platform=$(basename "$(dirname "$1")") && platform=${platform#cloudflare_pcap_exporter_}
  sbom=$(echo dist/*_"${platform%_v*}".spdx.json)
  grep -q '"spdxVersion": "SPDX-2.3"' "$sbom" || { echo "$sbom is not in SPDX 2.3"; return 1; }
  diff <(go version -m "$1" | awk '$1 == "dep" { sub("^v", "", $3); print $2 "@" $3 }' | sort) \
    <(sed -n 's|.*"pkg:golang/\([^"]*\)".*|\1|p' "$sbom" | grep -v -e ^go@ -e ^cloudflare_pcap_exporter@ | sort) ||
    { echo "$1 (<) and $sbom (>) have different modules"; return 1; }
}

packages() {
  local format program root=$tmp/root unit=usr/lib/systemd/system/cloudflare_pcap_exporter.service
  debian rpm rpm && debian shellcheck shellcheck && shellcheck deploy/packages/*.sh && package_scripts || return
  for format in deb rpm; do
    diff - <(files_of dist/*_linux_amd64.$format) <<'FILES' || { echo "$format: not the expected files (<)"; return 1; }
/etc/cloudflare_pcap_exporter
/usr/bin/cloudflare_pcap_exporter
/usr/lib/systemd/system/cloudflare_pcap_exporter.service
/usr/share/doc/cloudflare-pcap-exporter
/usr/share/doc/cloudflare-pcap-exporter/README.md
/usr/share/doc/cloudflare-pcap-exporter/copyright
FILES
  done
  dpkg-deb -x dist/*_linux_amd64.deb "$root" && cmp "deploy/systemd/${unit##*/}" "$root/$unit" || return
  # Run what the unit runs.
  program=$root$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$root/$unit")
  echo token >"$tmp/token" || return
  CLOUDFLARE_ACCOUNT_ID=023e105f4ecef8ad9ca31a8372d0c353 CLOUDFLARE_API_TOKEN_FILE=$tmp/token "$program" --config.check || return
  "$program" --version | grep "revision: $(git rev-parse HEAD)"
}

# package_scripts runs the scripts with a systemctl that always fails, as it does if a unit does not start. The scripts
# must not fail, because dpkg and rpm would stop halfway.
package_scripts() {
  local program bin=$tmp/scripts && mkdir -p "$bin" || return
  for program in systemctl useradd; do
    printf '#!/bin/sh\necho "${0##*/} $*"\n[ "${0##*/}" = useradd ]\n' >"$bin/$program" && chmod +x "$bin/$program" || return
  done
  diff - <(PATH=$bin:$PATH unshare --mount sh -ec 'mount -t tmpfs run /run; mkdir -p /run/systemd/system; cd deploy/packages
    for call in "postinstall.sh configure" "postremove.sh upgrade" "postremove.sh 1" "postremove.sh remove" "postremove.sh 0"; do
      echo "$call:"; sh $call
    done; echo none failed' 2>&1) <<'CALLS' || { echo "deploy/packages: the scripts fail, or call other programs (>)"; return 1; }
postinstall.sh configure:
useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin cloudflare_pcap_exporter
systemctl daemon-reload
systemctl try-restart cloudflare_pcap_exporter.service
postremove.sh upgrade:
postremove.sh 1:
postremove.sh remove:
systemctl stop cloudflare_pcap_exporter.service
systemctl daemon-reload
systemctl reset-failed cloudflare_pcap_exporter.service
postremove.sh 0:
systemctl stop cloudflare_pcap_exporter.service
systemctl daemon-reload
systemctl reset-failed cloudflare_pcap_exporter.service
none failed
CALLS
}

# files_of lists the files of a package, its own directories, and the files that an upgrade does not replace.
files_of() {
  case $1 in
    *.deb)
      dpkg-deb --fsys-tarfile "$1" | tar -t | sed 's|^\.||; s|\([_-]exporter\)/$|\1|' | grep -v '/$' | LC_ALL=C sort
      dpkg-deb -I "$1" conffiles | sed 's/^/configuration /' ;;
    *.rpm)
      rpm -qlp "$1" | LC_ALL=C sort
      rpm -qp --queryformat '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' "$1" | sed -n 's/^cn /configuration /p' ;;
  esac
}

# release_notes prints the notes of a version: its section of CHANGELOG.md, and how to verify the release.
release_notes() {
  local repository=${GITHUB_REPOSITORY:-example/cloudflare_pcap_exporter} identity
  identity="--certificate-identity=https://github.com/$repository/.github/workflows/ci.yml@refs/tags/v$1"
  awk -v version="$1" '/^## / { on = $2 == version; next } on' CHANGELOG.md
  cat <<NOTES

## Verify

The checksums are signed. Download \`sha256sums.txt\`, \`sha256sums.txt.sigstore.json\` and the files that you need:

\`\`\`
cosign verify-blob --bundle=sha256sums.txt.sigstore.json $identity \\
  --certificate-oidc-issuer=https://token.actions.githubusercontent.com sha256sums.txt
sha256sum --check --ignore-missing sha256sums.txt
\`\`\`

\`gh attestation verify FILE --repo $repository\` shows the workflow and the commit that built a file.

The image is signed in the same way. It has an SBOM and a provenance attestation:

\`\`\`
image=ghcr.io/$(dirname "${repository,,}")/cloudflare-pcap-exporter:$1
cosign verify $identity \\
  --certificate-oidc-issuer=https://token.actions.githubusercontent.com \$image
docker buildx imagetools inspect \$image --format '{{ json .SBOM }} {{ json .Provenance }}'
\`\`\`
NOTES
}

# release_notes_are_complete checks the notes of the newest version.
release_notes_are_complete() {
  local version && version=$(awk '/^## / { print $2; exit }' CHANGELOG.md) && release_notes "$version" >"$tmp/notes.md" || return
  awk '/^\* / { n++; if (!/^\* \[(CHANGE|FEATURE|ENHANCEMENT|BUGFIX)\] /) bad = 1 } END { exit bad || !n }' "$tmp/notes.md" &&
    [[ $(grep '^## ' "$tmp/notes.md") == "## Verify" ]] ||
    { echo "CHANGELOG.md has no section for $version, or a wrong one:"; cat "$tmp/notes.md"; return 1; }
}

# tagged_version checks that the changelog has the version of the tag, and that Kubernetes and Helm install it.
tagged_version() {
  local tag file=deploy/helm/cloudflare-pcap-exporter/Chart.yaml
  for tag in $(git tag --points-at HEAD 'v*'); do
    [[ $(sed -nE 's/^(version|appVersion): //p' $file | uniq) == "${tag#v}" ]] || { echo "$file: version and appVersion differ from the tag $tag"; return 1; }
    grep -qxE "## ${tag#v} / [0-9]{4}-[0-9]{2}-[0-9]{2}" CHANGELOG.md || { echo "CHANGELOG.md has no date for the tag $tag"; return 1; }
    grep -qxF "    newTag: ${tag#v}" deploy/kubernetes/base/kustomization.yaml ||
      { echo "deploy/kubernetes/base/kustomization.yaml: newTag differs from the tag $tag"; return 1; }
  done
}

# shell_syntax checks a script that may use variables of others, or empty ones.
shell_syntax() { debian shellcheck shellcheck && shellcheck --shell=bash --severity=warning --exclude=SC1007,SC1090,SC2034,SC2154 "$1"; }

workflows() {
  local base
  debian shellcheck shellcheck && actionlint .github/workflows/*.yml || return
  ! grep -nE 'uses:' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9.]+$' ||
    { echo "pin these to the commit of a release, with its version in a comment"; return 1; }
  grep -q "goreleaser/v2@$goreleaser_version " .github/workflows/*.yml ||
    { echo ".github/workflows should use goreleaser $goreleaser_version, as .ci/packages.sh does"; return 1; }
  base=$(sed -n 's/^FROM --platform=$BUILDPLATFORM \(.*@sha256:[0-9a-f]\{64\}\) AS build$/\1/p' Dockerfile) && [[ -n $base ]] ||
    { echo "pin the base image of the Dockerfile to a digest"; return 1; }
  grep -qxF "      image: $base" .github/workflows/ci.yml || { echo ".github/workflows should use the base image of the Dockerfile, $base"; return 1; }
}

# installation_pages checks that each page begins with a command, ends with the expected result and how to remove it, and
# refers only to files that exist.
installation_pages() {
  local page path
  for page in deploy/{systemd,packages,docker,compose,kubernetes,helm}/README.md; do
    [[ $(grep -m 1 -E '^(```|    |## )' "$page") != '## '* ]] || { echo "$page should begin with the command"; return 1; }
    [[ $(grep '^## ' "$page" | tail -n 2) == "## You should now see"$'\n'"## Remove" ]] ||
      { echo "$page should end with \"You should now see\" and \"Remove\""; return 1; }
    for path in $(grep -oE 'deploy/[a-z_/.-]+[a-z]' "$page") \
      $(grep -oE '\]\(\.\.?/[^)#]+' "$page" | sed "s|^](|${page%/*}/|"); do
      [[ -e $path ]] || { echo "$page refers to $path, which does not exist"; return 1; }
    done
  done
}
