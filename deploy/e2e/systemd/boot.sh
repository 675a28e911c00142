#!/usr/bin/env bash
# Boots a machine and runs guest.sh in it: boot.sh ROOT HOME, with the directory ROOT as the read-only root of the machine,
# and HOME as its /root. This is pid 1 of namespaces that .ci/systemd.sh makes: when it ends, everything in them ends.
set -euo pipefail

boot() {
  local i start=${EPOCHREALTIME/./}
  systemd-nspawn --quiet --directory=/run/machine/root --bind="$2:/root" --boot --register=no --keep-unit \
    --private-network --console=pipe </dev/null &>>"$2/console" &
  nspawn=$!
  for ((i = 0; i < 600; i++)); do
    sleep 0.1
    kill -0 $nspawn 2>/dev/null || break
    leader=$(pgrep -P $nspawn) || continue
    [[ $(guest systemctl is-system-running 2>/dev/null) =~ running|degraded ]] || continue
    echo "$(((${EPOCHREALTIME/./} - start) / 1000)) ms" >>"$2/boots"
    return
  done
  echo "the machine does not boot:" && cat "$2/console" && return 1
}

# guest runs a command on the machine.
guest() { nsenter -t "$leader" -a env -i PATH=/usr/sbin:/usr/bin HOME=/root TERM=dumb SYSTEMD_PAGER= "$@"; }

shut_down() { guest systemctl poweroff && wait $nspawn; }

mount --make-rprivate / && mount -t tmpfs tmpfs /run && mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /run/machine/{changes,work,root}
mount -t overlay -o "lowerdir=$1,upperdir=/run/machine/changes,workdir=/run/machine/work" overlay /run/machine/root

boot "$@"
guest bash /root/guest.sh first_boot
shut_down
boot "$@"
guest bash /root/guest.sh second_boot
shut_down
