#!/bin/sh
# deb passes "remove" and rpm passes 0 if this is not an upgrade.
case $1 in remove | 0) ;; *) exit 0 ;; esac
[ -d /run/systemd/system ] || exit 0
systemctl disable --now cloudflare_pcap_exporter.service || :
# systemd lists a failed unit even after its file is deleted. It reports an error if the unit is not loaded.
systemctl reset-failed cloudflare_pcap_exporter.service 2>/dev/null || :
