#!/usr/bin/env bash
# errors.sh RONDO MPIRUN...: an error on one rank in the midst of a run, in each phase: one sentence
# with rank and host, every rank ends within 5 s of it, never with code 0, and what was saved stays.
# FAILING_CALLS names the library that makes system calls slow (failing_calls.cpp).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

text 1 2500 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
cp data.rondo other.rondo
train=(train --data data.rondo --hidden 16 --lanes 12 --block 2 --window 32 --threads 1
  --checkpoint-every 10 --validate-every 20 --sample-every 20 --report-every 10)
done_with 0 "$rondo" "${train[@]}" --steps 30 --run whole

now_ms() { echo $(($(date +%s%N) / 1000000)); }
# Open MPI 5 puts a NUL behind its own words, in front of the next line.
said() { tr -d "\0" <"$scratch/stderr" | grep -acE "^rondo: $1"; }
said_once() { (($(said "$1") >= 1)); }
launch() {
  timeout "$time_limit" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
  launcher=$!
}
# ends WHAT CODE SENTENCE: the command that was launched says it, once, and is over in time.
ends() {
  local begin code
  eventually said_once "$3" || die "$1: not said: $(tail -n 30 "$scratch/stderr")"
  begin=$(now_ms)
  wait "$launcher"
  code=$?
  eventually no_ranks
  local took=$(($(now_ms) - begin))
  ((took <= 5000)) || note_failure "$1: the ranks ended $took ms after the error"
  same "$1: exit code" "$2" "$code"
  same "$1: sentences" 1 "$(said "(rank|$3)")"
}

# fails PHASE RANK STEP HOW SENTENCE [SAVED]: once the checkpoint of step 10 is on disk, which stays;
# or that of step SAVED, which is written before the error.
fails() {
  mkdir "$1-$4"
  cp whole/checkpoint-000000000010.h5 "$1-$4"
  launch "${mpirun[@]}" -n 3 "$rondo" "${train[@]}" --steps 30 --run "$1-$4" --resume \
    --fail-rank "$2" --fail-at "$3" --fail-with "$4" --fault-phase "$1"
  ends "$1 $4" 1 "rank $2 on [^ ]+: $5"
  stays "$1 $4" "$1-$4" "${6:-10}"
}
# stays WHAT RUN [STEP]: the checkpoint of step 10, or of STEP, is the newest, and good.
stays() {
  local step=${3:-10}
  same "$1: newest checkpoint" "$step" "$(checkpoint_step "$2")"
  same "$1: its weights" "$("$rondo" inspect "whole/checkpoint-0000000000$step.h5" --digest)" \
    "$("$rondo" inspect "$2" --digest)"
  ((step == 20)) || # where the whole run's checkpoint knows of its validation
    same "$1: its state" "$(digests whole/checkpoint-000000000010.h5)" "$(digests "$2")"
}
for phase in data forward backward reduce optimizer; do
  fails "$phase" 1 14 error "an error on purpose in $phase of step 14"
done
for phase in report comparison checkpoint files; do
  fails "$phase" 0 20 error "an error on purpose in $phase of step 20"
done
# What is due at a step is saved before that step's validation and sample.
for phase in validation sample; do
  fails "$phase" 0 20 error "an error on purpose in $phase of step 20" 20
done
fails forward 2 14 memory "out of memory"
# A bit falls over: found before the checkpoint of step 20 is written.
fails optimizer 2 14 corruption "after step 20 this rank's weights are not those of the other ranks"

# Rank 0 writes in the background: what is under way when it fails gets on disk first, if it does so
# in time. The checkpoints of steps 0 and 10 take a while each.
fails_while_writing() {
  echo "rename -$2" >"$PWD/slow.faults"
  launch "${mpirun[@]}" -n 3 env LD_PRELOAD="$FAILING_CALLS" RONDO_TEST_FOLDER="$PWD/slow" \
    "$rondo" "${train[@]}" --steps 30 --run "slow/$1" --fail-at 14
  ends "$1" 1 "rank 0 on [^ ]+: an error on purpose in forward of step 14"
}
mkdir slow
fails_while_writing slowly 500
stays "a slow write" slow/slowly
fails_while_writing never 100000
same "too slow a write: told" 1 "$(said "the checkpoint under way is not on the disk 3 s after")"
same "too slow a write: newest checkpoint" -1 "$(checkpoint_step slow/never)"

# Alone, too.
done_with 1 "$rondo" "${train[@]}" --steps 30 --run alone --fail-at 14
same "alone: said" 1 "$(said "an error on purpose in forward of step 14$")"

# Each can go on.
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run reduce-error --resume
same "digests" "$(digests whole)" "$(digests reduce-error)"

# A read that fails: the file of one rank is cut while the run reads ahead in it.
launch "${mpirun[@]}" -n 2 "$by_rank" 1 "$rondo" "${train[@]}" --steps 100000 --run cut \
  else "$rondo" "${train[@]/data.rondo/other.rondo}" --steps 100000 --run cut
eventually has_reached cut 20 || die "the run did not start: $(cat "$scratch/stderr")"
truncate --size 4096 other.rondo
ends "a data set that was cut" 2 "rank 1 on [^ ]+: .*other\.rondo"

# A data set that is overwritten in place while a run reads it: no step is made with other data.
cp data.rondo changing.rondo
launch "${mpirun[@]}" -n 2 "$rondo" "${train[@]/data.rondo/changing.rondo}" --steps 1000000 --run changed
eventually has_reached changed 20 || die "the run did not start: $(cat "$scratch/stderr")"
dd if=/dev/zero of=changing.rondo bs=4096 seek=5 count=6 conv=notrunc status=none
ends "data that change" 2 "rank [01] .*changing.rondo' changed while it was read"
finish
