# Checks deploy/kubernetes and deploy/helm as far as it goes without a cluster:
# Kubernetes' schemas, its pod security admission, and the exporter itself.

kustomize() { tool sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 "$@"; }
kubectl-validate() { tool sigs.k8s.io/kubectl-validate@v0.0.4 "$@"; }
helm() { HELM_CACHE_HOME=$tmp/helm HELM_CONFIG_HOME=$tmp/helm tool helm.sh/helm/v4/cmd/helm@v4.3.1 "$@"; }
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
chart=deploy/helm/cloudflare-pcap-exporter

kubernetes_manifests() {
  local want file
  kube_prepare || return
  # What no kustomization names is not built.
  while read -r file; do
    grep -qwF -- "${file##*/}" "${file%/*}/kustomization.yaml" ||
      { echo "$file: the kustomization beside it does not name it"; return 1; }
  done < <(find deploy/kubernetes -mindepth 2 ! -type d ! -name kustomization.yaml)
  kustomize build deploy/kubernetes/base >"$kube/base.yaml" && kube_admitted "$kube/base.yaml" || return
  kustomize build deploy/kubernetes/demo >"$kube/demo.yaml" && kube_admitted "$kube/demo.yaml" || return
  # The kustomization of the README, with this tree in place of the repository.
  mkdir -p "$kube/readme" && cp deploy/kubernetes/base/config.yml "$kube/readme" &&
    kube_code_block yaml deploy/kubernetes/README.md |
    sed -E "s,https://[^?]*//(deploy[^?]*)\?.*,$(realpath --relative-to="$kube/readme" .)/\1," >"$kube/readme/kustomization.yaml" &&
    kustomize build "$kube/readme" >"$kube/readme.yaml" && kube_admitted "$kube/readme.yaml" || return
  # A patch that finds nothing to patch is no error to kustomize.
  for want in 'kind: ServiceMonitor' 'release: kube-prometheus-stack' 'namespace: cloudflare-pcap' 'image: registry.example.com/' '/metadata.name: observability'; do
    grep -qF "$want" "$kube/readme.yaml" || { echo "the README's kustomization does not give '$want'"; return 1; }
  done
  # What the README pipes into kubectl.
  kube_code_block sh deploy/kubernetes/README.md | sed 's/| kubectl .*//' | bash -euo pipefail >"$kube/rules.yaml" &&
    grep -q '^kind: PrometheusRule' "$kube/rules.yaml" && kube_valid "$kube/rules.yaml"
}

helm_chart() {
  local values
  kube_prepare || return
  for values in $chart/ci/*-values.yaml; do
    kube_quietly helm lint --strict -f "$values" $chart || return
    chart_rendered "$(basename "$values" -values.yaml)" -f "$values" || return
  done
  kube_code_block yaml deploy/helm/README.md >"$kube/values.yaml" && chart_rendered readme -f "$kube/values.yaml" || return
  chart_rendered discover --set discover=true,credentials.default.secret=cloudflare-api-token || return
  chart_values_are_seen "$kube/many.yaml" <$chart/ci/many-values.yaml || return
  chart_same_as "$kube/token.yaml" deploy/kubernetes/base deploy/kubernetes/service-monitor || return
  chart_same_as "$kube/demo.yaml" deploy/kubernetes/demo || return
  chart_refusals || return
  kube_quietly helm package -d "$kube" $chart
}

kube_prepare() {
  local dir
  kube=$tmp/kubernetes && mkdir -p "$kube" || return
  dir=$(go mod download -json $prometheus_operator | sed -n 's/.*"Dir": "\(.*\)".*/\1/p') && [[ -n $dir ]] &&
    crds=$dir/example/prometheus-operator-crd && go build -o "$kube/exporter" . &&
    go -C .ci/podsecurity vet . && go -C .ci/podsecurity build -o "$kube/podsecurity" .
}

# kube_admitted checks a file of manifests by all means.
kube_admitted() { kube_valid "$1" && "$kube/podsecurity" <"$1" && kube_runs "$1" && kube_without_secrets "$1"; }

kube_valid() { kube_quietly kubectl-validate --version 1.30 --local-crds "$crds" "$1"; }
kube_without_secrets() { ! grep -n '^kind: Secret$' "$1" || { echo "$1: a Secret is in the tree"; return 1; }; }

