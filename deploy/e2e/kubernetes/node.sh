#!/usr/bin/env bash
# Starts a Kubernetes node in the namespaces that it is run in, and then checks.sh. As
# process 1, it ends everything with itself. Arguments: the directory of the programs, that
# of helm, a working directory, and a cgroup.
set -euo pipefail
programs=$1 work=$3 group=$4 node=10.99.0.1
export PATH=$programs:$2:$programs/debian/usr/bin:$programs/debian/usr/sbin:$PATH HOME=$work KUBECONFIG=$work/kubeconfig

start() { local name=$1; shift; "$@" >"$work/log/$name" 2>&1 & }
await() { local i; for i in {1..300}; do "$@" >/dev/null 2>&1 && return; sleep 0.2; done; echo "timeout: $*"; return 1; }

# The node writes to directories of its own. Pods share mounts with the kubelet.
for dir in /run /var/lib /var/log; do mount -t tmpfs tmpfs $dir; done
mount --make-rshared /
mkdir /var/lib/kubelet
# The kubelet must not change these settings, which belong to the machine.
for dir in vm kernel; do mount --bind /proc/sys/$dir /proc/sys/$dir && mount -o remount,bind,ro /proc/sys/$dir; done
mkdir /run/sys
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  echo "${setting#*=}" >"/run/sys/$(basename "${setting%=*}")"
  mount --bind "/run/sys/$(basename "${setting%=*}")" "/proc/sys/${setting%=*}"
done

hostname node
ip link set lo up
ip address add $node/32 dev lo
echo token-1 >"$work/tokens"
start internet "$work/internet" $node "$work/certificate.pem" "$work/key.pem" "$work/tokens"

cd "$work"
cat >kubeconfig <<CONFIG
apiVersion: v1
kind: Config
clusters: [{ name: node, cluster: { server: "https://127.0.0.1:6443", insecure-skip-tls-verify: true } }]
users: [{ name: admin, user: { token: admin } }]
contexts: [{ name: node, context: { cluster: node, user: admin } }]
current-context: node
CONFIG
echo admin,admin,1,system:masters >users.csv
openssl genrsa -out accounts.key 2048 2>/dev/null && openssl rsa -in accounts.key -pubout -out accounts.pub 2>/dev/null
start etcd etcd --data-dir "$work/etcd.data" --unsafe-no-fsync --listen-peer-urls http://127.0.0.1:0 \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379
start apiserver kube-apiserver --etcd-servers http://127.0.0.1:2379 --bind-address 127.0.0.1 --advertise-address $node \
  --cert-dir "$work/certificates" --token-auth-file users.csv --authorization-mode RBAC --endpoint-reconciler-type none \
  --service-account-issuer https://node --service-account-key-file accounts.pub --service-account-signing-key-file accounts.key \
  --service-cluster-ip-range 10.96.0.0/16 --kubelet-preferred-address-types InternalIP
await kubectl get --raw /readyz
start controllers kube-controller-manager --kubeconfig kubeconfig --leader-elect=false --bind-address 127.0.0.1
start scheduler kube-scheduler --kubeconfig kubeconfig --leader-elect=false --bind-address 127.0.0.1

mkdir /run/cni
cat >/run/cni/node.conflist <<CONFIG
{ "cniVersion": "0.4.0", "name": "node", "plugins": [{ "type": "ptp", "ipam": { "type": "host-local",
  "ranges": [[{ "subnet": "10.244.0.0/24" }]], "routes": [{ "dst": "0.0.0.0/0" }] } }] }
CONFIG
cat >/run/containerd.toml <<CONFIG
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$programs/debian/usr/lib/cni"
    conf_dir = "/run/cni"
CONFIG
start containerd containerd --config /run/containerd.toml
await ctr version
for image in exporter pause; do ctr --namespace k8s.io images import "$image.tar" >/dev/null; done
exporter=$(ctr --namespace k8s.io images list --quiet | grep cloudflare)
ctr --namespace k8s.io images tag "$exporter" "registry.example.com/${exporter##*/}" >/dev/null # as in the page

echo "nameserver $node" >/run/resolv.conf
cat >/run/kubelet.yaml <<CONFIG
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: { anonymous: { enabled: true }, webhook: { enabled: false } }
authorization: { mode: AlwaysAllow }
cgroupDriver: cgroupfs
cgroupRoot: /$group
clusterDNS: [$node]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
enforceNodeAllocatable: []
evictionHard: { memory.available: 1Mi }
failSwapOn: false
imageGCHighThresholdPercent: 100
localStorageCapacityIsolation: false
resolvConf: /run/resolv.conf
syncFrequency: 10s # when a changed Secret is written to its files; the default is a minute
CONFIG
start kubelet kubelet --config /run/kubelet.yaml --kubeconfig kubeconfig --hostname-override node --node-ip $node
await kubectl get node node
kubectl wait --for condition=Ready --timeout 60s node/node
cd "$OLDPWD"
echo "node ready after $SECONDS s" >"$work/figures"

timeout 900 bash deploy/e2e/kubernetes/checks.sh "$work"
