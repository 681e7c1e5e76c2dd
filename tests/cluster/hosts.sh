# shellcheck shell=bash
# Several hosts out of one machine, for tests and benchmarks; to be sourced by bash, as root. A host is
# a network namespace with a name, boot id, mounts and shared memory of its own; a switch joins them over
# links whose rate can be shaped and which can be unplugged. They share file system, cores and clock.
# Several clusters do not see one another: each has a folder, and addresses are private to it.
#
# Needs root, iproute2 and util-linux. What a cluster is made of goes with `hosts_down`, and also when
# the process that called `hosts_up` dies.
#
#   hosts_up RATE HOST...       makes the hosts; RATE as tc writes it (1gbit), or - for unshaped links.
#                               Not to be called in a subshell
#   on HOST COMMAND...          runs a command there, in the current folder
#   link HOST up|down           plugs its cable in or out
#   shape HOST RATE             its link's rate, both ways
#   host_processes HOST         the numbers of all processes there
#   host_dies HOST              as by a cut of its power: off the net, then every process killed
#   host_returns HOST           the host is back, with nothing running
#   hosts_down
#
# RONDO_CLUSTER (exported) is the cluster's folder: HOST/holder is the process that keeps a host alive,
# HOST/tmp its folder for temporary files. hosts_agent is what a launcher may call in place of ssh.

# shellcheck disable=SC2034
hosts_agent=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/on
subnet=10.88.0

# hosts_can_run: whether this machine can do it; else says in a word why not.
hosts_can_run() {
  ((EUID == 0)) || { echo "needs root"; return 1; }
  local program
  for program in ip tc nsenter setpriv unshare; do
    command -v "$program" >/dev/null || { echo "needs $program"; return 1; }
  done
  unshare --net --uts --mount ip link add end1 type veth peer name end2 2>/dev/null ||
    { echo "this system makes no namespaces with links"; return 1; }
}

# hold NAME: a process that keeps namespaces of its own and dies with the caller of hosts_up.
hold() {
  local folder=$RONDO_CLUSTER/$1 holder
  mkdir -p "$folder/tmp"
  setpriv --pdeathsig KILL unshare --net --uts --mount sleep infinity </dev/null >/dev/null 2>&1 &
  holder=$!
  disown "$holder" # its end is nobody's news
  echo "$holder" >"$folder/holder"
  while [ "$(readlink "/proc/$holder/exe")" != "$(realpath "$(command -v sleep)")" ]; do
    kill -0 "$holder" || return 1
    sleep 0.01
  done
  ln -s "/proc/$holder/ns/net" "$folder/network"
}

holder_of() { cat "$RONDO_CLUSTER/$1/holder"; }
in_network() { nsenter -t "$(holder_of "$1")" -n "${@:2}"; }

# plug HOST: gives the host its own end of a cable whose other end is a port of the switch.
plug() {
  local host=$1
  in_network "$host" ip link set lo up
  in_network "$host" ip link add eth0 type veth peer name "$host" netns "$(holder_of switch)"
  in_network switch ip link set "$host" master bridge up
  in_network "$host" ip addr add "$(address_of "$host")/24" dev eth0
  in_network "$host" ip link set eth0 up
  [ "$cluster_rate" = - ] || shape "$host" "$cluster_rate"
  boots "$host"
  # shellcheck disable=SC2016
  nsenter -t "$(holder_of "$host")" -u -m bash -c '
    hostname "$1" && mount --bind "$2/hosts" /etc/hosts && mount -t tmpfs tmpfs /dev/shm &&
      mount --bind "$2/$1/boot_id" /proc/sys/kernel/random/boot_id' - "$host" "$RONDO_CLUSTER"
}

boots() { cat /proc/sys/kernel/random/uuid >"$RONDO_CLUSTER/$1/boot_id"; }

address_of() { sed -n "s/ $1\$//p" "$RONDO_CLUSTER/hosts"; }

hosts_up() {
  cluster_rate=$1
  shift
  cluster_hosts=("$@")
  RONDO_CLUSTER=$(mktemp -d "${TMPDIR:-/tmp}/rondo-cluster.XXXXXX")
  export RONDO_CLUSTER
  chmod 755 "$RONDO_CLUSTER"
  local host number=0
  echo "127.0.0.1 localhost" >"$RONDO_CLUSTER/hosts"
  for host in "$@"; do echo "$subnet.$((++number)) $host" >>"$RONDO_CLUSTER/hosts"; done
  hold switch
  in_network switch ip link add bridge type bridge
  in_network switch ip link set bridge up
  for host in "$@"; do
    hold "$host"
    plug "$host"
  done
  # Should this process be killed, the holders die with it; here is who ends what runs on the hosts.
  # It keeps their networks open, whose numbers would else be given to others.
  # shellcheck disable=SC2016
  setsid bash -c 'source "$1"
    cluster_hosts=("${@:3}")
    for host in "${cluster_hosts[@]}"; do
      exec {network}<"$RONDO_CLUSTER/$host/network"
      ln -sfn "/proc/$$/fd/$network" "$RONDO_CLUSTER/$host/network"
    done
    tail --pid="$2" -f /dev/null
    hosts_down' - "${BASH_SOURCE[0]}" $$ "$@" </dev/null >/dev/null 2>&1 &
  cluster_guard=$!
  disown "$cluster_guard"
}

on() {
  local host=$1
  shift
  # shellcheck disable=SC2016
  nsenter -t "$(holder_of "$host")" -n -u -m env TMPDIR="$RONDO_CLUSTER/$host/tmp" \
    bash -c 'cd "$0" && exec "$@"' "$PWD" "$@"
}

link() {
  rm -f "$RONDO_CLUSTER/$1/unplugged"
  [ "$2" = up ] || touch "$RONDO_CLUSTER/$1/unplugged" # hosts_agent cannot tell otherwise
  in_network switch ip link set "$1" "$2"
}

# The host's end shapes what it sends, the switch's what it receives.
shape() {
  local end space device
  for end in "$1 eth0" "switch $1"; do
    read -r space device <<<"$end"
    in_network "$space" tc qdisc replace dev "$device" root tbf rate "$2" burst 256kb latency 20ms
  done
}

# By the network that a process is in, which nothing leaves.
host_processes() {
  local process holder
  holder=$(holder_of "$1")
  for process in /proc/[0-9]*; do
    [ ! "$process/ns/net" -ef "$RONDO_CLUSTER/$1/network" ] || [ "${process#/proc/}" = "$holder" ] ||
      echo "${process#/proc/}"
  done
}

kill_host() {
  local pids
  while mapfile -t pids < <(host_processes "$1") && ((${#pids[@]})); do
    kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.01
  done
}

host_dies() {
  link "$1" down
  kill_host "$1"
}

host_returns() {
  boots "$1"
  on "$1" find /dev/shm "$RONDO_CLUSTER/$1/tmp" -mindepth 1 -delete
  link "$1" up
}

hosts_down() {
  [ -n "${cluster_hosts-}" ] || return 0
  local host
  for host in "${cluster_hosts[@]}" switch; do kill_host "$host"; done
  for host in "${cluster_hosts[@]}" switch; do
    kill -KILL "$(holder_of "$host")" 2>/dev/null || true
  done
  [ -z "${cluster_guard-}" ] || kill "$cluster_guard" 2>/dev/null || true
  rm -rf "$RONDO_CLUSTER"
}
