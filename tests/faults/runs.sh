#!/usr/bin/env bash
# runs.sh RONDO MPIRUN...: runs that cannot start: folders, ranks that disagree, resuming wrongly.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

model=(--hidden 16 --lanes 16 --block 8 --window 8)
text 1 400 >text.txt
text 2 400 >other.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
done_with 0 "$rondo" prepare --input other.txt --output other.rondo
tr o O <text.txt >swapped.txt # as many characters, but not the same
done_with 0 "$rondo" prepare --input swapped.txt --output swapped.rondo
done_with 0 "$rondo" prepare --input text.txt --output unsplit.rondo --validation 0 --test 0
done_with 0 "$rondo" train --data data.rondo --run run "${model[@]}" --steps 20 \
  --checkpoint-every 10
start=(train --data data.rondo --run new "${model[@]}" --steps 9)

# Folders. Root may write anywhere, but not below a file or in /proc.
refused_on_ranks "text\.txt" train --data data.rondo --run text.txt "${model[@]}" --steps 9
refused_on_ranks "text\.txt" train --data data.rondo --run text.txt/run "${model[@]}" --steps 9
refused_on_ranks "/proc/run" train --data data.rondo --run /proc/run "${model[@]}" --steps 9
refused_on_ranks "text\.txt" train --data data.rondo --run text.txt --resume
refused_on_ranks "run already holds a run.*--resume" train --data data.rondo --run run \
  "${model[@]}" --steps 20
# No folder above the run's is left behind either.
refused_on_ranks "nothing" train --data nothing --run a/b/c "${model[@]}" --steps 9
refused_on_ranks "nothing" train --data nothing --run a/b/c "${model[@]}" --steps 9 --resume
refused "validation split" "$rondo" train --data unsplit.rondo --run new "${model[@]}" --steps 9 \
  --validate-every 3

# What cannot be trained or validated with, and a checkpoint that cannot be written.
printf '%24s' '' | tr ' ' '\n' >line-ends.txt
done_with 0 "$rondo" prepare --input line-ends.txt --output line-ends.rondo
same "splits without targets" 2 "$(grep -c "^rondo: the split .* has nothing to predict" "$scratch/stderr")"
refused_on_ranks "nothing to predict in its split 'validation'" train --data line-ends.rondo \
  --run new "${model[@]}" --steps 9 --validate-every 3
refused "nothing to predict in its split 'test'" "$rondo" eval --baseline --data line-ends.rondo
printf 'a\fb\fc' >single.txt # three documents
done_with 0 "$rondo" prepare --input single.txt --output single.rondo --validation 0 --test 0
refused_on_ranks "nothing to predict in its split 'train'" train --data single.rondo --run new \
  "${model[@]}" --steps 9
refused "for which there is no room: cannot write .*File too large" bash -c 'ulimit -f 30000; exec "$@"' - \
  "$rondo" train --data data.rondo --run new --hidden 1200 --lanes 16 --window 8 --steps 9

# What is likely a mistake is told. The command that goes on can be pasted.
done_with 75 "$rondo" train --data data.rondo --run "my run" --hidden 16 --lanes 3200 --window 8 \
  --steps 3 --max-steps 1 --threads 99
same "lanes" 1 "$(grep -c '^rondo: 3200 lanes leave each [0-9]* of the .* no state is carried' "$scratch/stderr")"
same "threads" 1 "$(grep -c '^rondo: 99 threads of 1 rank .* --threads [0-9]* is faster' "$scratch/stderr")"
rondo() { done_with 0 "$rondo" "$@"; }
eval "$(sed -n 's/.*go on with: //p' "$scratch/stderr")"
same "the run that went on" 3 "$(checkpoint_step "my run")"

# A run folder in use by another run.
mkfifo gate
(
  exec 3<>gate
  exec "$rondo" train --data data.rondo --run busy --hidden 64 --lanes 16 --window 64 \
    --steps 1000000 --checkpoint-every 0
) >"$scratch/busy" 2>&1 &
busy=$!
rm gate
eventually test -e busy/metrics.jsonl || die "the first run did not start: $(cat "$scratch/busy")"
kill -STOP "$busy" # its files stand still while they are compared
refused_on_ranks "busy.*in use.*process $busy" train --data data.rondo --run busy "${model[@]}" \
  --steps 9
