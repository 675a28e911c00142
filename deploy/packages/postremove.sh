#!/bin/sh
# deb passes "purge" to delete the administrator's files, too. rpm has no equivalent.
[ "$1" != purge ] || rm -rf /etc/cloudflare_pcap_exporter
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload || :
