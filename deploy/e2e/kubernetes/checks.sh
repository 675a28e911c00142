#!/usr/bin/env bash
# Follows deploy/kubernetes/README.md and deploy/helm/README.md on a node, with the
# commands of these pages. The argument is a working directory.
set -euo pipefail
. .ci/cluster.sh
work=$1 repository=$PWD kubernetes=deploy/kubernetes/README.md helm=deploy/helm/README.md
account=023e105f4ecef8ad9ca31a8372d0c353 start=$SECONDS

fail() { echo "FAIL: $*"; exit 1; }
done_with() { echo "$1: $((SECONDS - start)) s" | tee -a "$work/figures"; start=$SECONDS; }

# page runs a code block of a page as it stands there, in the directory $in. Further arguments are for sed.
page() {
  page_block "$repository/$1" "$2" >"$work/block" && echo "$1 $(head -n 1 "$work/block")" >>"$work/run" &&
    sed -i "${@:3}" -e '' "$work/block" || return
  (cd "${in-.}" && timeout 180 bash -euxo pipefail -c 'trap "kill \$(jobs -p) 2>/dev/null || :" EXIT; . "$0"' "$work/block")
}

# sees runs the last commands of a page, and compares their output with an argument. Further arguments are for sed.
sees() {
  local out
  out=$(page "$1" "rollout status" "${@:3}") && diff <(grep ^cloudflare_pcap_up <<<"$out") <(printf '%s\n' "$2")
}

# eventually runs a command until it succeeds, for two minutes at most.
eventually() {
  local deadline=$((SECONDS + 120))
  until "$@" >"$work/eventually" 2>&1; do
    ((SECONDS < deadline)) || { cat "$work/eventually"; kubectl get pods -A; fail "not within two minutes: $*"; }
    sleep 0.5
  done
}

in_namespace() { kubectl -n cloudflare-pcap "$@"; }
rolled_out() { in_namespace rollout status deployment/cloudflare-pcap-exporter --timeout 120s; }
# pods prints the pods, one in a line: name, whether it is ready, restarts, address.
pods() {
  kubectl -n "${1-cloudflare-pcap}" get pods -o json | jq -r '.items[] | select(.metadata.deletionTimestamp == null) | "\(.metadata.name) \(
    .status.containerStatuses[0] | "\(.ready) \(.restartCount)") \(.status.podIP)"'
}
ready() { pods | awk '$2 == "true" { print $'"${1:-1}"' }'; }
# serves succeeds if the ready pod's metrics contain a line.
serves() { curl -sf --max-time 5 "http://$(ready 4):17227/metrics" | grep -x -- "$1"; }
up() { serves "cloudflare_pcap_up{account=\"$account\"} $1"; }
is() { [[ $2 == "$3" ]] || fail "$1 is '$2', want '$3'"; }
failing() { pods | awk '$2 == "false" && $3 > 0 { print $1; found = 1 } END { exit !found }'; }
process() { pgrep -of "^/bin/cloudflare_pcap_exporter $1"; }
refused() { local out; ! out=$("${@:2}" 2>&1) && grep -e "$1" <<<"$out" || fail "not refused with '$1': ${*:2}: $out"; }
objects() { kubectl -n "$1" get all,configmap,networkpolicy,serviceaccount,servicemonitor,prometheusrule,secret -o name | grep -vx -e serviceaccount/default -e configmap/kube-root-ca.crt || :; }
nothing_left() { [[ $(objects "$1") == "$2" ]] || { objects "$1"; return 1; }; }

# survives checks that the old pod keeps its configuration while a new one fails: in its
# place, after a restart of its container, and as another pod.
survives() {
  local old
  eventually failing
  old=$(ready) && [[ -n $old ]] && up 1 || fail "the old pod does not serve"
  kill -KILL "$(process --config.file)"
  eventually pod_restarted "$old" && eventually up 1
  in_namespace delete pod "$old"
  eventually up 1
  [[ $(ready) != "$old" ]] || fail "the old pod was not replaced"
}
pod_restarted() { [[ $(pods | awk -v pod="$1" '$1 == pod && $2 == "true" { print $3 }') == 1 ]]; }

kubectl create -f "$work/crds" >/dev/null && kubectl wait --for condition=established --timeout 60s crd --all >/dev/null
kubectl label namespace default pod-security.kubernetes.io/enforce=restricted
eventually kubectl get serviceaccount default
refused 'violates PodSecurity "restricted' kubectl run --image busybox busybox

demo='cloudflare_pcap_up{account="0c5e1f3a9b7d4e2688a1d4f6b3c97e50"} 1
cloudflare_pcap_up{account="7d2b90e46f1c4a35b8e3a6059c1fd842"} 1'
here='s/-n cloudflare-pcap //' # as the pages say

page $kubernetes "apply -k deploy/kubernetes/demo"
sees $kubernetes "$demo" -e "$here"
page $kubernetes "delete -k deploy/kubernetes/demo"
eventually nothing_left default service/kubernetes
done_with "demo by kustomize"

page $helm "demo=true"
sees $helm "$demo" -e "$here"
# The liveness probe should restart it, which takes a minute: see the end.
kill -STOP "$(process --demo)"
done_with "demo by Helm"

mkdir "$work/mine" "$work/token"
cp deploy/kubernetes/base/config.yml "$work/mine"
page_block $kubernetes "kind: Kustomization" |
  sed -E "s,https://[^?]*//(deploy[^?]*)\?.*,$(realpath --relative-to="$work/mine" .)/\1," >"$work/mine/kustomization.yaml"
echo token-1 >"$work/token/token"
in=$work/token page $kubernetes "create namespace"
in=$work/mine page $kubernetes "apply -k ."
sees $kubernetes "$(page_block $kubernetes 'cloudflare_pcap_up{')"
refused 'violates PodSecurity "restricted' in_namespace run --image busybox busybox
cat "/proc/$(process --config.file)/status" >"$work/status"
for want in 'Uid:.65532.65532.65532.65532' 'Gid:.65532.65532.65532.65532' CapEff:.0000000000000000 NoNewPrivs:.1 Seccomp:.2; do
  grep -qx "$want" "$work/status" || fail "no $want in: $(cat "$work/status")"
done
grep ' / / ro,' "/proc/$(process --config.file)/mountinfo" || fail "the root is not read-only"
[[ ! -e /proc/$(process --config.file)/root/var/run/secrets/kubernetes.io ]] || fail "the pod has a service account token"
is "the Service's endpoint" "$(in_namespace get endpointslices -o jsonpath='{.items[*].endpoints[*].addresses[*]}:{.items[*].ports[*].port}')" "$(ready 4):17227"
is "the NetworkPolicy" "$(in_namespace get networkpolicy -o jsonpath='{.items[*].spec.policyTypes} {.items[*].spec.ingress[*].from[*].namespaceSelector.matchLabels}')" \
  '["Ingress","Egress"] {"kubernetes.io/metadata.name":"observability"}'
is "the ServiceMonitor" "$(in_namespace get servicemonitor -o jsonpath='{.items[*].metadata.labels.release} {.items[*].spec.endpoints[*].honorLabels}')" "kube-prometheus-stack true"
page $kubernetes "kind: PrometheusRule"
page_block $kubernetes "kind: ScrapeConfig" | kubectl apply -f -
done_with "kustomize: installed"

# The token is rotated: first the API refuses the old one, then the Secret has the new one.
pod=$(ready)
echo token-2 >"$work/tokens"
eventually up 0
echo token-2 >"$work/token/token"
in=$work/token page $kubernetes "dry-run=client"
eventually up 1
done_with "kustomize: new token used"
# Without a token the exporter is not ready, which only its readiness probe notices.
: >"$work/token/token"
in=$work/token page $kubernetes "dry-run=client"
in_namespace wait --for condition=Ready=false --timeout 120s "pod/$pod"
echo token-2 >"$work/token/token"
in=$work/token page $kubernetes "dry-run=client"
in_namespace wait --for condition=Ready --timeout 120s "pod/$pod"
is "the pod after all tokens" "$(pods | awk '{ print $1, $3 }')" "$pod 0"
done_with "kustomize: not ready without a token, and ready again"

in=$work/mine page $kubernetes "apply -k ." && rolled_out
is "the pod after the same configuration" "$(ready)" "$pod"
sed -i s/edge-prod/edge-2/ "$work/mine/config.yml"
in=$work/mine page $kubernetes "apply -k ." && rolled_out
[[ $(ready) != "$pod" ]] || fail "a changed configuration starts no new pod"
eventually serves "cloudflare_pcap_account_info{account=\"$account\",account_name=\"edge-2\"} 1"
done_with "kustomize: changed configuration"
cp "$work/mine/config.yml" "$work/good.yml"
sed -i "/accounts:/a\\  - id: $account" "$work/mine/config.yml"
in=$work/mine page $kubernetes "apply -k ."
survives
in_namespace logs "$(failing)" | grep "duplicate id" || fail "no reason in the log"
cp "$work/good.yml" "$work/mine/config.yml"
in=$work/mine page $kubernetes "apply -k ." && rolled_out
done_with "kustomize: bad configuration"
in=$work/mine page $kubernetes "delete -k ."
eventually nothing_left cloudflare-pcap $'prometheusrule.monitoring.coreos.com/cloudflare-pcap\nsecret/cloudflare-api-token'
kubectl delete namespace cloudflare-pcap
done_with "kustomize: removed"