# kube_runs has the exporter check its flags and its configuration, with all files
# where the pod has them, below a root of its own.
kube_runs() {
  local root=$kube/root config tokens token args && config=$root$(kube_mounted config "$1") && tokens=$root$(kube_mounted tokens "$1") || return
  rm -rf "$root" && mkdir -p "$config" "$tokens" || return
  mapfile -t args < <(sed -nE 's/^ *- (--.*)/\1/p' "$1" | sed "s,=/,=$root/,")
  awk '/^  config.yml: \|/ { on = 1; next } /^ ? ? ?[^ ]/ { on = 0 } on' "$1" | sed "s,_file: /,_file: $root/," >"$config/config.yml"
  while read -r token; do echo token >"$tokens/$token"; done < <(sed -nE 's/^ *-? path: ([^/]*)$/\1/p' "$1")
  env -i "$kube/exporter" "${args[@]}" --config.check && ((${#args[@]})) || { echo "$1: the exporter refuses ${args[*]}"; return 1; }
}

kube_mounted() { sed -nE '/mountPath: /{ N; s/.*mountPath: ([^ ]*)\n *name: '"$1"'$/\1/p; }' "$2"; }

# chart_rendered renders the chart into the file NAME.yaml, in kustomize's form, and checks it.
chart_rendered() {
  local dir=$kube/$1 && mkdir -p "$dir" && echo 'resources: [chart.yaml]' >"$dir/kustomization.yaml" &&
    helm template cloudflare-pcap-exporter $chart "${@:2}" >"$dir/chart.yaml" || return
  # First as it is: kustomize drops what is there twice.
  kube_valid "$dir/chart.yaml" && kustomize build "$dir" >"$dir.yaml" && kube_admitted "$dir.yaml"
}

# chart_same_as compares what the chart gives with a base and components, whose
# configuration has a hash in its name where the chart has an annotation.
chart_same_as() {
  local dir=$kube/same && mkdir -p "$dir" || return
  { echo "resources: [$(realpath --relative-to="$dir" "$2")]"
    [[ $# -lt 3 ]] || echo "components: [$(realpath --relative-to="$dir" "$3")]"; } >"$dir/kustomization.yaml"
  kustomize build "$dir" | sed -E 's/(name: cloudflare-pcap-exporter)-[a-z0-9]{10}$/\1/' >"$dir/kustomize.yaml" || return
  grep -vE '^ *(helm.sh/chart|app.kubernetes.io/managed-by|checksum/config): |^ *annotations:$' "$1" |
    diff -w "$dir/kustomize.yaml" - || { echo "deploy/kubernetes (<) and the chart (>) differ"; return 1; }
}

# chart_values_are_seen finds each value that it reads in what the chart has made of it.
chart_values_are_seen() {
  local value seen=0
  while read -r value; do
    grep -qF -- "$value" "$1" || { echo "the chart ignores the value $value"; return 1; }
    seen=$((seen + 1))
  done < <(sed -nE '/^ *#/d; s/^ *(- )?([^ ]+: )?"?([^"]*[^":])"?$/\3/p')
  note=" $seen values seen"
}

chart_refusals() {
  local id=accounts[0].id=023e105f4ecef8ad9ca31a8372d0c353 secret=credentials.default.secret=token
  chart_refused "There is no account" &&
    chart_refused "accounts\[0\] (023e[^)]*) has no API token: set credentials.default.secret" --set $id &&
    chart_refused "has no API token: set credentials.lab.secret" --set "$id,accounts[0].credential=lab,$secret" &&
    chart_refused "To discover accounts takes a credential" --set discover=true &&
    chart_refused "The demo shows a simulation only" --set "demo=true,$id,$secret" &&
    chart_refused "'/accounts/0/id'.*does not match" --set "accounts[0].id=023E105F,$secret" &&
    chart_refused "missing property 'credentials'" --set "$id,credentials=null" &&
    chart_refused "missing property 'serviceMonitor'" --set "$id,$secret,serviceMonitor=null" &&
    chart_refused "missing property 'egressPorts'" --set "$id,$secret,networkPolicy.egressPorts=null" &&
    chart_refused "missing property 'secret'" --set "$id,credentials.default.key=token" &&
    chart_refused "additional properties 'token' not allowed" --set "$id,$secret,credentials.default.token=abc" &&
    chart_refused "'/credentials/default/proxyURL'.*does not match" --set "$id,$secret,credentials.default.proxyURL=http://user:password@proxy" &&
    chart_refused "additional properties 'replicas' not allowed" --set "$id,$secret,replicas=2" &&
    chart_refused "'/networkPolicy/egressPorts/0'.*maximum" --set "$id,$secret,networkPolicy.egressPorts[0]=65536" &&
    chart_refused "'/serviceMonitor/interval'.*does not match" --set "$id,$secret,serviceMonitor.interval=often" &&
    chart_refused "'/extraArgs/0'.*does not match" --set "$id,$secret,extraArgs[0]=collector.token"
}

# chart_refused wants the chart to refuse values with a line like this.
chart_refused() {
  local out
  ! out=$(helm template cloudflare-pcap-exporter $chart "${@:2}" 2>&1) && grep -q -- "$1" <<<"$out" ||
    { echo "not refused with \"$1\": ${*:2}:"; head -20 <<<"$out"; return 1; }
}

# kube_code_block prints the first block of that language in a page.
kube_code_block() { awk -v begin="\`\`\`$1" '$1 == "```" && on { exit } on; $1 == begin { on = 1 }' "$2"; }
kube_quietly() { local out; out=$("$@" 2>&1) || { echo "$out"; return 1; }; }
