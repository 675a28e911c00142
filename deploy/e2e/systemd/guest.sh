#!/usr/bin/env bash
# Installs, runs, upgrades and removes the exporter on a machine with systemd, as the pages describe it:
#
#	guest.sh first_boot | second_boot
#
# boot.sh runs it on a machine made for it. Any command that fails ends the script, so each assertion is a line of its own.
set -Eeuo pipefail
. /root/pages.sh
exec 3>&1
trap failed ERR

readonly unit=cloudflare_pcap_exporter etc=/etc/cloudflare_pcap_exporter default=/etc/default/cloudflare_pcap_exporter
readonly prod=023e105f4ecef8ad9ca31a8372d0c353 lab=8a3bd1c2f6e04597b8c1d2e3f4a5b6c7 # the accounts on the pages
readonly late=192.0.2.10                                                            # an address that comes after the boot
export DEBIAN_FRONTEND=noninteractive

first_boot() {
  simulate_api
  deb_installed
  hardened
  token_changed
  configuration_changed
  reloaded_while_it_starts
  restarted_after_it_died
  not_restarted_after_a_mistake
  restarted_until_it_can_listen
  deb_upgraded
  with_flags --web.listen-address=$late:17227
}

second_boot() {
  listens_once_the_address_exists
  deb_removed
  rpm_installed_and_removed
  installed_and_removed_by_hand
  every_block_was_used systemd packages
}

# simulate_api serves the API under its usual name. systemd-resolved resolves the name, and the machine trusts the CA.
simulate_api() {
  local certificate=/usr/local/share/ca-certificates/api.crt
  echo "127.0.0.1 api.cloudflare.com" >>/etc/hosts
  ln -sf /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
  sed -i 's/^hosts:.*/hosts: dns/' /etc/nsswitch.conf # or the exporter reads /etc/hosts instead of asking resolved
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=api \
    -addext subjectAltName=DNS:api.cloudflare.com -keyout api.key -out $certificate 2>&1
  update-ca-certificates
  mkdir tokens
  echo first >tokens/$prod
  echo of-the-lab >tokens/$lab
  printf '%s\n' '[Service]' "ExecStart=/root/api $certificate /root/api.key /root/tokens" '[Install]' \
    WantedBy=multi-user.target >/etc/systemd/system/api.service
  systemctl enable --now api
  echo 'APT::Get::Assume-Yes "true";' >/etc/apt/apt.conf.d/assume-yes
}

deb_installed() {
  check "the checksums of the release"
  (cd release && run packages sha256sum)
  check "a new package starts nothing"
  (cd release && run packages 'apt install')
  [[ $(systemctl is-enabled $unit) == disabled ]]
  [[ $(systemctl is-active $unit) == inactive ]]
  check "the commands for the deb"
  run packages 'install -m 0640' first
  sees packages
  check "flags"
  run systemd 'capture-series'
  eventually metric "cloudflare_pcap_capture_series_dropped{account=\"$prod\"} 0"
  without_flags
}

hardened() {
  local pid status
  check "the service has no privileges"
  pid=$(property MainPID)
  status=$(cat "/proc/$pid/status")
  grep -P '^CapEff:\t0+$' <<<"$status"
  grep -P '^NoNewPrivs:\t1$' <<<"$status"
  grep -P '^Seccomp:\t2$' <<<"$status"
  [[ $(stat -c %u "/proc/$pid") != 0 ]]
  check "no other user can read the token"
  runuser -u nobody -- test ! -r $etc/token
}

token_changed() {
  local pid
  check "a new token needs no restart"
  pid=$(property MainPID)
  echo second >tokens/$prod
  eventually metric "cloudflare_pcap_up{account=\"$prod\"} 0"
  run systemd token.new second
  sees systemd
  [[ $(property MainPID) == "$pid" ]]
  check "a reload without a configuration file"
  run systemd 'systemctl reload'
  is NRestarts 0
}

