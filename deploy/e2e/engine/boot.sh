#!/usr/bin/env bash
# Runs guest.sh on a machine: boot.sh ROOT HOME, with the directory ROOT as the read-only root of the machine, and HOME as its
# /root. This is pid 1 of namespaces that .ci/run makes: when it ends, everything in them ends.
set -euo pipefail

mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/machine/{changes,work,root}
mount -t overlay -o "lowerdir=$1,upperdir=/run/machine/changes,workdir=/run/machine/work" overlay /run/machine/root
cd /run/machine/root && mkdir -p var/lib/docker old
mount -t proc proc proc && mount -t sysfs sysfs sys && mount -t cgroup2 cgroup2 sys/fs/cgroup && mount --rbind /dev dev
mount --bind "$2" root && mount -t tmpfs tmpfs run && mount -t tmpfs tmpfs tmp
# The engine keeps images here. It cannot keep them on an overlay.
mount -t tmpfs tmpfs var/lib/docker
# No namespace has its own copy of these settings.
for settings in kernel vm; do mount --bind -o ro proc/sys/$settings proc/sys/$settings; done
# With chroot, an engine cannot run commands in containers.
pivot_root . old && cd / && umount -l /old
exec env -i PATH=/usr/sbin:/usr/bin HOME=/root bash /root/guest.sh
