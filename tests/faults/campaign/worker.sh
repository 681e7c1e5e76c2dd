#!/usr/bin/env bash
# worker.sh RONDO MPIRUN...: a part of the faults of a campaign, one after the other, each in a run of
# its own. Called by campaign.sh, in whose folder, RONDO_CAMPAIGN, are: `setting` (the undisturbed run's
# keys), `data.rondo`, `whole`, and `results`, which gets a line for each fault. The faults come on
# descriptor 8, a line each: NUMBER KIND and four drawn numbers; several workers take turns by `turn`.
# RONDO_CAMPAIGN_HOSTS: "yes" where this machine can pretend to be several. RONDO_CAMPAIGN_DISK: whether
# this process may mount a small disk.
# shellcheck disable=SC2317 # kinds are called by their names
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/e2e/lib.sh
source "$here/../../e2e/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$here/../../e2e/whole_run.sh"
# shellcheck source=tests/cluster/hosts.sh
source "$here/../../cluster/hosts.sh"
# shellcheck source=tests/faults/campaign/kinds.sh
source "$here/kinds.sh"
# shellcheck source=/dev/null
source "$RONDO_CAMPAIGN/setting"
ln -s "$RONDO_CAMPAIGN/data.rondo" "$RONDO_CAMPAIGN/whole" .
time_limit=$((time_limit + 180)) # of a whole run, should it have to wait 90 s for a lock

agent=()
end_worker() {
  hosts_down
  ! mountpoint -q "$scratch/area/disk" || umount -l "$scratch/area/disk"
  end_test
}
trap end_worker EXIT
trap 'exit 143' TERM
if [ "$RONDO_CAMPAIGN_DISK" = yes ]; then # before the hosts are made, which see it then
  mkdir disk
  mount -t tmpfs -o size=16m rondo-test disk || die "cannot mount a file system"
fi
if [ "$RONDO_CAMPAIGN_HOSTS" = yes ]; then
  hosts_up "$rate" head n1 n2 n3
  agent=(--agent "$hosts_agent")
fi

# What rondo-run starts in place of rondo where the first start gets keys of its own: a file a rank.
cat >"$scratch/rondo" <<END
#!/bin/bash
more=
armed=$scratch/armed-\${OMPI_COMM_WORLD_RANK-}
[ "\$1" != train ] || [ ! -e "\$armed" ] || { more=\$(<"\$armed"); rm "\$armed"; }
exec "$rondo" "\$@" \$more
END
chmod +x "$scratch/rondo"

# Lines with the time in front, in microseconds.
stamp() {
  local line
  while IFS= read -r line; do echo "${EPOCHREALTIME/[.,]/} $line"; done
}
# when_said PATTERN FROM: the time of the first matching line of the log from then on.
when_said() {
  awk -v pattern="$1" -v from="$2" '$1 >= from && $0 ~ pattern { print $1; exit }' "$log"
}
was_said() { [ -n "$(when_said "$@")" ] || is_over; }
# hear PATTERN FROM: until it is said, or the run is over.
hear() { eventually was_said "$1" "$2"; }
is_over() { ! kill -0 "$started" 2>/dev/null; }

# begin HOST: rondo-run there, in the background; `supervisor` is its process, and `started` the one to
# wait for.
begin() {
  local there=()
  [ "$RONDO_CAMPAIGN_HOSTS" = no ] || there=(on "$1")
  rm -f "$scratch/supervisor"
  # shellcheck disable=SC2016
  "${there[@]}" bash -c 'echo $$ >"$0"; exec "$@"' "$scratch/supervisor" \
    "$here/../../../launch/rondo-run" --rondo "$program" --mpirun "${mpirun[0]}" "${agent[@]}" \
    --wait-seconds 1 --ask-seconds 8 --quiet-seconds 15 --stall-seconds 200 --hosts "$hosts" -- \
    "${keys[@]}" "${own_keys[@]}" --threads 1 --run "$run" > >(stamp >>"$log") 2>&1 </dev/null &
  started=$!
  eventually test -s "$scratch/supervisor"
  supervisor=$(<"$scratch/supervisor")
}

no_processes() { [ -z "$(for host in n1 n2 n3; do host_processes "$host"; done)" ]; }
# All is as before the attack, after a moment.
clean_up() {
  [ -z "$lost_host" ] || host_returns "$lost_host"
  [ "$kind" != head ] || host_returns head
  eventually no_ranks || note_failure "$what: ranks went on"
  if [ "$RONDO_CAMPAIGN_HOSTS" = yes ]; then
    eventually no_processes || note_failure "$what: something went on on the hosts"
    kill_host head # agents whose connection had broken
  fi
}

