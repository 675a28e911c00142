#!/bin/sh
# deb says "remove" and rpm 0 where it is not an upgrade.
case $1 in remove | 0) ;; *) exit 0 ;; esac
[ -d /run/systemd/system ] || exit 0
systemctl disable --now cloudflare_pcap_exporter.service || :
