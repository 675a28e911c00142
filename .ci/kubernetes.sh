# Checks deploy/kubernetes and deploy/helm as far as it goes without a cluster:
# Kubernetes' schemas, its pod security admission, and the exporter itself.

kustomize() { tool sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 "$@"; }
kubectl-validate() { tool sigs.k8s.io/kubectl-validate@v0.0.4 "$@"; }
helm() { HELM_CACHE_HOME=$tmp/helm HELM_CONFIG_HOME=$tmp/helm tool helm.sh/helm/v4/cmd/helm@v4.3.1 "$@"; }
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
chart=deploy/helm/cloudflare-pcap-exporter

kubernetes_manifests() {
  kubernetes_prepare || return
  kustomize build deploy/kubernetes/base >"$kube/base.yaml" && admitted "$kube/base.yaml" || return
  kustomize build deploy/kubernetes/demo >"$kube/demo.yaml" && admitted "$kube/demo.yaml" || return
  # The kustomization of the README, with this tree in place of the repository.
  mkdir -p "$kube/readme" && cp deploy/kubernetes/base/config.yml "$kube/readme" &&
    code_block yaml deploy/kubernetes/README.md |
    sed -E "s,https://[^?]*//(deploy[^?]*)\?.*,$(realpath --relative-to="$kube/readme" .)/\1," >"$kube/readme/kustomization.yaml" &&
    kustomize build "$kube/readme" >"$kube/readme.yaml" && admitted "$kube/readme.yaml" || return
  grep -q '^kind: ServiceMonitor' "$kube/readme.yaml" || { echo "the README's kustomization has no ServiceMonitor"; return 1; }
  # What the README pipes into kubectl.
  code_block sh deploy/kubernetes/README.md | sed 's/| kubectl .*//' | bash -euo pipefail >"$kube/rules.yaml" &&
    grep -q '^kind: PrometheusRule' "$kube/rules.yaml" && valid "$kube/rules.yaml"
}

helm_chart() {
  local values
  kubernetes_prepare || return
  for values in $chart/ci/*-values.yaml; do
    silent_unless_failed helm lint --strict -f "$values" $chart || return
    rendered "$(basename "$values" -values.yaml)" -f "$values" || return
  done
  values_are_seen "$kube/many.yaml" <$chart/ci/many-values.yaml || return
  same_as "$kube/token.yaml" deploy/kubernetes/base deploy/kubernetes/service-monitor || return
  same_as "$kube/demo.yaml" deploy/kubernetes/demo || return
  refusals || return
  silent_unless_failed helm package -d "$kube" $chart
}

kubernetes_prepare() {
  local dir
  kube=$tmp/kubernetes && mkdir -p "$kube" || return
  dir=$(go mod download -json $prometheus_operator | sed -n 's/.*"Dir": "\(.*\)".*/\1/p') && [[ -n $dir ]] &&
    crds=$dir/example/prometheus-operator-crd && go build -o "$kube/exporter" . &&
    go -C .ci/podsecurity vet . && go -C .ci/podsecurity build -o "$kube/podsecurity" .
}

# admitted checks a file of manifests by all means.
admitted() { valid "$1" && "$kube/podsecurity" <"$1" && runs "$1" && without_secrets "$1"; }

valid() { silent_unless_failed kubectl-validate --version 1.30 --local-crds "$crds" "$1"; }
without_secrets() { ! grep -n '^kind: Secret$' "$1" || { echo "$1: a Secret is in the tree"; return 1; }; }

