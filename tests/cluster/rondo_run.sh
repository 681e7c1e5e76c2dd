#!/usr/bin/env bash
# rondo_run.sh RONDO MPIRUN...: launch/rondo-run on four hosts and a fifth that has no ranks.
# A run that loses ranks, hosts, links and its launcher, and is interrupted and started again, ends at
# the weights, the state and the reported losses of the undisturbed run of one process. What it does
# with bad arguments, other versions, and a program that never gets anywhere.
#
# RONDO_FAULTS ("rank host") is which faults strike, in this order; each must be found within its bound:
#   rank      SIGKILL of a rank                        stopped   SIGSTOP of a rank
#   launcher  SIGKILL of mpirun                        host      a host loses its power, later returns
#   link      a host loses its link for good           glitch    a link is down for 5 seconds: no restart
# Prints a line a fault: seconds until the job was over, until the next reported step, steps done again.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/cluster/hosts.sh
source "$here/hosts.sh"
# shellcheck source=tests/e2e/lib.sh
source "$here/../e2e/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$here/../e2e/whole_run.sh"

read -r -a faults <<<"${RONDO_FAULTS-rank host}"
rhythm=20 # steps between checkpoints
stall=40  # seconds that a job may stand still: after 5 s without a link, TCP may take 25 s to go on

hosts_up - head n1 n2 n3 n4
trap 'hosts_down; end_test' EXIT

# On one host a step takes milliseconds, on all of a quiet machine's hardly more, and the run goes on
# while the ranks of a lost link end: 600 a fault. The last are for signals that come before its end.
whole_run $((600 * (${#faults[@]} + 2))) "$rhythm"
keys+=(--threads 1)

rondo_run=("$here/../../launch/rondo-run" --rondo "$rondo" --mpirun "${mpirun[0]}" --agent "$hosts_agent"
  --wait-seconds 1 --ask-seconds 4)

# ---- what comes before a start ---------------------------------------------------------------------
# declined CODE PATTERN ARGUMENTS...: rondo-run ends with CODE, and its last line matches.
declined() {
  local code=$1 pattern=$2
  shift 2
  done_with "$code" "${rondo_run[@]}" "$@"
  checks=$((checks + 1))
  tail -n 1 "$scratch/stderr" | grep -qE -- "$pattern" ||
    note_failure "rondo-run $*: no \"$pattern\" in \"$(tail -n 1 "$scratch/stderr")\""
}
printf '# hosts\nn1 slots=0\n' >list.txt
before=$(snapshot)
declined 2 "keys of rondo train are missing" --hosts n1
declined 2 "must name the run's folder" -- --data data.rondo
declined 2 "'n1:x' is not a host" --hosts n1:x -- --run run
declined 2 "'n1 slots=0' is not a host.*list.txt, line 2" \
  --hostfile list.txt -- --run run
declined 2 "--stall-seconds takes a whole number" --stall-seconds 1h -- --run run
declined 2 "^rondo-run: --host is no option of rondo-run" --host n1 -- --run run
declined 2 "there is no program ./rondo" --rondo ./rondo -- --run run
declined 2 "starts no training" -- --run run --dry-run
printf '#!/bin/sh\necho "HYDRA build details:"\n' >"$scratch/mpirun"
printf '#!/bin/sh\necho "rondo 0.1.0\nnumerics 1\nMPI MPICH Version: 4.0.2"\n' >"$scratch/rondo"
chmod +x "$scratch/mpirun" "$scratch/rondo"
declined 2 "mpirun is not the mpirun of Open MPI" --mpirun "$scratch/mpirun" -- --run run
declined 2 "rondo was not built with Open MPI" --rondo "$scratch/rondo" -- --run run
# A key that rondo refuses is no crash: no second start.
declined 2 "^rondo: .*laness" -- --run run --laness 12
same "starts after a refused key" 1 "$(grep -c ' start [0-9]*: ' "$scratch/stderr")"
same "files" "$before" "$(snapshot)"

# A program that never gets anywhere, on a host list with another version and one that is not there.
cat >"$scratch/rondo" <<END
#!/bin/sh
[ "\$1" != train ] || exit 9
[ "\$1 \$(hostname)" != "--version n2" ] || { echo "rondo 0.0.0"; exit; }
exec "$rondo" "\$@"
END
chmod +x "$scratch/rondo"
printf 'n1 slots=2 # two ranks\n\n  n2:3\nnowhere\nn1\n' >hosts.txt
SECONDS=0
done_with 1 "$hosts_agent" head cd "$PWD" "&&" "${rondo_run[@]}" --rondo "$scratch/rondo" --restarts 3 --hostfile hosts.txt -- \
  "${keys[@]}" --run run
seconds=$SECONDS
same "starts of what gets nowhere" "3 ranks on n1|3 ranks on n1|3 ranks on n1" \
  "$(sed -n 's/.* start [0-9]*: //p' "$scratch/stderr" | paste -sd '|')"
same "hosts of another version" 3 "$(grep -c 'n2 is left out: .*another version' "$scratch/stderr")"
same "hosts that are not there" 3 "$(grep -c 'nowhere is left out: ' "$scratch/stderr")"
same "pauses" "1 2" "$(sed -n 's/.*next start is in \([0-9]*\) s$/\1/p' "$scratch/stderr" | xargs)"
same "given up" 1 "$(grep -c 'given up: 3 starts in a row' "$scratch/stderr")"
((seconds < 60)) || note_failure "giving up took $seconds s"

# ---- a run under fire ------------------------------------------------------------------------------
log=$scratch/log
supervisor= # its process

# begin HOSTS: rondo-run on head, in the background.
begin() {
  # shellcheck disable=SC2016
  on head bash -c 'echo $$ >"$0"; exec "$@"' "$scratch/supervisor" "${rondo_run[@]}" \
    --stall-seconds "$stall" --quiet-seconds 15 --hosts "$1" -- "${keys[@]}" --run run >"$log" 2>&1 </dev/null &
  started=$!
  eventually test -s "$scratch/supervisor"
  supervisor=$(<"$scratch/supervisor")
  rm "$scratch/supervisor"
}
# ended WHAT CODE
ended() {
  # shellcheck disable=SC2317
  gone() { ! kill -0 "$started" 2>/dev/null; }
  eventually gone || note_failure "$1: rondo-run went on"
  wait "$started"
  same "exit code after $1" "$2" $?
  eventually no_ranks || note_failure "$1: ranks went on"
}
await() { eventually has_reached run "$1" || die "step $1 was not reached: $(tail "$log")"; }
count() { grep -c "$1" "$log"; }
# shellcheck disable=SC2317
more_than() { (($(count "$2") > $1)); }
# shellcheck disable=SC2317
nothing_on() { [ -z "$(rank_on "$1")" ]; }
rank_on() { comm -12 <(rank_pids | sort) <(host_processes "$1" | sort) | head -n 1; }

# Most lost hosts and links are found by mpirun, in up to 13 s and 1 s for the other ranks; else by
# rondo-run, after 15 s of silence, 4 s for the question, and 10 s until it kills mpirun.
# strike FAULT: sets `bound`, seconds within which the job must be over, and `hosts`, which then go on.
strike() {
  hosts="n1 n2 n3 n4" bound=10
  case $1 in
    rank) kill -KILL "$(rank_on n3)" ;;
    stopped)
      kill -STOP "$(rank_on n2)"
      bound=$((stall + 5))
      ;;
    launcher) kill -KILL "$(mpirun_of "$supervisor")" ;;
    host)
      host_dies n3
      hosts="n1 n2 n4" bound=35
      ;;
    link | glitch)
      link n4 down
      hosts="n1 n2 n3" bound=35
      ;;
  esac
}
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }

begin n1:1,n2:1,n3:1,n4:1
resumed=0 # step at which the job that runs has begun
printf '%-10s %12s %12s %12s\n' fault "job over, s" "going on, s" "steps again"
for fault in "${faults[@]}"; do
  await $((resumed + rhythm + 7))
  jobs=$(count 'the job ended with code')
  starts=$(count 'resumes at step')
  struck=$(now)
  strike "$fault"
  if [ "$fault" = glitch ]; then
    sleep 5
    link n4 up
    await $(($(last_step run) + 5))
    same "jobs that ended by a glitch" "$jobs" "$(count 'the job ended with code')"
    printf '%-10s %12s %12s %12s\n' glitch - "$(since "$struck")" 0
    continue
  fi
  eventually more_than "$jobs" 'the job ended with code' ||
    die "$fault: the job went on: $(tail "$log")"
  over=$(since "$struck")
  awk -v took="$over" -v bound="$bound" 'BEGIN { exit !(took <= bound) }' ||
    note_failure "$fault: the job was over after $over s, more than $bound s"
  reported=$(sed -n 's/.*the last report was of step \([0-9]*\).*/\1/p' "$log" | tail -n 1)
  eventually more_than "$starts" 'resumes at step' || die "$fault: no resume: $(tail "$log")"
  resumed=$(sed -n 's/.*resumes at step \([0-9]*\) of .*/\1/p' "$log" | tail -n 1)
  # Ranks that got a SIGTERM in time have saved once more.
  again=$((reported > resumed ? reported - resumed : 0))
  await $((resumed + 1))
  printf '%-10s %12s %12s %12s\n' "$fault" "$over" "$(since "$struck")" "$again"
  same "hosts after $fault" "$hosts" \
    "$(sed -n 's/.* start [0-9]*: [0-9]* ranks on //p' "$log" | tail -n 1)"
  case $fault in
    stopped) same "word on a standstill" 1 "$(count "no report and no checkpoint for $stall s: the job is ended")" ;;
    host) host_returns n3 ;;
    link)
      link n4 up
      # Ranks that were cut off have ended by themselves, or do so now.
      eventually nothing_on n4 || note_failure "link: a rank on n4 went on"
      ;;
  esac
done
(($(last_step run) < steps)) || die "the run was over before all faults had struck"

# Ctrl-C, and the same command on fewer hosts; then on this machine alone.
on head kill -INT "$supervisor"
ended Ctrl-C 75
same "newest checkpoint and last reported step" "$(last_step run)" "$(checkpoint_step run)"
(($(last_step run) < steps)) || die "the run was over before Ctrl-C"
begin n2:2
await $(($(checkpoint_step run) + 5))
on head kill -TERM "$supervisor"
ended SIGTERM 75
begin localhost:3
ended "the last start" 0
same "said to be finished" 1 "$(count "the run is finished: step $steps")"
begin n1:1
ended "a start of a finished run" 0

as_whole "the run under fire" run
finish
