#!/bin/sh
# deb passes "remove" or "purge", and rpm passes 0, if this is not an upgrade. This stops the service, not a script
# before the removal, because dpkg skips that script after an interrupted upgrade.
case $1 in remove | purge | 0) ;; *) exit 0 ;; esac
rm -f /etc/systemd/system/*.wants/cloudflare_pcap_exporter.service
if [ -d /run/systemd/system ]; then
  # These fail if the service is not running, or has not failed.
  systemctl stop cloudflare_pcap_exporter.service 2>/dev/null || :
  systemctl daemon-reload || :
  systemctl reset-failed cloudflare_pcap_exporter.service 2>/dev/null || :
fi
# "purge" also deletes the administrator's files. rpm has no equivalent.
[ "$1" = purge ] || exit 0
rm -rf /etc/cloudflare_pcap_exporter /etc/default/cloudflare_pcap_exporter
userdel cloudflare_pcap_exporter 2>/dev/null || :