page_block $helm "credentials:" >"$work/values.yaml"
ln -s "$repository/deploy" "$work/token/deploy" && cp "$work/values.yaml" "$work/token"
export in=$work/token
upgrade() { page $helm "upgrade --install" "$@"; }
page $helm "create namespace"
upgrade
sees $helm "$(page_block "$repository/$helm" 'cloudflare_pcap_up{')"
helm get notes -n cloudflare-pcap cloudflare-pcap-exporter | sed 's/^  //' | grep -cxFf <(page_block "$repository/$helm" "rollout status") |
  grep -x 3 || fail "the notes have other commands than the page"
done_with "Helm: installed"

pod=$(ready)
upgrade
is "the pod after the same values" "$(ready)" "$pod"
upgrade -e '$ s/$/ --set accounts[0].name=edge-2/'
[[ $(ready) != "$pod" ]] || fail "changed values start no new pod"
eventually serves "cloudflare_pcap_account_info{account=\"$account\",account_name=\"edge-2\"} 1"
pod=$(ready)
in_namespace create secret generic other --from-literal=key=token-2
upgrade -e '$ s/$/ --set credentials.default.secret=other,credentials.default.key=key/'
[[ $(ready) != "$pod" ]] || fail "another Secret starts no new pod"
eventually up 1
done_with "Helm: changed values"

is "the rules" "$(in_namespace get prometheusrule -o jsonpath='{.items[*].spec.groups[*].rules[*].alert}' | wc -w)" "$(grep -c 'alert:' "$repository/deploy/prometheus/alerts.yml")"
is "the dashboards" "$(in_namespace get configmap -l grafana_dashboard=1 -o json | jq -r '.items[].data[] | fromjson.title' | wc -l)" 2

# A pod without a token: its Service has its address only if it is asked to.
endpoint_is() { [[ $(in_namespace get endpointslices -o jsonpath='{.items[*].endpoints[*].conditions.ready}') == "$1" ]]; }
in_namespace create secret generic other --from-literal=key= --dry-run=client -o yaml | kubectl replace -f -
eventually endpoint_is false
upgrade -e 's/--wait//; $ s/$/ --set credentials.default.secret=other,credentials.default.key=key,service.publishNotReadyAddresses=true/'
eventually endpoint_is true
upgrade
in_namespace delete secret other
done_with "Helm: endpoint of a pod that is not ready"

# TLS, a password, and a CA: installed, upgraded, and rolled back.
page $helm "uninstall --wait"
page_block "$repository/$helm" "tls_server_config:" >"$in/web.yml"
page_block "$repository/$helm" "webConfig:" >"$in/tls.yaml"
page_block "$repository/$helm" "SSL_CERT_FILE" >"$in/ca.yaml"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=exporter \
  -addext subjectAltName=DNS:cloudflare-pcap-exporter -keyout "$in/tls.key" -out "$in/tls.crt"
cp "$in/tls.crt" "$in/ca.crt" && printf fakepassword >"$in/password"
cp "$work/certificate.pem" "$in/ca-bundle.crt"
page $helm "generic cloudflare-pcap-web"
page $helm "configmap company-ca"
in_namespace create configmap wrong --from-file=ca-bundle.crt="$in/tls.crt"

# endpoint prints a value of the ServiceMonitor's endpoint, secret the key of a Secret that it refers to.
endpoint() { in_namespace get servicemonitor cloudflare-pcap-exporter -o json | jq -er ".spec.endpoints[0]$1"; }
secret() {
  local name key
  name=$(endpoint "$1.name") && key=$(endpoint "$1.key") && in_namespace get secret "$name" -o json | jq -er --arg key "$key" '.data[$key] | @base64d'
}
# by_tls scrapes the pod with what the ServiceMonitor refers to.
by_tls() {
  curl -sf --max-time 5 --cacert <(secret .tlsConfig.ca.secret) --connect-to "::$(ready 4):17227" \
    -u "$(secret .basicAuth.username):$(secret .basicAuth.password)" "$(endpoint .scheme)://$(endpoint .tlsConfig.serverName)/metrics" |
    grep -x "cloudflare_pcap_up{account=\"$account\"} $1"
}
by_tls_only() {
  [[ $(curl -sk -o /dev/null -w '%{http_code}' "https://$(ready 4):17227/metrics") == 401 ]] &&
    [[ $(curl -s -o /dev/null -w '%{http_code}' "http://$(ready 4):17227/metrics") == 400 ]]
}
# readiness prints the pod, its restarts, and since when it is ready.
readiness() { in_namespace get pod "$(ready)" -o jsonpath='{.metadata.name} {.status.containerStatuses[0].restartCount} {.status.conditions[?(@.type=="Ready")]}'; }
# stays_ready waits for 6 probes of each kind. After 3 failures, the pod would not be ready, or would be restarted.
stays_ready() {
  local before
  before=$(readiness) && sleep 60 && is "the pod with TLS" "$(readiness)" "$before"
}
# The image has the certificate of the simulated API, so its directory of certificates is left out.
with_tls='-f tls.yaml -f ca.yaml --set extraEnv[1].name=SSL_CERT_DIR,extraEnv[1].value=/etc/ssl/company'
upgrade -e "$ s|\$| $with_tls|"
helm history -n cloudflare-pcap cloudflare-pcap-exporter -o json | jq -e 'length == 1' || fail "the release with TLS was not installed anew"
eventually by_tls 1
by_tls_only || fail "metrics without TLS or a password"
stays_ready
done_with "Helm: installed with TLS, a password and a CA"
pod=$(ready)
upgrade -e "$ s|\$| $with_tls --set extraArgs[0]=--log.format=json|"
[[ $(ready) != "$pod" ]] || fail "another flag starts no new pod"
eventually by_tls 1
in_namespace logs "$(ready)" | grep '^{' || fail "the flag has no effect"
upgrade -e "$ s|\$| $with_tls --set extraVolumes[0].name=company-ca,extraVolumes[0].configMap.name=wrong|"
eventually by_tls 0
page $helm "helm rollback"
eventually by_tls 1
by_tls_only || fail "metrics without TLS or a password after a rollback"
stays_ready
kill -STOP "$(process --config.file)" # which its liveness probe should notice
eventually pod_restarted "$(ready)"
upgrade
eventually up 1
in_namespace delete configmap company-ca wrong && in_namespace delete secret cloudflare-pcap-web cloudflare-pcap-scrape
done_with "Helm: upgraded and rolled back with TLS, a password and a CA"

# Values that the chart, the API server, and the exporter refuse.
revisions() { helm history -n cloudflare-pcap cloudflare-pcap-exporter -o json | jq length; }
state() { in_namespace get deployment -o jsonpath='{.items[*].metadata.generation} '; ready; }
ports() { in_namespace get networkpolicy -o jsonpath='{.items[*].spec.egress[*].ports[*].port}'; }
before="$(revisions) $(state)"
refused "must be one of .http., .https." upgrade -e '$ s/$/ --set serviceMonitor.scheme=ftp/'
refused "as is accounts\[0\].id" upgrade -e "$ s/\$/ --set accounts[1].id=$account/"
is "the release after refused values" "$(revisions) $(state)" "$before"
before=$(state)
refused "must be less than or equal to memory limit" upgrade -e '$ s/$/ --set resources.requests.memory=1Gi,networkPolicy.egressPorts[0]=8443,accounts[0].name=edge-3/'
is "the Deployment after the API server has refused it" "$(state)" "$before"
is "the ports of the NetworkPolicy" "$(ports)" "53 53 5353 5353 8443"
page $helm "helm rollback"
is "the ports of the NetworkPolicy after the rollback" "$(ports)" "53 53 5353 5353 443"
eventually up 1
done_with "Helm: refused by the API server"
bad="credentials.default.proxyURL=http:\/\/%zz"
upgrade -e "s/--wait//; $ s/\$/ --set $bad/" | grep "STATUS: deployed"
survives
in_namespace logs "$(failing)" | grep "credential default: proxy_url must" || fail "no reason in the log"
page $helm "helm rollback"
eventually up 1
is "the failing pod after the rollback" "$(failing)" ""
pod=$(ready)
refused "" upgrade -e "$ s/\$/ --timeout 20s --set $bad/"
page $helm "helm rollback"
is "the pod after a failed upgrade and its rollback" "$(ready)" "$pod"
done_with "Helm: bad configuration"

page $helm "uninstall --wait"
eventually nothing_left cloudflare-pcap secret/cloudflare-api-token
unset in

# The demo that hung.
[[ $(pods default | cut -d' ' -f2,3) == "true 1" ]] || fail "the liveness probe has not restarted it: $(pods default)"
page $helm "helm uninstall cloudflare-pcap-exporter"
eventually nothing_left default service/kubernetes
done_with "Helm: removed"

# Every command of the pages was run.
for page in $kubernetes $helm; do
  awk -v page=$page '/^ *```sh/ { getline; sub(/^ */, ""); print page, $0 }' $page
done | sort -u | diff - <(sort -u "$work/run") || fail "these commands of the pages (<) were not run"
