# Machines in namespaces, for the steps that need one. Sourced by .ci/run.

# debian_root sets root to a directory with a Debian, which is made once: debian_root SUITE PACKAGE,...
debian_root() {
  root=${XDG_CACHE_HOME:-$HOME/.cache}/cloudflare_pcap_exporter/$1@$(cksum <<<"$2" | cut -d' ' -f1)
  [[ ! -d $root ]] || return 0
  debian mmdebstrap mmdebstrap && rm -rf "$root.new" && mmdebstrap --variant=apt --include="$2" "$1" "$root.new" && mv "$root.new" "$root"
}

# in_namespaces runs a script in namespaces and in a cgroup of its own, and leaves none of them: in_namespaces SCRIPT [ARG...]
in_namespaces() (
  cgroup=$(findmnt -nt cgroup2 -o TARGET | head -n 1) && [[ -n $cgroup ]] || { echo "there is no cgroup2"; return 1; }
  cgroup+=/cloudflare_pcap_exporter.$BASHPID && mkdir "$cgroup" || return
  (echo $BASHPID >"$cgroup/cgroup.procs" &&
    exec unshare --mount --cgroup --net --pid --ipc --uts --fork --kill-child --mount-proc bash "$@") &
  trap 'kill -KILL $! 2>/dev/null; remove_cgroup "$cgroup"' EXIT
  timeout 900 tail --pid=$! -f /dev/null || { echo "$1 has not ended in 15 minutes"; return 1; }
  wait $!
)

# remove_cgroup removes a cgroup as soon as its processes have ended.
remove_cgroup() {
  local i
  for ((i = 0; i < 100; i++)); do
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    [[ -d $1 ]] || return 0
    sleep 0.1
  done
  echo "$1 is still in use"
}
