# Checks deploy/kubernetes and deploy/helm without a cluster: by Kubernetes' schemas,
# its pod security admission, and the exporter itself. cluster.sh runs them on a node.

kustomize() { tool sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 "$@"; }
kubectl-validate() { tool sigs.k8s.io/kubectl-validate@v0.0.4 "$@"; }
helm() { HELM_CACHE_HOME=$tmp/helm HELM_CONFIG_HOME=$tmp/helm tool "helm.sh/helm/v4/cmd/helm@$helm_version" "$@"; }
helm_version=v4.3.1
helm-docs() { tool github.com/norwoodj/helm-docs/cmd/helm-docs@v1.14.2 "$@"; }
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
chart=deploy/helm/cloudflare-pcap-exporter

kubernetes_manifests() {
  local want file
  kube_prepare || return
  # kustomize ignores a file that no kustomization names.
  while read -r file; do
    grep -qwF -- "${file##*/}" "${file%/*}/kustomization.yaml" ||
      { echo "$file: the kustomization in its directory does not list it"; return 1; }
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
  kube_prepare && chart_files || return
  for values in $chart/ci/*-values.yaml; do
    kube_quietly helm lint --strict -f "$values" $chart || return
    chart_rendered "$(basename "$values" -values.yaml)" -f "$values" || return
  done
  page_block deploy/helm/README.md "credentials:" >"$kube/values.yaml" && chart_rendered readme -f "$kube/values.yaml" || return
  chart_rendered discover --set discover=true,credentials.default.secret=cloudflare-api-token || return
  chart_values_are_seen "$kube/web.yaml" <$chart/ci/web-values.yaml || return
  chart_values_are_seen "$kube/many.yaml" <$chart/ci/many-values.yaml || return
  ! grep -nE '(runAsUser|runAsGroup|fsGroup):' "$kube/openshift.yaml" || { echo "OpenShift assigns these"; return 1; }
  chart_rendered long --set demo=true,fullnameOverride=a-name-of-sixty-three-characters-which-is-as-many-as-a-label-has || return
  chart_same_as "$kube/token.yaml" deploy/kubernetes/base deploy/kubernetes/service-monitor || return
  chart_same_as "$kube/demo.yaml" deploy/kubernetes/demo || return
  chart_refusals || return
  kube_quietly helm package -d "$kube" $chart
}

# chart_files checks the files of the chart: rules and dashboards are copies, since a chart cannot refer to files outside,
# and not every tool follows symbolic links. The README is what helm-docs writes. The format is that of "ct lint".
chart_files() {
  diff deploy/prometheus/alerts.yml $chart/files/alerts.yml && diff -r deploy/grafana/dashboards $chart/files/dashboards ||
    { echo "the files of the chart are out of date: run make chart"; return 1; }
  helm-docs --chart-search-root $chart --sort-values-order file --dry-run --log-level error | diff - $chart/README.md ||
    { echo "$chart/README.md is out of date: run make chart"; return 1; }
  debian yamllint yamllint && yamllint --strict $chart/{Chart,values}.yaml $chart/ci -d '{ rules: { braces: { max-spaces-inside: 0 },
    brackets: { max-spaces-inside: 0 }, colons: enable, commas: enable, comments: enable, hyphens: { max-spaces-after: 1 },
    empty-lines: { max: 2, max-start: 0, max-end: 0 }, indentation: { spaces: consistent, indent-sequences: whatever },
    key-duplicates: enable, new-line-at-end-of-file: enable, new-lines: enable, trailing-spaces: enable, truthy: enable } }'
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

# kube_valid checks manifests for the oldest version of Kubernetes that the chart admits.
kube_valid() { kube_quietly kubectl-validate --version 1.27 --local-crds "$crds" "$1"; }
kube_without_secrets() { ! grep -n '^kind: Secret$' "$1" || { echo "$1: a Secret is in the tree"; return 1; }; }

# kube_runs runs the exporter with --config.check, the flags of the manifests, and the
# files that the pod has. They are below a root of its own.
kube_runs() {
  local root=$kube/root config tokens token args && config=$root$(kube_mounted config "$1") && tokens=$root$(kube_mounted tokens "$1") || return
  rm -rf "$root" && mkdir -p "$config" "$tokens" || return
  mapfile -t args < <(sed -nE '/--health-check/! s/^ *- (--.*)/\1/p' "$1" | sed "s,=/,=$root/,")
  [[ ! " ${args[*]}" =~ --web.config.file=([^ ]+) ]] || { mkdir -p "${BASH_REMATCH[1]%/*}" && echo '{}' >"${BASH_REMATCH[1]}"; } || return
  # It is in a ConfigMap or in an annotation of the pod.
  awk '{ match($0, /^ */) } RLENGTH <= indent { on = 0 } on; /config\.yml: \|/ { on = 1; indent = RLENGTH }' "$1" |
    sed -E "s,(_file: |- )/,\1$root/," >"$config/config.yml"
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

# chart_refusals checks the message for each mistake.
chart_refusals() {
  local id="accounts[0].id=023e105f4ecef8ad9ca31a8372d0c353" secret=credentials.default.secret=token
  chart_refused "No account is configured" &&
    chart_refused "accounts\[0\] (023e[^)]*) has no API token: set credentials.default.secret" --set "$id" &&
    chart_refused "has no API token: set credentials.lab.secret" --set "$id,accounts[0].credential=lab,$secret" &&
    chart_refused "Discovery requires a credential" --set discover=true &&
    chart_refused "exclude leaves out accounts that discover finds" --set "$id,$secret,exclude[0]=lab" &&
    chart_refused "The demo exports simulated accounts only" --set "demo=true,$id,$secret" &&
    chart_refused "accounts\[1\].id is .*, as is accounts\[0\].id" --set "$id,${id/0/1},$secret" &&
    chart_refused "accounts\[1\].name is .*, as is accounts\[0\].name" \
      --set "$id,accounts[0].name=a,accounts[1].id=00000000000000000000000000000042,accounts[1].name=a,$secret" &&
    chart_refused "accounts\[0\].name is .*, which is an id" --set "$id,accounts[0].name=${id#*=},$secret" &&
    chart_refused "an account id has 32 digits, each 0-9 or a-f" --set "accounts[0].id=023E105F,$secret" &&
    chart_refused "missing property 'id'" --set "accounts[0].name=a,$secret" &&
    chart_refused "missing property 'credentials'" --set "$id,credentials=null" &&
    chart_refused "missing property 'serviceMonitor'" --set "$id,$secret,serviceMonitor=null" &&
    chart_refused "missing property 'egressPorts'" --set "$id,$secret,networkPolicy.egressPorts=null" &&
    chart_refused "missing property 'secret'" --set "$id,credentials.default.key=token" &&
    chart_refused "additional properties 'token' not allowed" --set "$id,$secret,credentials.default.token=abc" &&
    chart_refused "credentials.default.secret is .ABCDEFGH.: write the name of a Secret, not a token" --set "$id,credentials.default.secret=ABCDEFGHIJKL" &&
    chart_refused "write a key of the Secret" --set "$id,$secret,credentials.default.key=a/b" &&
    chart_refused 'credentials has the name "a/b"' --set "$id,$secret,credentials.a/b.secret=token" &&
    chart_refused "without user and password" --set "$id,$secret,credentials.default.proxyURL=http://user:password@proxy" &&
    chart_refused 'email is "ops.example.com": write the e-mail address' --set "$id,$secret,credentials.default.email=ops.example.com" &&
    chart_refused "additional properties 'replicas' not allowed" --set "$id,$secret,replicas=2" &&
    chart_refused "'/networkPolicy/egressPorts/0'.*maximum" --set "$id,$secret,networkPolicy.egressPorts[0]=65536" &&
    chart_refused 'interval is "often": write a duration such as' --set "$id,$secret,serviceMonitor.interval=often" &&
    chart_refused "longer than serviceMonitor.interval" --set "$id,$secret,serviceMonitor.enabled=true,serviceMonitor.scrapeTimeout=1m1ms" &&
    chart_refused "'/serviceMonitor/scheme'.*must be one of 'http', 'https'" --set "$id,$secret,serviceMonitor.scheme=ftp" &&
    chart_refused "write a flag and its value as one string" --set "$id,$secret,extraArgs[0]=collector.tokens" &&
    chart_refused "set accounts and credentials instead" --set "$id,$secret,extraArgs[0]=--config.file=x.yml" &&
    chart_refused "set demo instead" --set "$id,$secret,extraArgs[0]=--no-demo" &&
    chart_refused "set webConfig.secret instead" --set "$id,$secret,extraArgs[0]=--web.config.file=x.yml" &&
    chart_refused "the Service and the probes require port 17227" --set "$id,$secret,extraArgs[0]=--web.listen-address=:80" &&
    chart_refused "extraArgs\[0\] sets the same flag" --set "$id,$secret,extraArgs[0]=--log.level=debug,extraArgs[1]=--log.level=info" &&
    chart_refused "extraEnv\[0\] sets GOMEMLIMIT" --set "$id,$secret,extraEnv[0].name=GOMEMLIMIT" &&
    chart_refused "extraEnv\[0\] sets CLOUDFLARE_API_TOKEN: set accounts and credentials" --set "$id,$secret,extraEnv[0].name=CLOUDFLARE_API_TOKEN" &&
    chart_refused "extraVolumes\[0\] has the name tokens" --set "$id,$secret,extraVolumes[0].name=tokens" &&
    chart_refused "image.tag is .Bad/Tag.: write only the tag" --set "$id,$secret,image.tag=Bad/Tag" &&
    chart_refused "image.repository is .*: write an image without a tag" --set "$id,$secret,image.repository=registry/exporter:1" &&
    chart_refused "image.digest is .*: write sha256:" --set "$id,$secret,image.digest=0123" &&
    chart_refused "additional properties 'mem' not allowed" --set "$id,$secret,resources.limits.mem=1Gi" &&
    chart_refused "additional properties 'foo' not allowed" --set "$id,$secret,tolerations[0].foo=bar" &&
    chart_refused "'/tolerations/0/operator'.*must be one of 'Exists', 'Equal'" --set "$id,$secret,tolerations[0].operator=Is" &&
    chart_refused "'/nodeSelector/pool'.*got number, want string" --set "$id,$secret,nodeSelector.pool=1" &&
    chart_refused "additional properties 'affinity' not allowed" --set "$id,$secret,affinity.affinity.a=b" &&
    chart_refused "write the name of a namespace" --set "$id,$secret,networkPolicy.prometheusNamespace=Monitoring" &&
    chart_refused "podLabels sets app.kubernetes.io/name, which the chart sets" --set "$id,$secret,podLabels.app\.kubernetes\.io/name=a" &&
    chart_refused "commonLabels sets helm.sh/chart, which the chart sets" --set "$id,$secret,commonLabels.helm\.sh/chart=a" &&
    chart_refused "podLabels sets a, as does commonLabels" --set "$id,$secret,podLabels.a=b,commonLabels.a=c" &&
    chart_refused "podAnnotations sets cloudflare-pcap-exporter/config.yml" --set-string "$id,$secret,podAnnotations.cloudflare-pcap-exporter/config\.yml=1"
}

# chart_refused checks that the chart refuses values with such a line.
chart_refused() {
  local out
  ! out=$(helm template cloudflare-pcap-exporter $chart "${@:2}" 2>&1) && grep -q -- "$1" <<<"$out" ||
    { echo "not refused with \"$1\": ${*:2}:"; head -20 <<<"$out"; return 1; }
}

kube_quietly() { local out; out=$("$@" 2>&1) || { echo "$out"; return 1; }; }
