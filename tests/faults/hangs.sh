#!/usr/bin/env bash
# hangs.sh RONDO MPIRUN...: ranks that stand still. The watchdog names them and ends the run, in time
# and with a code that is not 0; a run that was only stopped for a while goes on.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

limit=0.05 # minutes: 3 s
text 1 300 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --hidden 24 --lanes 12 --block 2 --window 32 --threads 1
  --checkpoint-every 10 --report-every 1)
short=("${train[@]}" --steps 60)
done_with 0 "$rondo" "${short[@]}" --run whole
said() { grep -acE "^rondo: $1" "$scratch/stderr"; }
said_all() { grep -a '^rondo: ' "$scratch/stderr"; }

# In and between steps.
hang() { # PHASE RANK
  local begin=$SECONDS
  done_with 1 "${mpirun[@]}" -n 3 "$rondo" "${short[@]}" --run "hung-$1" --hang-minutes "$limit" \
    --hang-rank "$2" --hang-at 20 --fault-phase "$1" --validate-every 20
  ((SECONDS - begin <= 20)) || note_failure "$1: the hang took $((SECONDS - begin)) s"
  local where="rank 0 on [^ ]+: the run has stood still for .*rank $2 on [^ ]+ is in $1 of step 20"
  (($(said "$where") >= 2)) || note_failure "$1: not reported: $(said_all)"
  same "$1: said to be the end" 1 "$(said "$where.*; the run ends here")"
  eventually no_ranks || note_failure "$1: ranks went on"
}
hang forward 1
hang validation 2
# What was saved before is good, and the run goes on from it.
done_with 0 "$rondo" train --run hung-forward --resume
same "digests" "$(digests whole)" "$(digests hung-forward)"

# begin NAME LIMIT: three ranks in the background, with rank 1's process in `victim`.
begin() {
  timeout "$time_limit" "${mpirun[@]}" -n 3 "$rondo" "${train[@]}" --steps 100000 --run "$1" \
    --hang-minutes "$2" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
  launcher=$!
  eventually has_reached "$1" 20 || die "$1 did not start: $(cat "$scratch/stderr")"
  mapfile -t ranks < <(rank_pids | sort -n)
  same "ranks" 3 "${#ranks[@]}"
  victim=${ranks[1]}
}

# A rank that is stopped does not answer.
begin stopped "$limit"
kill -STOP "$victim"
wait "$launcher"
same "exit code with a stopped rank" 1 $?
same "said to be the end" 1 \
  "$(said "rank 0 on .*rank 1 on [^ ]+ has not answered for .*; the run ends here")"
(($(said "rank 0 on .*stood still.*rank 1 on ") >= 2)) ||
  note_failure "the stopped rank was not named: $(said_all)"
eventually no_ranks || note_failure "the stopped rank's job went on"

# Stopped for less than the limit, and reported (after a quarter of it): the run goes on.
begin paused 0.15
kill -STOP "$victim"
reported() { (($(said "rank 0 on .*stood still") >= 1)); }
eventually reported || note_failure "a pause was not reported"
kill -CONT "$victim"
goes_on() { (($(said "rank 0 on .*: the run goes on after") == 1)); }
eventually goes_on || note_failure "the end of a pause was not reported: $(said_all)"
# The whole job stopped for longer than is reported (a suspended machine): it has not hung.
sleep 0.2
before=$(said ".*stood still")
kill -STOP "${ranks[@]}"
sleep 4
kill -CONT "${ranks[@]}"
step=$(last_step paused)
eventually has_reached paused $((step + 20)) || note_failure "the run did not go on"
same "reports after all ranks were stopped" "$before" "$(said ".*stood still")"
kill -USR2 "${ranks[0]}"
wait "$launcher"
same "exit code" 75 $?
finish
