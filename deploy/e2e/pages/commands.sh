#!/usr/bin/env bash
# Runs the commands of the pages on Prometheus, Alertmanager and Grafana. Called by
# .ci/pages.sh in namespaces, with a directory of the programs.
set -euo pipefail
. "${0%/*}/../pages.sh"

# What the commands write is in memory.
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt && cp -r "$1" /mnt/bin && cp -r "${0%/*}/../.." /mnt/deploy
for dir in etc var/lib; do
  mkdir -p "/mnt/$dir" "/mnt/overlay/$dir"
  mount -t overlay -o "lowerdir=/$dir,upperdir=/mnt/$dir,workdir=/mnt/overlay/$dir" overlay "/$dir"
done
mount -t tmpfs tmpfs /root && mkdir /root/checkout && mv /mnt/deploy /root/checkout/deploy
ip link set lo up
# Alertmanager does not start without a private address.
ip link add eth0 type veth && ip address add 10.0.0.1/24 dev eth0 && ip link set eth0 up && ip route add default dev eth0
export PATH=/mnt/bin:$PATH
for name in sudo sudoedit systemctl; do
  printf '#!/bin/sh\n%s\n' "$(case $name in sudo) echo 'exec "$@"' ;; *) echo "echo $name \"\$@\" >>/root/called" ;; esac)" >"/mnt/bin/$name"
  chmod +x "/mnt/bin/$name"
done
id prometheus 2>/dev/null || echo prometheus:x:65533:65533::/:/bin/false >>/etc/passwd
cd /root/checkout

get() { curl -sf "http://127.0.0.1:$1"; }

check "Alertmanager receives an alert"
run alertmanager "cp -r deploy/alertmanager"
files=$(code alertmanager "page_url")
for name in page chat digest; do bash -euc "${files//page_url/${name}_url}" <<<"http://127.0.0.1:9/$name"; done
mapfile -t lines < <(code alertmanager "amtool check-config" | sed -e ':a; /\\$/{ N; s/\\\n//; ba; }')
bash -euc "${lines[0]}"
mkdir -p /var/lib/alertmanager
bash -c "exec ${lines[1]}" &
eventually get 9093/-/ready
bash -euc "${lines[2]}"
amtool --alertmanager.url=http://127.0.0.1:9093 alert | grep CloudflarePcapCaptureFailed
code alertmanager "[WARNING]" # what a chat shows
{ printf 'route:\n  receiver: page\n  routes:\n' && code alertmanager "routes: []" && sed -n '/^receivers:/,$p' deploy/alertmanager/alertmanager.yml; } >/root/own.yml
amtool check-config /root/own.yml

check "Prometheus loads the alerts"
cd deploy/prometheus
bash -c "$(code prometheus "promtool")" &
eventually get 9090/-/ready
code prometheus "make mixin" # steps of .ci/run do these two
code prometheus "mixin.libsonnet"
[[ $(get 9090/api/v1/rules | grep -o '"type":"alerting"' | wc -l) == "$(grep -c 'alert:' alerts.yml)" ]]
cd ../..

check "Grafana's files are in place"
mkdir -p /etc/grafana /var/lib/grafana
run grafana "sudo cp -r deploy/grafana/provisioning"
ls /etc/grafana/provisioning/dashboards/*.yml /var/lib/grafana/dashboards/overview.json
diff /root/called - <<'END'
sudoedit /etc/grafana/provisioning/datasources/prometheus.yml
systemctl restart grafana-server
END
code grafana "make mixin" # steps of .ci/run do this
every_block_was_used alertmanager prometheus grafana
