#!/bin/sh
# Becomes process 1 of a node, in namespaces of its own that the caller made (mount, network, process ids, host name, IPC, cgroup).
# The node sees the machine's files through an overlay in memory, so nothing that it writes reaches the machine; what is big is on disk,
# in the node's own folder. All mounts are private to these namespaces and end with them.
# Usage: node-root.sh NAME FOLDER INIT KEEP…    KEEP: folders that stay the machine's, at the same path.
set -eu
name=$1 folder=$2 init=$3
shift 3

# Our process id as the machine sees it: this /proc is still the machine's.
read -r pid rest </proc/self/stat
hostname "$name"
ip link set lo up

layers=$folder/layers root=$folder/root
mkdir -p "$layers" "$root"
mount -t tmpfs -o mode=755 node "$layers"
mkdir "$layers/upper" "$layers/work"
mount -t overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" node "$root"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mkdir -p "$root/run/lock" "$root/run/netns"

# The cgroup namespace makes the node's own cgroup the root of what is mounted here.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup "$root/sys/fs/cgroup"
  mkdir -p "$root/sys/fs/cgroup/system"
  # Where processes are, controllers cannot be handed on.
  echo 0 >"$root/sys/fs/cgroup/system/cgroup.procs"
  for controller in $(cat "$root/sys/fs/cgroup/cgroup.controllers"); do
    echo "+$controller" >"$root/sys/fs/cgroup/cgroup.subtree_control"
  done
else
  mount -t tmpfs -o mode=755 cgroup "$root/sys/fs/cgroup"
  while IFS=: read -r _ controllers _; do
    case $controllers in
    '') continue ;;
    name=*) options="none,$controllers" target=${controllers#name=} ;;
    *) options=$controllers target=$controllers ;;
    esac
    mkdir -p "$root/sys/fs/cgroup/$target"
    mount -t cgroup -o "$options" cgroup "$root/sys/fs/cgroup/$target"
    case $controllers in
    *,*) for controller in $(echo "$controllers" | tr , ' '); do ln -s "$target" "$root/sys/fs/cgroup/$controller"; done ;;
    esac
  done </proc/self/cgroup
fi

# The kubelet wants these as they are here, and would otherwise set them for the whole machine.
mkdir "$layers/sysctl"
while read -r key value; do
  [ -e "$root/proc/sys/$key" ] || continue
  file=$layers/sysctl/$(echo "$key" | tr / .)
  echo "$value" >"$file"
  mount --bind "$file" "$root/proc/sys/$key"
done <<END
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END

for path in var/lib/kubelet var/lib/containerd var/log/pods var/log/containers; do
  mkdir -p "$folder/$path" "$root/$path"
  mount --bind "$folder/$path" "$root/$path"
done
for path in "$@"; do
  mkdir -p "$root$path"
  mount --bind "$path" "$root$path"
done
mkdir -p "$root/etc/cni/net.d" "$root/opt/cni/bin" "$root/var/lib/cni" "$root/mnt"
for plugin in /usr/lib/cni/*; do
  [ -e "$plugin" ] && ln -sf "$plugin" "$root/opt/cni/bin/"
done
rm -f "$root/etc/resolv.conf" "$root/etc/machine-id"
: >"$root/etc/resolv.conf"
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$name" >"$root/etc/hosts"
echo "$name" | md5sum | cut -c 1-32 >"$root/etc/machine-id"

cd "$root"
pivot_root . mnt
umount -l /mnt
# Pods may mount with propagation, among the node's own processes.
mount --make-rshared /
echo "$pid" >"$folder/init.pid.new"
mv "$folder/init.pid.new" "$folder/init.pid"
exec "$init" </dev/null