# steps_again: those that the log says were done, and were done again from a checkpoint on.
steps_again() {
  awk '/the last report was of step / { sub(/.* of step /, ""); reported = $1 + 0 }
       / resumes at step / {
         sub(/.* resumes at step /, "")
         if (reported > $1 + 0) lost += reported - $1
         reported = 0
       }
       END { print lost + 0 }' "$log"
}
# seconds FROM TO: "-" where one of them is not known.
seconds() {
  if [ -n "$1" ] && [ -n "$2" ]; then
    awk -v from="$1" -v to="$2" 'BEGIN { printf "%.2f", (to - from) / 1e6 }'
  else
    echo -
  fi
}
# in_time WHAT SECONDS LIMIT
in_time() {
  checks=$((checks + 1))
  awk -v took="$2" -v limit="$3" 'BEGIN { exit !(took != "-" && took <= limit) }' ||
    note_failure "$what: $1 took $2 s, not up to $3 s"
}

# ---- an attack ---------------------------------------------------------------------------------------
# The run, its hosts, and keys of its own that the fault needs.
prepare() {
  hosts=localhost:$ranks
  [ "$RONDO_CAMPAIGN_HOSTS" = no ] || hosts=n1:$((ranks - 2)),n2:1,n3:1
  case $kind in
    stopped) own_keys=(--hang-minutes 0.1) ;;
    disk) run=disk/$run ;;
  esac
  [[ " ${phases[*]} " == *" $kind "* ]] || return 0
  local rank
  for ((rank = 0; rank < ranks; ++rank)); do exception_keys "$kind" "$step" >"$scratch/armed-$rank"; done
  strike=strike_exception program=$scratch/rondo
  step=0 # it strikes by itself
}

is_due() { has_reached "$run" "$step" || is_over; }

end_run() {
  local code
  eventually is_over || kill -TERM "$supervisor"
  wait "$started"
  code=$?
  same "$what: exit code" 0 "$code"
  hear ' the run is finished: step ' 0
}

# What the log says of the fault, and what the run has come to. A fault that missed the run shows here:
# nothing was found out, and nothing went on.
judge() {
  local found=- on_again
  if [ -n "$sign" ]; then
    found=$(seconds "$struck" "$(when_said "$sign" "$struck")")
    in_time "to find it out" "$found" "$bound"
  fi
  if [ "$restarts" != 0 ]; then
    mended=$(when_said ' resumes at step ' "$struck")
    in_time "to resume" "$(seconds "$struck" "$mended")" 60 # less than a lost host's lock stays good
  fi
  # Ranks that have lost their mpirun may come to the run's end before they notice.
  on_again=$(when_said '^[0-9]+ (step [0-9]|rondo: the run is finished: step )' "$mended")
  # A disk may be full to the end, where only the last checkpoint waits for it.
  [ "$kind" = disk ] || in_time "a further step" "$(seconds "$mended" "$on_again")" 30
  same "$what: restarts" "$restarts" "$(grep -c ' resumes at step ' "$log")"
  same "$what: hosts at the end" \
    "$(tr , '\n' <<<"$hosts" | sed "s/:.*//; /^${lost_host:-nothing}\$/d" | xargs)" \
    "$(sed -n 's/.* start [0-9]*: [0-9]* ranks* on //p' "$log" | tail -n 1)"
  [ "$strike" != strike_exception ] ||
    same "$what: sentences" 1 "$(grep -cE "$exception_sentence" "$log")"
  as_whole "$what" "$run"
  printf '%s\t%s\t%s\t%s\t%s\n' "$number" "$title" "$found" "$(seconds "$struck" "$on_again")" \
    "$(steps_again)" | tee -a "$RONDO_CAMPAIGN/results"
}

# attack NUMBER KIND and four drawn numbers
attack() {
  local number=$1 kind=$2 step=$((2 * rhythm + 1 + $3 % (steps / 2))) ranks=$((3 + ($4 % 4 == 0)))
  local pick=$5 dose=$6 what="fault $1, $2" run=run-$1 log=$scratch/log-$1 failed_before=$failures
  local hosts program=$rondo own_keys=() strike=strike_$2   # set by prepare
  local title bound sign restarts lost_host struck mended # by describe, and as it strikes
  describe "$kind"
  prepare
  : >"$log"
  begin head
  eventually is_due
  "$strike"
  end_run
  clean_up
  judge
  ((failures == failed_before)) || sed 's/^/    /' "$log" | grep -v ' step [0-9]*/' | tail -n 40
  rm -r "$run" "$log"
}

next_fault() {
  flock 9
  read -r -u 8 fault
  local found=$?
  flock -u 9
  return "$found"
}
exec 9>>"$RONDO_CAMPAIGN/turn"
while next_fault; do
  # shellcheck disable=SC2086
  attack $fault
done
finish
