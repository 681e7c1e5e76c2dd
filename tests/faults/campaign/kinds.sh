# shellcheck shell=bash disable=SC2034,SC2154 # what it sets and uses is its user's
# The kinds of faults of a campaign: what each is called, how soon it must be found out, and how it
# strikes. To be sourced behind e2e/lib.sh and, where there are hosts, cluster/hosts.sh.
#
# A fault strikes the run in the folder $run, whose ranks are on n1 (rank 0 among them), n2 and n3,
# started by rondo-run on `head`; on machines without such hosts all of that is one host. `pick` and
# `dose`, numbers below 32768, are its own draw. When strike_KIND returns, `struck` is the time of the
# fault and `mended` that from which nothing keeps the run from going on, in microseconds.

# Those that hit processes and files, then an exception in each phase of a step (the names of the key
# fault-phase); those that hit hosts and links; the one that needs a small disk.
phases=(data forward backward reduce optimizer report validation sample comparison checkpoint files)

# kinds_here HOSTS DISK (yes or no): all kinds that can be tried, in the order in which they are.
kinds_here() {
  local kinds=(rank stopped launcher) last=()
  [ "$1" = no ] || kinds+=(host link glitch slow)
  [ "$2" = no ] || kinds+=(disk)
  [ "$1" = no ] || last=(first-host first-link head)
  echo "${kinds[@]}" truncated flipped "${phases[@]}" "${last[@]}"
}

# describe KIND: sets `title`; `bound`, seconds until it must be found out; `sign`, what is said then,
# empty where nothing has to be; `restarts`; `lost_host`, which is not there when the run goes on.
#
# A lost host or link is found by mpirun, mostly, in up to 13 s and 1 s for the other ranks; else by
# rondo-run, after 15 s of silence, 8 s for the question, and 10 s until it kills mpirun.
describe() {
  bound=10 sign=' the job ended with code ' restarts=1 lost_host=
  case $1 in
    rank) title="SIGKILL of a rank" ;;
    stopped) title="SIGSTOP of a rank" bound=30 ;; # the watchdog's limit is 6 s
    launcher) title="SIGKILL of mpirun" ;;
    host) title="SIGKILL of a host" bound=35 lost_host=n$((2 + pick % 2)) ;;
    first-host) title="SIGKILL of rank 0's host" bound=35 lost_host=n1 ;;
    head) title="SIGKILL of rondo-run's host" bound=60 sign='ranks are gone$' ;;
    link) title="link down for good" bound=35 lost_host=n$((2 + pick % 2)) ;;
    first-link) title="rank 0's link down for good" bound=35 lost_host=n1 ;;
    glitch) title="link down for 5 s" sign='' restarts=0 ;;
    slow) title="link at 1 Mbit/s" sign='' restarts=0 ;;
    disk)
      title="disk full during a checkpoint" bound=20 restarts=0
      sign='No space left on device.*(the next attempt comes|the run.s last checkpoint is tried)'
      ;;
    truncated) title="newest checkpoint truncated" bound=30 sign='the checkpoint before it is used$' ;;
    flipped) title="newest checkpoint flipped" bound=30 sign='the checkpoint before it is used$' ;;
    *) title="exception in $1" ;; # the ranks have 5 s (errors.sh); then rondo-run looks what there is
  esac
}

micros() { echo "${EPOCHREALTIME/[.,]/}"; }
strikes_now() { struck=$(micros) mended=$struck; }

# ---- processes ---------------------------------------------------------------------------------------
# rank_process RANK
rank_process() {
  local process
  for process in $(rank_pids); do
    if tr '\0' '\n' <"/proc/$process/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$1"; then
      echo "$process"
    fi
  done 2>/dev/null
}
strike_rank() {
  kill -KILL "$(rank_process $((pick % ranks)))"
  strikes_now
}
strike_stopped() {
  kill -STOP "$(rank_process $((pick % ranks)))"
  strikes_now
}
strike_launcher() {
  kill -KILL "$(mpirun_of "$supervisor")"
  strikes_now
}

# ---- hosts and links ---------------------------------------------------------------------------------
strike_host() {
  host_dies "$lost_host"
  strikes_now
}
strike_first-host() { strike_host; }

strike_link() {
  link "$lost_host" down
  strikes_now
}
strike_first-link() { strike_link; }

