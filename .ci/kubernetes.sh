# Checks deploy/kubernetes and deploy/helm without a cluster: by Kubernetes' schemas,
# its pod security admission, and the exporter itself. cluster.sh runs them on a node.

kustomize() { tool sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 "$@"; }
kubectl-validate() { tool sigs.k8s.io/kubectl-validate@v0.0.4 "$@"; }
helm() { HELM_CACHE_HOME=$tmp/helm HELM_CONFIG_HOME=$tmp/helm tool "helm.sh/helm/v4/cmd/helm@$helm_version" "$@"; }
helm_version=v4.3.1
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
chart=deploy/helm/cloudflare-pcap-exporter

kubernetes_manifests() {
  local want file
  kube_prepare || return
  # kustomize ignores a file that no kustomization names.
  while read -r file; do
    grep -qwF -- "${file##*/}" "${file%/*}/kustomization.yaml" ||
      { echo "$file: the kustomization in its folder does not list it"; return 1; }
  done < <(find deploy/kubernetes -mindepth 2 ! -type d ! -name kustomization.yaml)
  kustomize build deploy/kubernetes/base >"$kube/base.yaml" && kube_admitted "$kube/base.yaml" || return
  kustomize build deploy/kubernetes/demo >"$kube/demo.yaml" && kube_admitted "$kube/demo.yaml" || return
  # The kustomization of the README, with this tree in place of the repository.
  mkdir -p "$kube/readme" && cp deploy/kubernetes/base/config.yml "$kube/readme" &&
    page_block deploy/kubernetes/README.md "kind: Kustomization" |
    sed -E "s,https://[^?]*//(deploy[^?]*)\?.*,$(realpath --relative-to="$kube/readme" .)/\1," >"$kube/readme/kustomization.yaml" &&
    kustomize build "$kube/readme" >"$kube/readme.yaml" && kube_admitted "$kube/readme.yaml" || return
  # kustomize reports no error if a patch matches nothing.
  for want in 'kind: ServiceMonitor' 'release: kube-prometheus-stack' 'namespace: cloudflare-pcap' 'image: registry.example.com/' '/metadata.name: observability'; do
    grep -qF "$want" "$kube/readme.yaml" || { echo "the README's kustomization does not give '$want'"; return 1; }
  done
  # The objects that the README passes to kubectl. Every file of rules is one of them.
  while read -r file; do
    page_block deploy/kubernetes/README.md "$file" >/dev/null || return
  done < <(grep -l '^groups:' deploy/prometheus/*.yml)
  page_block deploy/kubernetes/README.md "kind: PrometheusRule" | sed 's/^kubectl .* apply -f -/cat/' | bash -euo pipefail >"$kube/rules.yaml" &&
    grep -q '^kind: PrometheusRule' "$kube/rules.yaml" && kube_valid "$kube/rules.yaml" &&
    page_block deploy/kubernetes/README.md "kind: ScrapeConfig" >"$kube/scrape.yaml" && kube_valid "$kube/scrape.yaml"
}

helm_chart() {
  local values
  kube_prepare || return
  for values in $chart/ci/*-values.yaml; do
    kube_quietly helm lint --strict -f "$values" $chart || return
    chart_rendered "$(basename "$values" -values.yaml)" -f "$values" || return
  done
  page_block deploy/helm/README.md "credentials:" >"$kube/values.yaml" && chart_rendered readme -f "$kube/values.yaml" || return
  chart_rendered discover --set discover=true,credentials.default.secret=cloudflare-api-token || return
  chart_values_are_seen "$kube/many.yaml" <$chart/ci/many-values.yaml || return
  chart_same_as "$kube/token.yaml" deploy/kubernetes/base deploy/kubernetes/service-monitor || return
  chart_same_as "$kube/demo.yaml" deploy/kubernetes/demo || return
  chart_refusals || return
  kube_quietly helm package -d "$kube" $chart
}

kube_prepare() {
  kube=$tmp/kubernetes && mkdir -p "$kube" && operator_crds && go build -o "$kube/exporter" . &&
    go -C .ci/podsecurity vet . && go -C .ci/podsecurity build -o "$kube/podsecurity" .
}

operator_crds() {
  local dir
  dir=$(go mod download -json $prometheus_operator | sed -n 's/.*"Dir": "\(.*\)".*/\1/p') && [[ -n $dir ]] &&
    crds=$dir/example/prometheus-operator-crd
}

# kube_admitted applies all checks to a file of manifests.
kube_admitted() { kube_valid "$1" && "$kube/podsecurity" <"$1" && kube_runs "$1" && kube_without_secrets "$1"; }

kube_valid() { kube_quietly kubectl-validate --version 1.30 --local-crds "$crds" "$1"; }
kube_without_secrets() { ! grep -n '^kind: Secret$' "$1" || { echo "$1: a Secret is in the tree"; return 1; }; }

# kube_runs runs the exporter with --config.check, the flags of the manifests, and the
# files that the pod has. They are below a root of its own.
kube_runs() {
  local root=$kube/root config tokens token args && config=$root$(kube_mounted config "$1") && tokens=$root$(kube_mounted tokens "$1") || return
  rm -rf "$root" && mkdir -p "$config" "$tokens" || return
  mapfile -t args < <(sed -nE 's/^ *- (--.*)/\1/p' "$1" | sed "s,=/,=$root/,")
  # It is in a ConfigMap or in an annotation of the pod.
  awk '{ match($0, /^ */) } RLENGTH <= indent { on = 0 } on; /config\.yml: \|/ { on = 1; indent = RLENGTH }' "$1" |
    sed "s,_file: /,_file: $root/," >"$config/config.yml"
  while read -r token; do echo token >"$tokens/$token"; done < <(sed -nE 's/^ *-? path: ([^/]*)$/\1/p' "$1")
  env -i "$kube/exporter" "${args[@]}" --config.check && ((${#args[@]})) || { echo "$1: the exporter refuses ${args[*]}"; return 1; }
}

kube_mounted() { sed -nE '/mountPath: /{ N; s/.*mountPath: ([^ ]*)\n *name: '"$1"'$/\1/p; }' "$2"; }

# chart_rendered renders the chart into the file NAME.yaml, in kustomize's form, and checks it.
chart_rendered() {
  local dir=$kube/$1 && mkdir -p "$dir" && echo 'resources: [chart.yaml]' >"$dir/kustomization.yaml" &&
    helm template cloudflare-pcap-exporter $chart "${@:2}" >"$dir/chart.yaml" || return
  # Before kustomize, which removes duplicate keys.
  kube_valid "$dir/chart.yaml" && kustomize build "$dir" >"$dir.yaml" && kube_admitted "$dir.yaml"
}

# chart_same_as compares the chart's output with a base and components. The
# configuration is in a ConfigMap in the base, and in an annotation in the chart.
chart_same_as() {
  local dir=$kube/same annotation=cloudflare-pcap-exporter/config.yml && mkdir -p "$dir" || return
  { echo "resources: [$(realpath --relative-to="$dir" "$2")]"
    [[ $# -lt 3 ]] || echo "components: [$(realpath --relative-to="$dir" "$3")]"
    [[ $2 != */base ]] || echo "patches: [{ path: deployment.yaml }, { path: configmap.yaml }]"; } >"$dir/kustomization.yaml"
  cat >"$dir/deployment.yaml" <<PATCH && cat >"$dir/configmap.yaml" <<'PATCH' || return
apiVersion: apps/v1
kind: Deployment
metadata: { name: cloudflare-pcap-exporter }
spec:
  template:
    metadata:
      annotations:
        $annotation: |
$(sed 's/^/          /' deploy/kubernetes/base/config.yml)
    spec:
      volumes:
        - name: config
          configMap: null
          downwardAPI: { items: [{ path: config.yml, fieldRef: { fieldPath: "metadata.annotations['$annotation']" } }] }
PATCH
$patch: delete
apiVersion: v1
kind: ConfigMap
metadata: { name: cloudflare-pcap-exporter }
PATCH
  kustomize build "$dir" >"$dir/kustomize.yaml" || return
  grep -vE '^ *(helm.sh/chart|app.kubernetes.io/managed-by): ' "$1" | diff -w "$dir/kustomize.yaml" - ||
    { echo "deploy/kubernetes (<) and the chart (>) differ"; return 1; }
}

# chart_values_are_seen reads values, and searches for each of them in the chart's output.
chart_values_are_seen() {
  local value seen=0
  while read -r value; do
    grep -qF -- "$value" "$1" || { echo "the chart ignores the value $value"; return 1; }
    seen=$((seen + 1))
  done < <(sed -nE '/^ *#/d; s/^ *(- )?([^ ]+: )?"?([^"]*[^":])"?$/\3/p')
  note=" $seen values seen"
}

chart_refusals() {
  local id="accounts[0].id=023e105f4ecef8ad9ca31a8372d0c353" secret=credentials.default.secret=token
  chart_refused "No account is configured" &&
    chart_refused "accounts\[0\] (023e[^)]*) has no API token: set credentials.default.secret" --set "$id" &&
    chart_refused "has no API token: set credentials.lab.secret" --set "$id,accounts[0].credential=lab,$secret" &&
    chart_refused "Discovery requires a credential" --set discover=true &&
    chart_refused "The demo exports simulated accounts only" --set "demo=true,$id,$secret" &&
    chart_refused "accounts\[1\].id is .*, as is accounts\[0\].id" --set "$id,${id/0/1},$secret" &&
    chart_refused "accounts\[1\].name is .*, as is accounts\[0\].name" \
      --set "$id,accounts[0].name=a,accounts[1].id=00000000000000000000000000000042,accounts[1].name=a,$secret" &&
    chart_refused "'/accounts/0/name'.*'not' failed" --set "$id,accounts[0].name=${id#*=},$secret" &&
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
    chart_refused "longer than serviceMonitor.interval" --set "$id,$secret,serviceMonitor.enabled=true,serviceMonitor.scrapeTimeout=1m1ms" &&
    chart_refused "'/extraArgs/0'.*does not match" --set "$id,$secret,extraArgs[0]=collector.token" &&
    chart_refused "'/image/tag'.*does not match" --set "$id,$secret,image.tag=Bad/Tag" &&
    chart_refused "'/image/repository'.*does not match" --set "$id,$secret,image.repository=Bad/Repository" &&
    chart_refused "'/resources/limits/memory'.*does not match" --set "$id,$secret,resources.limits.memory=nonsense" &&
    chart_refused "additional properties 'mem' not allowed" --set "$id,$secret,resources.limits.mem=1Gi" &&
    chart_refused "additional properties 'foo' not allowed" --set "$id,$secret,tolerations[0].foo=bar" &&
    chart_refused "'/tolerations/0'.*missing property 'key'" --set "$id,$secret,tolerations[0].value=bar" &&
    chart_refused "'/tolerations/0'.*'not' failed" --set "$id,$secret,tolerations[0].operator=Exists,tolerations[0].value=bar" &&
    chart_refused "missing property 'effect'" --set "$id,$secret,tolerations[0].key=a,tolerations[0].tolerationSeconds=9" &&
    chart_refused "'/nodeSelector/pool'.*does not match" --set "$id,$secret,nodeSelector.pool=a b" &&
    chart_refused "'/networkPolicy/prometheusNamespace'.*does not match" --set "$id,$secret,networkPolicy.prometheusNamespace=Monitoring" &&
    chart_refused "invalid propertyName 'cloudflare-pcap-exporter/config.yml'" --set-string "$id,$secret,podAnnotations.cloudflare-pcap-exporter/config\.yml=1"
}

# chart_refused checks that the chart refuses values with such a line.
chart_refused() {
  local out
  ! out=$(helm template cloudflare-pcap-exporter $chart "${@:2}" 2>&1) && grep -q -- "$1" <<<"$out" ||
    { echo "not refused with \"$1\": ${*:2}:"; head -20 <<<"$out"; return 1; }
}

kube_quietly() { local out; out=$("$@" 2>&1) || { echo "$out"; return 1; }; }
