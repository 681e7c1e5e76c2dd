#!/usr/bin/env bash
# tensorboard.sh RONDO MPIRUN...: event files for TensorBoard: one a start of a run, by rank 0 alone; of
# another run's folder nothing is taken, and what cannot be written ends no training. What is in them
# unit.io and tests/second_opinion/tensorboard_events.py read.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

text 3 300 >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt --output book.rondo || die "prepare"
keys=(--data book.rondo --hidden 8 --lanes 16 --block 8 --window 8 --threads 1)
rhythm=(--validate-every 10 --report-every 5)
train() { done_with 0 "${launcher[@]}" "$rondo" train "${keys[@]}" "${rhythm[@]}" --run "$@"; }
files() { find "$1" -type f -name 'events.out.tfevents.*' -size +0 | wc -l; }
# Points of a tag: each is an event of its own.
points() { cat "$1"/events.* | grep -ao "$2" | wc -l; }

launcher=("${mpirun[@]}" -n 2)
train one --steps 20 --tensorboard events/one
same "files of a start" 1 "$(files events/one)"
for tag in loss rate gradient_norm tokens_per_second; do
  same "points of train/$tag" 4 "$(points events/one "train/$tag")"
done
same "points of validation/loss" 2 "$(points events/one validation/loss)"

launcher=()
train one --steps 30 --resume --tensorboard events/one
same "files of two starts" 2 "$(files events/one)"
same "points of train/loss" 6 "$(points events/one train/loss)"
same "points of validation/loss" 3 "$(points events/one validation/loss)"
train one --steps 40 --resume
same "nobody asks" 2 "$(files events/one)"

refused "\-\-tensorboard events/one: it holds the event files of another run" \
  "$rondo" train "${keys[@]}" --run two --steps 10 --tensorboard events/one
refused "\-\-tensorboard book.txt: it is no folder" \
  "$rondo" train "${keys[@]}" --run two --steps 10 --tensorboard book.txt

# The folder goes away while the run goes on.
train three --steps 5 --tensorboard events/three
digest=$("$rondo" inspect three --digest)
(
  for ((i = 0; i < 1000; ++i)); do
    [ "$(files events/four 2>/dev/null)" = 1 ] && exec rm -r events/four
    sleep 0.02
  done
) &
rhythm=(--report-every 1)
train four --steps 1500 --tensorboard events/four
wait
same "told" 1 "$(grep -c "cannot write 'events/four.*training goes on, and the lines of TensorBoard's file wait" "$scratch/stderr")"
same "told of the end" 1 "$(grep -c "the last lines of TensorBoard's file are lost" "$scratch/stderr")"
rhythm=(--report-every 5)
train five --steps 5
same "the same weights, with events and without" "$digest" "$("$rondo" inspect five --digest)"
finish