kill -KILL "$busy"
wait "$busy" 2>/dev/null

# A run that stood still for so long that another one took its folder over ends as soon as it goes
# on, names the reason, and leaves everything to the other.
timeout "$time_limit" "${mpirun[@]}" -n 2 "$rondo" train --data data.rondo --run lost "${model[@]}" \
  --steps 1000000 --checkpoint-every 1000 --report-every 10 >"$scratch/stdout" \
  2>"$scratch/stderr" </dev/null &
lost=$!
eventually has_reached lost 50 || die "the run to be robbed did not start: $(cat "$scratch/stderr")"
is_saved() { (($(checkpoint_step lost) == 0)); }
eventually is_saved || die "no checkpoint" # and no temporary file of its is left
mapfile -t ranks < <(rank_pids)
kill -STOP "${ranks[@]}"
sed 's/"token":"[^"]*"/"token":"another"/' lost/lock >other-lock
mv other-lock lost/lock
before=$(snapshot)
kill -CONT "${ranks[@]}"
wait "$lost"
same "exit code of a run without its lock" 1 $?
same "the reason" 1 "$(grep -c '^rondo: rank 0 .* has lost the lock' "$scratch/stderr")"
same "files of a run without its lock" "$before" "$(snapshot)"

# Ranks: too many, or with other options or other data than rank 0.
refused "3 ranks.* 2 blocks" "${mpirun[@]}" -n 3 "${rank[@]}" "${start[@]}"
refused "3 ranks.* 2 blocks" "${mpirun[@]}" -n 3 "${rank[@]}" train --run run --resume
refused "3 ranks.* 2 blocks" "${mpirun[@]}" -n 3 "${rank[@]}" eval --checkpoint run --data data.rondo
refused "rank 1 .*another configuration" "${mpirun[@]}" -n 2 "$by_rank" 1 "${rank[@]}" "${start[@]}" \
  else "${rank[@]}" "${start[@]}" --seed 5
refused "rank 1 .*another data set" "${mpirun[@]}" -n 2 "$by_rank" 1 "${rank[@]}" "${start[@]}" \
  else "${rank[@]}" train --data other.rondo --run new "${model[@]}" --steps 9
refused "missing\.rondo" "${mpirun[@]}" -n 2 "$by_rank" 1 "${rank[@]}" "${start[@]}" \
  else "${rank[@]}" train --data missing.rondo --run new "${model[@]}" --steps 9
refused "rank 1 .*another configuration" "${mpirun[@]}" -n 2 "$by_rank" 1 "${rank[@]}" train --run run \
  --resume --max-steps 3 else "${rank[@]}" train --run run --resume --max-steps 4

# Resuming with something else than the run was started with: both values are named.
refused_on_ranks "hidden = 16 .* 24" train --run run --resume --hidden 24
refused "cell = .* gru" "$rondo" train --run run --resume --cell gru
refused "seed = 1 .* 2" "$rondo" train --run run --resume --seed 2
refused "dropout = 0 .* 0\.5" "$rondo" train --run run --resume --dropout 0.5
refused_on_ranks "other\.rondo.*not the data set" train --run run --resume --data other.rondo

# Weights to begin with that are another network's: what fits is taken, and all is told. None are in a
# data set.
done_with 0 "$rondo" train --data data.rondo --run wider --lanes 16 --block 8 --window 8 --hidden 24 --steps 9 \
  --init-from run
same "what does not fit" 1 "$(grep -c "starts from run/.*: 1 of [0-9]* parameters; begin anew: .*, not [0-9]* x 16)" "$scratch/stderr")"
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data swapped.rondo --run swapped "${model[@]}" --steps 9 \
  --init-from run
same "what fits" 1 "$(grep -c "starts from run/.*: [0-9]* of [0-9]* parameters; rows of: embedding.weight ([0-9]* of [0-9]* symbols)" "$scratch/stderr")"
refused_on_ranks "data ?set" train --data data.rondo --run new "${model[@]}" --steps 9 \
  --init-from data.rondo

