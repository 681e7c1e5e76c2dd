#!/usr/bin/env bash
# sweeps.sh RONDO MPIRUN...: seeds as one job on four hosts, two ranks on two hosts for each member. Under
# plain mpirun with a host file and under launch/rondo-run, a rank killed, a host lost, stopped, and gone
# on with on other hosts, each member ends as a run of its own of one process.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/cluster/hosts.sh
source "$here/hosts.sh"
# shellcheck source=tests/e2e/lib.sh
source "$here/../e2e/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$here/../e2e/whole_run.sh"
# shellcheck source=tests/cluster/members.sh
source "$here/members.sh"

hosts_up 20mbit head n1 n2 n3 n4
trap 'hosts_down; end_test' EXIT
# As mpirun reaches hosts: for version 4, and from 5 on.
export OMPI_MCA_plm_rsh_agent=$hosts_agent PRTE_MCA_plm_ssh_agent=$hosts_agent

whole_run 300 20
keys+=(--threads 1)
lone_members 4 2
half=$((members * steps / 2))
log=$scratch/log
sweep=("${keys[@]}" --sweep seeds.sweep)

# shellcheck disable=SC2317 # asked by eventually
over() { ! kill -0 "$started" 2>/dev/null; }
# ended WHAT CODE: what was started ends with CODE.
ended() {
  eventually over || die "$1: it went on: $(tail "$log")"
  wait "$started"
  same "exit code of $1" "$2" $?
  eventually no_ranks || note_failure "$1: ranks went on"
}
groups() { sed -n 's/^rondo: \(4 members, .*\)/\1/p' "$log" | tail -n 1; }

# ---- mpirun and a host file ------------------------------------------------------------------------
plain() { "$hosts_agent" head cd "$PWD" "&&" "${mpirun[0]}" --hostfile "$1" --bind-to none -n 4 "$rondo" \
  train "${sweep[@]}" --run plain --resume >"$log" 2>&1 </dev/null; }
printf 'n%d slots=1\n' 1 2 3 4 >four.txt
printf 'n%d slots=2\n' 1 3 >two.txt
plain four.txt &
started=$!
await_swept plain $((half / 2)) "$log"
same "groups on four hosts" "4 members, 2 at a time, each on 2 ranks" "$(groups)"
rank_pids | tail -n 1 | xargs kill -KILL
eventually over || die "a sweep under mpirun lost a rank and went on: $(tail "$log")"
eventually no_ranks || note_failure "ranks went on without one of them"
((($(swept plain)) < members * steps)) || die "the sweep was over before it lost a rank"
# Locks of members whose ranks were on another host are waited for, 90 s.
plain two.txt &
started=$!
ended "a sweep under mpirun on two hosts" 0
members_as_alone "under mpirun" plain

# ---- rondo-run -------------------------------------------------------------------------------------
# begin HOSTS: rondo-run on head, in the background; `supervisor` is its process.
begin() {
  # shellcheck disable=SC2016
  on head bash -c 'echo $$ >"$0"; exec "$@"' "$scratch/supervisor" "$here/../../launch/rondo-run" \
    --rondo "$rondo" --mpirun "${mpirun[0]}" --agent "$hosts_agent" --wait-seconds 1 --ask-seconds 4 \
    --quiet-seconds 15 --hosts "$1" -- "${sweep[@]}" --run supervised >"$log" 2>&1 </dev/null &
  started=$!
  eventually test -s "$scratch/supervisor"
  supervisor=$(<"$scratch/supervisor")
  rm "$scratch/supervisor"
}
# shellcheck disable=SC2317 # asked by eventually
started_again() { (($(grep -c ' start [0-9]*: ' "$log") > 1)) && [ -n "$(rank_pids)" ]; }

begin n1,n2,n3,n4
await_swept supervised $((half / 2)) "$log"
host_dies n3
eventually started_again || die "the loss of a host: no other start: $(tail "$log")"
same "hosts without the one that is lost" "3 ranks on n1 n2 n4" \
  "$(sed -n 's/.* start 2: //p' "$log")"
reported=$(sed -n 's/.*the last report was of step \([0-9]*\).*/\1/p' "$log")
((reported >= half / 2)) || note_failure "the loss of a host: reports of all members come to $reported"
await_swept supervised $((reported + 40)) "$log"
same "groups of three ranks" "4 members, 1 at a time, each on 2 ranks" "$(groups)"
on head kill -TERM "$supervisor"
ended "a sweep that was told to stop" 75
((($(swept supervised)) < members * steps)) || die "the sweep was over before it was told to stop"
begin n1:2,n2:2
ended "the last start" 0
same "said to be finished" 1 "$(grep -c "the run is finished: step $((members * steps))$" "$log")"
members_as_alone "under rondo-run" supervised
finish