# The supervisor goes too, and mpirun with it. Its ranks train on until they find it gone: after some
# 13 s, or if they had told it something just then, when TCP gives up telling. That takes a quarter of an
# hour, and here, by a setting of the hosts, 13 s too; links are slow meanwhile, for the run to last as
# long. Somebody gives the same command on another host at once, which waits for the ranks of before.
strike_head() {
  local before leader host reported=0
  mapfile -t before < <(rank_pids)
  leader=$(rank_process 0)
  for host in n1 n2 n3; do
    shape "$host" 1mbit
    in_network "$host" sh -c 'echo 5 >/proc/sys/net/ipv4/tcp_retries2'
  done
  host_dies head
  strikes_now
  wait "$started" 2>/dev/null
  begin n1
  # shellcheck disable=SC2317
  leader_is_gone() {
    kill -0 "$leader" 2>/dev/null || return 0
    reported=$(last_step "$run")
    return 1
  }
  # shellcheck disable=SC2317
  are_gone() { ! kill -0 "${before[@]}" 2>/dev/null; }
  eventually leader_is_gone
  echo "the last report was of step $reported" | stamp >>"$log"
  eventually are_gone
  echo "the ranks are gone" | stamp >>"$log"
  for host in n1 n2 n3; do
    shape "$host" "$rate"
    in_network "$host" sh -c 'echo 15 >/proc/sys/net/ipv4/tcp_retries2'
  done
}

# A host's link is out of order for some seconds, and no step passes meanwhile, or few.
strike_glitch() {
  local host=n$((1 + pick % 3)) step
  link "$host" down
  strikes_now
  sleep 1
  step=$(last_step "$run")
  sleep 4
  same "$what: steps while a link is down" "$step" "$(last_step "$run")"
  link "$host" up
  mended=$(micros)
}

strike_slow() {
  local host=n$((1 + pick % 3)) step
  shape "$host" 1mbit
  strikes_now
  step=$(last_step "$run")
  sleep $((4 + dose % 4))
  step=$(($(last_step "$run") - step))
  ((step <= 15)) || note_failure "$what: $step steps while a link is slow"
  shape "$host" "$rate"
  mended=$(micros)
}

# ---- files -------------------------------------------------------------------------------------------
# Full but for some kilobytes, in which a checkpoint begins; free again a little after it was told.
strike_disk() {
  dd if=/dev/zero of=disk/space bs=1k count=$((1 + dose % 300)) status=none
  dd if=/dev/zero of=disk/ballast bs=16k status=none 2>/dev/null
  rm disk/space
  strikes_now
  hear "$sign" "$struck"
  sleep "$((pick % 2)).$((pick % 10))"
  rm disk/ballast
  mended=$(micros)
}

# hit_newest COMMAND...: rank 0, which writes checkpoints, stands still between two of them, while the
# command is applied to the newest one; then it is killed, so that the run resumes.
hit_newest() {
  local leader temporary files
  leader=$(rank_process 0)
  # shellcheck disable=SC2317
  stands() { grep -q '^State:.*[Tt] (' "/proc/$leader/status"; }
  while :; do
    kill -STOP "$leader" && eventually stands
    temporary=("$run"/.*.tmp)
    [ -e "${temporary[0]}" ] || break
    kill -CONT "$leader"
    sleep 0.02
  done
  files=("$run"/checkpoint-*.h5)
  "$@" "${files[-1]}"
  kill -KILL "$leader"
  strikes_now
}
strike_truncated() { hit_newest cut_file; }
cut_file() { truncate --size $(((32768 * dose + pick) % $(stat -c %s "$1"))) "$1"; }

strike_flipped() { hit_newest flip_bytes; }
flip_bytes() {
  local size count place byte
  size=$(stat -c %s "$1")
  RANDOM=$dose
  for ((count = 1 + pick % 8; count > 0; --count)); do
    place=$(((32768 * RANDOM + RANDOM) % size))
    byte=$(od -An -tu1 -j "$place" -N 1 "$1")
    # shellcheck disable=SC2059
    printf "$(printf '\\x%02x' $((byte ^ (1 + RANDOM % 255))))" |
      dd of="$1" bs=1 seek="$place" conv=notrunc status=none
  done
}

# ---- exceptions --------------------------------------------------------------------------------------
# An exception comes by itself, from keys that only the first start gets. Its moment is that of its
# sentence, which names the rank.

# exception_keys PHASE STEP: the first step from STEP on that has the phase, and a rank that has it.
exception_keys() {
  local every=1 rank=$((pick % ranks)) how=error
  case $1 in
    validation) every=$validation_rhythm ;;
    sample) every=$sample_rhythm rank=0 ;;
    files) rank=0 ;;
    comparison | checkpoint) every=$rhythm ;;
  esac
  ((dose % 3)) || how=memory
  echo --fail-rank "$rank" --fail-at $((($2 + every - 1) / every * every)) --fail-with "$how" \
    --fault-phase "$1"
}
exception_sentence="^[0-9]+ rondo: rank [0-9]+ on [^ ]+: (an error on purpose|out of memory)"
strike_exception() {
  hear "$exception_sentence" 0
  struck=$(when_said "$exception_sentence" 0) mended=$struck
}
