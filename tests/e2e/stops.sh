#!/usr/bin/env bash
# stops.sh RONDO MPIRUN...: signals and limits. A run that was stopped, however often, and resumed on
# other ranks ends at the digests of the run that never stopped.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

steps=800
text 1 600 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --cell lstm --layers 2 --hidden 40 --lanes 12 --block 2 --window 64
  --dropout 0.2 --rate 0.01 --schedule cosine --steps "$steps" --checkpoint-every 0 --report-every 1)
done_with 0 "$rondo" "${train[@]}" --run whole
expected=$(digests whole)

# begin COMMAND...: in the background; `launcher` is its process.
begin() {
  "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
  launcher=$!
}
# await STEP: until the run has reported it.
await() {
  eventually has_reached run "$1" || die "step $1 was not reached: $(tail "$scratch/stderr")"
}
is_gone() { ! kill -0 "$1" 2>/dev/null; }
# ended WHAT CODE: the background command ends with CODE within the time limit.
ended() {
  local code
  eventually is_gone "$launcher" || kill -KILL "$launcher"
  wait "$launcher"
  code=$?
  same "exit code after $1" "$2" "$code"
  eventually no_ranks || note_failure "$1: ranks went on"
}
# stopped_at_checkpoint WHAT: the run's newest checkpoint is of its last step, before the end.
stopped_at_checkpoint() {
  same "$1: newest checkpoint and last reported step" "$(last_step run)" "$(checkpoint_step run)"
  (($(checkpoint_step run) < steps)) || die "$1: the run was over before it"
  same "$1: finished, for programs" false "$("$rondo" inspect run --json |
    sed -n 's/.*"finished": //p' | tr -d ,)"
  same "$1: the way to go on" 1 "$(grep -c 'go on with: rondo train --run run --resume' \
    "$scratch/stderr")"
}

# SIGUSR1, forwarded by mpirun: a checkpoint, and training goes on. Then SIGUSR2: checkpoint, stop.
begin "${mpirun[@]}" -n 2 "$rondo" "${train[@]}" --run run --threads 1
await 3
same "no checkpoint before the signal" -1 "$(checkpoint_step run)"
kill -USR1 "$launcher"
has_checkpoint() { (($(checkpoint_step run) >= 0)); }
eventually has_checkpoint || note_failure "SIGUSR1 wrote no checkpoint"
await $(($(checkpoint_step run) + 5))
kill -USR2 "$launcher"
ended SIGUSR2 75
stopped_at_checkpoint SIGUSR2

# Each signal that stops, to a rank by itself: one of three, the others must follow.
ranks=1
for signal in USR2 TERM INT XCPU HUP; do
  from=$(checkpoint_step run)
  begin "${mpirun[@]}" -n "$ranks" "$rondo" train --run run --resume --threads 1
  await $((from + 5))
  mapfile -t pids < <(rank_pids)
  same "ranks" "$ranks" "${#pids[@]}"
  kill "-$signal" "${pids[-1]}"
  ended "SIG$signal to one of $ranks" 75
  stopped_at_checkpoint "SIG$signal"
  ranks=$((ranks % 3 + 1))
done

