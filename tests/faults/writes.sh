#!/usr/bin/env bash
# writes.sh RONDO MPIRUN...: what cannot be written does not end a run. Each kind of write error is
# told, training goes on, good checkpoints stay as they are, the next ones are written when the error
# is over, and the run ends as the one that met none. FAILING_CALLS names the library that makes
# system calls fail (failing_calls.cpp); under it, locks on files fail as on NFS without locks.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"
# shellcheck source=tests/faults/disturbed.sh
source "$(dirname "${BASH_SOURCE[0]}")/disturbed.sh"

text 1 600 >text.txt
mkdir files # the data set's and the run's
done_with 0 "$rondo" prepare --input text.txt --output files/data.rondo
train=(train --data files/data.rondo --cell lstm --hidden 48 --lanes 16 --block 4 --window 64
  --steps 1000000 --checkpoint-every 10 --report-every 1 --threads 1)
disturbed=(env LD_PRELOAD="$FAILING_CALLS" RONDO_TEST_FOLDER="$PWD/files")
begin "${mpirun[@]}" -n 2 "${disturbed[@]}" "$rondo" "${train[@]}" --run files/run

# fails WHAT CALL ERRNO SENTENCE: the call fails for a while.
fails() {
  echo "$2 $3" >files.part
  go_on 30 # a checkpoint, whatever came before
  local files steps troubles=$(said "rondo: .*$4.*; training goes on, and the next attempt comes in")
  mv files.part files.faults
  hear "rondo: .*$4.*; training goes on, and the next attempt comes in" $((troubles + 1))
  files=$(good_files files/run) # a checkpoint that was on its way is there by now, and an old one gone
  go_on 30
  stay_untouched "$1" "$files"
  troubles=$(said "rondo: checkpoints are written again")
  rm files.faults
  hear "rondo: checkpoints are written again: that of step [0-9]+ is on the disk" $((troubles + 1))
  steps=$(checkpoint_step files/run)
  done_with 0 "$rondo" inspect files/run
  ((steps > 0)) || note_failure "$1: no checkpoint"
}
fails "quota" pwrite 122 "quota exceeded"
same "metrics.jsonl is told of too" 1 "$(said "metrics.jsonl.*quota.*the lines of metrics.jsonl wait")"
fails "I/O error" fsync 5 "Input/output error"
fails "a server that has forgotten a file" rename 116 "Stale file handle"
# The lock cannot be read: whether the run still has the folder is not known, and nothing is changed.
fails "permission lost" open 13 "Permission denied"

# The folder is removed with all that is in it, and the data set with it, which is open.
mv files/data.rondo .
mv files/run removed
hear "rondo: the run folder 'files/run' .* was removed, and is made again"
is_saved() { (($(checkpoint_step files/run) >= 0)); }
eventually is_saved || die "no checkpoint in the folder that was made again"
go_on 20
kill -USR2 "$launcher"
ended "all kinds of write errors" 75
mv data.rondo files
# The limit of a file's size is a write error like others, and at the run's end it is the run's own:
# the ranks end with a code that is not 0 and a sentence, and the checkpoint before it is there.
begin "${mpirun[@]}" -n 2 "$rondo" train --run files/run --resume --threads 1
hear "resumes at step"
go_on 20
mapfile -t pids < <(rank_pids)
for pid in "${pids[@]}"; do prlimit --pid "$pid" --fsize=2000; done
hear "rondo: .*File too large; training goes on, and the next attempt"
files=$(good_files files/run)
kill -USR2 "$launcher"
ended "a last checkpoint that could not be written" 1
same "the reason" 1 "$(said "^rondo: rank 0 .* last checkpoint, of step [0-9]+, is not on the disk: .*File too large")"
stay_untouched "the end" "$files"
begin "${mpirun[@]}" -n 3 "$rondo" train --run files/run --resume --threads 1
hear "resumes at step"
go_on 10
kill -USR2 "$launcher"
ended "the run that went on" 75
# What was in the folder that was removed is lost, lines of metrics.jsonl too.
as_undisturbed files/run undisturbed "${train[@]}"
finish