configuration_changed() {
  local pid
  check "a configuration file with two tokens"
  cp $default default.before
  code systemd accounts: >$etc/config.yml
  code systemd ARGS=--config.file >$default
  run systemd $'/lab  # paste the token, Enter, Ctrl-D\nsystemctl restart' of-the-lab
  eventually metric "cloudflare_pcap_up{account=\"$prod\"} 1"
  eventually metric "cloudflare_pcap_up{account=\"$lab\"} 1"
  check "a reload"
  pid=$(property MainPID)
  sed -i /edge-lab/d $etc/config.yml
  run systemd 'systemctl reload'
  eventually no_metric "cloudflare_pcap_up{account=\"$lab\"}"
  check "a reload of a wrong file changes nothing"
  echo 'wrong: [' >>$etc/config.yml
  fails run systemd 'systemctl reload'
  eventually logged 'status=1/FAILURE'
  grep 'config.yml: line' log
  eventually metric "cloudflare_pcap_up{account=\"$prod\"} 1"
  [[ $(property MainPID) == "$pid" ]]
  check "a start with a wrong file"
  fails systemctl restart $unit
  gives_up_after 'status=1/FAILURE'
  mv default.before $default
  rm $etc/config.yml $etc/lab
  systemctl start $unit
}

reloaded_while_it_starts() {
  check "a reload while it starts"
  drop_in ExecStart= 'ExecStart=/bin/sh -c "sleep 2; exec /usr/bin/cloudflare_pcap_exporter"'
  systemctl stop $unit
  systemctl start --no-block $unit
  eventually is SubState start
  systemctl reload $unit
  eventually is SubState running
  is NRestarts 0
  drop_in
}

restarted_after_it_died() {
  local signal
  check "a restart after SIGKILL"
  systemctl restart $unit
  kill -KILL "$(property MainPID)"
  eventually is SubState auto-restart
  eventually is SubState running
  is NRestarts 1
  sees packages
  # systemd counts the end by these signals as a clean exit. The exporter handles them, so a shell dies instead.
  for signal in PIPE HUP; do
    check "a restart after SIG$signal"
    drop_in Type=exec IgnoreSIGPIPE=no ExecStart= "ExecStart=/bin/sh -c 'kill -$signal \$\$\$\$'"
    systemctl restart $unit || :
    eventually is SubState auto-restart
  done
  drop_in
  systemctl stop $unit
}

not_restarted_after_a_mistake() {
  cp $default default.before
  check "a wrong flag"
  with_flags --no-such-flag
  fails systemctl start $unit
  gives_up_after 'status=1/FAILURE'
  check "a privileged port"
  with_flags --web.listen-address=:99
  fails systemctl start $unit
  gives_up_after 'bind: permission denied'
  mv default.before $default
  check "no token"
  mv $etc/token moved
  fails systemctl start $unit
  gives_up_after "$etc/token: no such file or directory"
  mv moved $etc/token
  check "a token that the service cannot read"
  chmod 0600 $etc/token
  fails systemctl start $unit
  gives_up_after "$etc/token: permission denied"
  chmod 0640 $etc/token
}

# The usual limit is 5 starts in 10 seconds.
restarted_until_it_can_listen() {
  check "a port in use"
  systemd-run --unit=occupier systemd-socket-activate -l 17227 /bin/cat
  eventually is ActiveState active occupier
  drop_in RestartSec=100ms
  fails systemctl start $unit
  eventually tried_more_than 7
  eventually logged 'bind: address already in use'
  systemctl stop occupier
  eventually is SubState running
  sees packages
  drop_in
}

deb_upgraded() {
  local pid
  check "an upgrade of the deb"
  cp $default default.before
  pid=$(property MainPID)
  (cd release && upgrade packages 'apt install')
  upgraded "$pid"
  check "an upgrade of a service that does not start"
  with_flags --no-such-flag
  (cd release && apt-get install --reinstall ./*_0.2.0_linux_amd64.deb)
  gives_up_after 'status=1/FAILURE'
  dpkg -s cloudflare-pcap-exporter | grep '^Status: install ok installed'
  cp default.before $default
}

# upgraded fails unless the new version runs with the new unit and with the files of the administrator: upgraded OLD-PID
upgraded() {
  eventually metric 'cloudflare_pcap_exporter_build_info{.*version="0.2.0"'
  [[ $(property MainPID) != "$1" ]]
  [[ $(systemctl is-enabled $unit) == enabled ]]
  [[ $(property Description) == "Prometheus exporter"* ]]
  is NeedDaemonReload no
  cmp $default default.before
  sees packages
}

listens_once_the_address_exists() {
  check "an address that comes after the boot"
  eventually is SubState auto-restart
  eventually logged 'bind: cannot assign requested address'
  ip address add $late/32 dev lo
  eventually is SubState running
  curl -sS http://$late:17227/metrics >metrics
  grep "^cloudflare_pcap_up{account=\"$prod\"} 1" metrics
  mv default.before $default
}

deb_removed() {
  check "a removal keeps settings and token"
  with_flags --no-such-flag
  fails systemctl restart $unit
  apt-get remove cloudflare-pcap-exporter
  [[ -z $(systemctl list-units --all --no-legend "$unit*") ]]
  [[ -s $etc/token && -s $default ]]
  with_flags
  check "a second installation"
  (cd release && upgrade packages 'apt install')
  systemctl enable --now $unit
  sees packages
  check "nothing is left of the deb after an interrupted upgrade"
  dpkg --unpack release/*_0.2.0_linux_amd64.deb
  dpkg -s cloudflare-pcap-exporter | grep '^Status: install ok unpacked'
  sees packages
  run packages 'apt purge'
  nothing_left
}

rpm_installed_and_removed() {
  local pid
  # Debian has rpm, but no rpm package that provides the CA certificates.
  printf '%s\n' '#!/bin/sh' 'case $1 in install) action=--upgrade ;; remove) action=--erase ;; esac' shift \
    'exec rpm $action --nodeps "$@"' >/usr/bin/dnf
  chmod +x /usr/bin/dnf
  check "the commands for the rpm"
  (cd release && run packages 'dnf install')
  [[ $(systemctl is-enabled $unit) == disabled ]]
  run packages 'install -m 0640' second
  sees packages
  check "an upgrade of the rpm"
  cp $default default.before
  pid=$(property MainPID)
  (cd release && upgrade packages 'dnf install')
  upgraded "$pid"
  check "nothing is left of the rpm"
  run packages 'dnf remove'
  nothing_left
}

installed_and_removed_by_hand() {
  check "the commands without a package"
  (cd checkout && run systemd 'install cloudflare_pcap_exporter' second)
  sees systemd
  check "nothing is left of what was installed without a package"
  run systemd 'rm /usr/bin/cloudflare_pcap_exporter'
  nothing_left
}

nothing_left() {
  local left
  left=$(find / -xdev -path /root -prune -o -name '*cloudflare*pcap*' -print
    find /run -name '*cloudflare*pcap*'
    systemctl list-units --all --no-legend "$unit*"
    getent passwd $unit || :)
  [[ -z $left ]] || { echo "left: $left"; return 1; }
}

# Pages.

# upgrade runs a block of code for version 0.1.0 with version 0.2.0.
upgrade() { code "$1" "$2" | sed 's/0\.1\.0/0.2.0/' >upgrade.sh && bash -eux upgrade.sh <<<"${3-}"; }

# sees runs the last block of a page, which shows that the service runs.
sees() { eventually sees_now "$1"; }
sees_now() {
  run "$1" 'systemctl status' >seen 2>&1 && grep -q 'Active: active (running)' seen &&
    grep -q "^cloudflare_pcap_up{account=\"$prod\"} 1" seen
}

# The state of the service.

property() { systemctl show -P "$1" "${2-$unit}"; }
is() { [[ $(property "$1" "${3-$unit}") == "$2" ]]; }
metric() { curl -s http://127.0.0.1:17227/metrics >metrics && grep "^$1" metrics; }
no_metric() { curl -s http://127.0.0.1:17227/metrics >metrics && ! grep "^$1" metrics; }
tried_more_than() { (($(property NRestarts) > $1)); }

# logged reports whether the log has a text that the page explains.
logged() { run systemd journalctl >log && explains systemd "$1" <log; }

# gives_up_after fails if systemd will start the service again.
gives_up_after() { eventually is SubState failed; eventually logged "$1"; }

with_flags() { without_flags; echo "ARGS=$*" >>$default; }
without_flags() { sed -i /^ARGS=/d $default; }

# drop_in changes the unit by the given lines, or back.
drop_in() {
  local dir=/etc/systemd/system/$unit.service.d
  rm -rf $dir
  (($# == 0)) || { mkdir $dir; printf '%s\n' '[Service]' "$@" >$dir/test.conf; }
  systemctl daemon-reload
}

# The script.

failed() {
  ((BASH_SUBSHELL == 0)) || return 0
  trap - ERR
  exec >&3 2>&1
  echo "FAILED: $(tail -n 1 /root/checks), in guest.sh: ${FUNCNAME[*]:1} (lines ${BASH_LINENO[*]})"
  systemctl show $unit -p SubState,Result,ExecMainStatus,NRestarts || :
  journalctl -u $unit -u api -n 40 --no-pager || :
  exit 1
}

cd /root
"$1"