# Before MPI has started, for which one rank waits for the other.
handles_usr2() { # process
  local caught
  caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status" 2>/dev/null)
  ((16#${caught:-0} >> 11 & 1))
}
is_there() { (($(rank_pids | wc -l) == 1)) && handles_usr2 "$(rank_pids)"; }
for signal in USR1 USR2; do
  from=$(checkpoint_step run)
  begin "${mpirun[@]}" -n 2 "$by_rank" 1 "$rondo" train --run run --resume --threads 1 else \
    sh -c "until [ -e started ]; do sleep 0.05; done; exec '$rondo' train --run run --resume --threads 1"
  eventually is_there || die "SIG$signal is not handled before MPI has started"
  kill "-$signal" "$(rank_pids)"
  touch started
  [ $signal = USR2 ] || { await $((from + 5)); kill -USR2 "$launcher"; }
  ended "SIG$signal before MPI has started" 75
  rm started
done
stopped_at_checkpoint "SIGUSR2 before MPI has started"

# Without mpirun. Under nohup, a terminal that is closed stops nothing.
from=$(checkpoint_step run)
begin nohup "$rondo" train --run run --resume
await $((from + 5))
kill -HUP "$launcher"
await $((from + 15))
kill -TERM "$launcher"
ended "SIGTERM without mpirun" 75
stopped_at_checkpoint "SIGTERM without mpirun"

# In a validation, which takes minutes here: what was due is saved before it, and signals are obeyed.
for i in {1..40}; do cat text.txt; done >long.txt
done_with 0 "$rondo" prepare --input long.txt --output long.rondo --validation 0.9
begin "${mpirun[@]}" -n 2 "$rondo" train --data long.rondo --run long --hidden 256 --lanes 4 --block 2 \
  --window 16 --threads 1 --steps 4 --validate-every 2 --checkpoint-every 2
saved_before() { (($(checkpoint_step long) == 2)); }
eventually saved_before || die "no checkpoint before the validation: $(tail "$scratch/stderr")"
mapfile -t pids < <(rank_pids)
kill -KILL "${pids[1]}"
eventually no_ranks || note_failure "ranks went on"
wait "$launcher"
same "a checkpoint whose validation is to come" 2 "$(checkpoint_step long)"
begin "${mpirun[@]}" -n 2 "$rondo" train --run long --resume --threads 1
validates() { grep -q 'resumes at step 2 of 4' "$scratch/stderr"; }
eventually validates || die "no resume: $(tail "$scratch/stderr")"
sleep 1 # into the validation
mapfile -t pids < <(rank_pids)
before=$(stat -c %i long/checkpoint-*2.h5)
begun=$SECONDS
kill -USR1 "${pids[1]}"
is_saved_again() { [ "$(stat -c %i long/checkpoint-*2.h5)" != "$before" ]; }
eventually is_saved_again || note_failure "SIGUSR1 in a validation did not save"
kill -TERM "${pids[1]}"
ended "SIGTERM in a validation" 75
((SECONDS - begun <= 20)) || note_failure "signals in a validation took $((SECONDS - begun)) s"
same "said to come first" 1 "$(grep -c '^rondo: the validation of step 2 is broken off' \
  "$scratch/stderr")"
same "validations" 0 "$(grep -c '"validation"' long/metrics.jsonl)"

# A second SIGINT ends a process at once, also in the middle of a step (the other rank stands still
# and keeps it from ending), and with it the run; what was saved before stays as it was.
handled_interrupt() { ! grep -q '^ShdPnd:.*[2367abef]$' "/proc/$1/status"; } # bit 1: SIGINT waits
from=$(checkpoint_step run)
begin "${mpirun[@]}" -n 2 "$rondo" train --run run --resume --threads 1
await $((from + 5))
mapfile -t pids < <(rank_pids)
kill -STOP "${pids[1]}"
# A run that waits for the folder of this one, which stands still and holds it, can be stopped.
for signal in USR2 TERM INT HUP; do
  rm -f "$scratch/waiting"  # the words of the one before, which could be found in its place
  "$rondo" train --run run --resume >"$scratch/waiting" 2>&1 </dev/null &
  waiting=$!
  eventually grep -q 'waiting for the run folder' "$scratch/waiting" || note_failure "no word of waiting"
  kill "-$signal" "$waiting"
  eventually is_gone "$waiting" || kill -KILL "$waiting"
  wait "$waiting"
  same "exit code after SIG$signal to a run that waits" 75 $?
  same "its last word" 1 "$(grep -c '^rondo: stopped while waiting for the run folder' "$scratch/waiting")"
done
kill -INT "${pids[0]}"
eventually handled_interrupt "${pids[0]}"
kill -INT "${pids[0]}"
ended "a second SIGINT" 130
same "newest checkpoint after a second SIGINT" "$from" "$(checkpoint_step run)"

# Limits stop a run in the same way; the schedule does not see them.
from=$(checkpoint_step run)
done_with 75 "${mpirun[@]}" -n 3 "$rondo" train --run run --resume --max-steps 4
same "step after --max-steps 4" $((from + 4)) "$(checkpoint_step run)"
stopped_at_checkpoint --max-steps
done_with 75 "$rondo" train --run run --resume --max-minutes 0.0001
stopped_at_checkpoint --max-minutes

done_with 0 "${mpirun[@]}" -n 4 "$rondo" train --run run --resume --threads 1
same "digests" "$expected" "$(digests run)"
same "lines of metrics.jsonl" "$(computed whole)" "$(computed run)"
finish