# Where nothing is to resume yet, --resume starts, and says so.
done_with 75 "$rondo" "${start[@]}" --resume --max-steps 1
same "said to start" 1 "$(grep -c '^rondo: there is no checkpoint in new yet' "$scratch/stderr")"

# A run that diverges keeps a good checkpoint and names it; resumed otherwise, it goes on from there.
wild=(train --data data.rondo --hidden 16 --lanes 16 --block 8 --window 32 --cell relu --rate 0.01
  --checkpoint-every 10)
done_with 0 "$rondo" "${wild[@]}" --run tame --steps 160
done_with 0 "$rondo" "${wild[@]}" --run wild --steps 20
done_with 1 "${mpirun[@]}" -n 2 "$rondo" train --run wild --resume --rate 900 --steps 160
same "the checkpoint that is named" 1 \
  "$(grep -c '^rondo: .* from the checkpoint of step 20 in wild' "$scratch/stderr")"
done_with 1 "$rondo" train --run wild --resume # as before, it can only come to the same end
same "named again" 1 "$(grep -c '^rondo: .* from the checkpoint of step 20 in wild' "$scratch/stderr")"
cp -r wild clipped
done_with 0 "$rondo" generate --checkpoint wild --prompt a --length 9
same "weights that are asked for" 1 "$(grep -c 'the checkpoint of step 20 is used' "$scratch/stderr")"
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run wild --resume --rate 0.01
same "resumed from there" 1 "$(grep -c 'resumes at step 20 of 160' "$scratch/stderr")"
same "digests" "$(digests tame)" "$(digests wild)"
same "lines of metrics.jsonl" "$(computed tame)" "$(computed wild)"
done_with 0 "$rondo" train --run clipped --resume --rate 0.01 --clip-norm 1
same "a notice" 1 "$(grep -c '^rondo: clip-norm changes from 0 to 1' "$scratch/stderr")"
same "resumed from there" 1 "$(grep -c 'resumes at step 20 of 160' "$scratch/stderr")"

# A folder holds a run as long as anything is left that another would write over.
rest=(train --data data.rondo --run rest "${model[@]}" --steps 20 --validate-every 10)
done_with 75 "$rondo" "${rest[@]}" --max-steps 10
mkdir lines
cp rest/metrics.jsonl lines
rm rest/checkpoint-*.h5
refused_on_ranks "rest already holds a run.*--resume" "${rest[@]}"
rest[4]=lines
refused_on_ranks "lines already holds a run.*--resume" "${rest[@]}"
# It goes on from its best checkpoint, where there is no other; from none, its lines are kept.
done_with 0 "$rondo" train --run rest --resume
same "resumed from the best" 1 "$(grep -c 'resumes at step 10 of 20' "$scratch/stderr")"
same "digests" "$(digests run)" "$(digests rest)"
lines=$(sha256sum <lines/metrics.jsonl)
done_with 0 "$rondo" "${rest[@]}" --resume
same "lines of a run without a checkpoint" "$lines" "$(sha256sum <lines/metrics-1.jsonl)"
same "said where they are" 1 "$(grep -c 'are kept in lines/metrics-1.jsonl' "$scratch/stderr")"

# Checkpoints that are all damaged are no reason to start at step 0. Each is warned of.
mkdir damaged
for checkpoint in run/checkpoint-*.h5; do
  head -c 3000 "$checkpoint" >"damaged/${checkpoint#run/}"
done
before=$(snapshot)
done_with 2 "$rondo" train --run damaged --resume --steps 30
same "a warning for each checkpoint and the reason" 4 "$(grep -c '^rondo: ' "$scratch/stderr")"
same "files" "$before" "$(snapshot)"
# The newest is damaged: the one before it is used, with a warning that names the damaged one.
cp -r run repaired
head -c 3000 run/checkpoint-000000000020.h5 >repaired/checkpoint-000000000020.h5
done_with 0 "$rondo" train --run repaired --resume
same "a warning" 1 "$(grep -c 'checkpoint-000000000020.*the checkpoint before it is used' \
  "$scratch/stderr")"
same "resumed from the one before" 1 "$(grep -c 'resumes at step 10 of 20' "$scratch/stderr")"
same "digests" "$(digests run)" "$(digests repaired)"
finish