# runs has the exporter read its flags and its configuration, in which the tokens
# are where the volume has them.
runs() {
  local root=$kube/root token args && rm -rf "$root" && mkdir -p "$root"/{config,tokens} || return
  mapfile -t args < <(sed -nE 's/^ *- (--.*)/\1/p' "$1" | sed "s,/etc/cloudflare_pcap_exporter,$root/config,")
  awk '/^  config.yml: \|/ { on = 1; next } /^ ? ? ?[^ ]/ { on = 0 } on' "$1" |
    sed "s,/run/secrets/cloudflare,$root/tokens," >"$root/config/config.yml"
  while read -r token; do echo token >"$root/tokens/$token"; done < <(sed -nE 's/^ *-? path: ([^/]*)$/\1/p' "$1")
  env -i "$kube/exporter" "${args[@]}" --config.check && ((${#args[@]})) || { echo "$1: the exporter refuses ${args[*]}"; return 1; }
}

# rendered renders the chart into the file NAME.yaml, in kustomize's form, and checks it.
rendered() {
  local dir=$kube/$1 && mkdir -p "$dir" && echo 'resources: [chart.yaml]' >"$dir/kustomization.yaml" &&
    helm template cloudflare-pcap-exporter $chart "${@:2}" >"$dir/chart.yaml" || return
  # First as it is: kustomize drops what is there twice.
  valid "$dir/chart.yaml" && kustomize build "$dir" >"$dir.yaml" && admitted "$dir.yaml"
}

# same_as compares what the chart gives with a base and components, whose
# configuration has a hash in its name where the chart has an annotation.
same_as() {
  local dir=$kube/same && mkdir -p "$dir" || return
  { echo "resources: [$(realpath --relative-to="$dir" "$2")]"
    [[ $# -lt 3 ]] || echo "components: [$(realpath --relative-to="$dir" "$3")]"; } >"$dir/kustomization.yaml"
  kustomize build "$dir" | sed -E 's/(name: cloudflare-pcap-exporter)-[a-z0-9]{10}$/\1/' >"$dir/kustomize.yaml" || return
  grep -vE '^ *(helm.sh/chart|app.kubernetes.io/managed-by|checksum/config): |^ *annotations:$' "$1" |
    diff -w "$dir/kustomize.yaml" - || { echo "deploy/kubernetes (<) and the chart (>) differ"; return 1; }
}

# values_are_seen finds each value that it reads in what the chart has made of it.
values_are_seen() {
  local value seen=0
  while read -r value; do
    grep -qF -- "$value" "$1" || { echo "the chart ignores the value $value"; return 1; }
    seen=$((seen + 1))
  done < <(sed -nE '/^ *#/d; s/^ *(- )?([^ ]+: )?"?([^"]*[^":])"?$/\3/p')
  note=" $seen values seen"
}

refusals() {
  local id=accounts[0].id=023e105f4ecef8ad9ca31a8372d0c353 secret=credentials.default.secret=token
  refused "There is no account" &&
    refused "accounts\[0\] (023e[^)]*) has no API token: set credentials.default.secret" --set $id &&
    refused "has no API token: set credentials.lab.secret" --set "$id,accounts[0].credential=lab,$secret" &&
    refused "To discover accounts takes a credential" --set discover=true &&
    refused "The demo shows a simulation only" --set "demo=true,$id,$secret" &&
    refused "'/accounts/0/id'.*does not match" --set "accounts[0].id=023E105F,$secret" &&
    refused "missing property 'secret'" --set "$id,credentials.default.key=token" &&
    refused "additional properties 'token' not allowed" --set "$id,$secret,credentials.default.token=abc" &&
    refused "'/credentials/default/proxyURL'.*does not match" --set "$id,$secret,credentials.default.proxyURL=http://user:password@proxy" &&
    refused "additional properties 'replicas' not allowed" --set "$id,$secret,replicas=2" &&
    refused "'/networkPolicy/egressPorts/0'.*maximum" --set "$id,$secret,networkPolicy.egressPorts[0]=65536" &&
    refused "'/serviceMonitor/interval'.*does not match" --set "$id,$secret,serviceMonitor.interval=often" &&
    refused "'/extraArgs/0'.*does not match" --set "$id,$secret,extraArgs[0]=collector.token"
}

# refused wants the chart to refuse values with a line like this.
refused() {
  local out
  ! out=$(helm template cloudflare-pcap-exporter $chart "${@:2}" 2>&1) && grep -q -- "$1" <<<"$out" ||
    { echo "not refused with \"$1\": ${*:2}:"; head -20 <<<"$out"; return 1; }
}

# code_block prints the first block of that language in a page.
code_block() { awk -v begin="\`\`\`$1" '$0 == "```" && on { exit } on; $0 == begin { on = 1 }' "$2"; }
silent_unless_failed() { local out; out=$("$@" 2>&1) || { echo "$out"; return 1; }; }
