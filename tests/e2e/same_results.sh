#!/usr/bin/env bash
# same_results.sh RONDO MPIRUN...: what the commands answer, and that the answers do not depend on
# ranks, threads and vectors.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

text 1 400 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --cell gru --layers 2 --hidden 24 --lanes 24 --block 4 --window 12
  --dropout 0.3 --steps 30 --validate-every 10 --rate 0.01 --report-every 1)

# Help has an example of the command, on standard output.
for command in prepare train eval generate inspect; do
  done_with 0 "$rondo" "$command" --help
  same "an example in the help of $command" 1 \
    "$(grep -A 3 '^example:' "$scratch/stdout" | grep -cE -m 1 "^  .*rondo $command ")"
  done_with 0 "$rondo" --help
  same "$command in the list of commands" 1 "$(grep -c "^  $command " "$scratch/stdout")"
done
done_with 0 "$rondo" --version
vectors=$(sed -n 's/^vector instructions //p' "$scratch/stdout" | tr -d ,)

# A dry run prints its plan and writes nothing.
before=$(snapshot)
done_with 0 "${mpirun[@]}" -n 2 "$rondo" "${train[@]}" --run run --dry-run
same "one plan" 1 "$(grep -c '^memory ' "$scratch/stdout")"
done_with 0 "$rondo" "${train[@]}" --dry-run
same "files after a dry run" "$before" "$(snapshot)"

# Training: the same digests and the same numbers in every line, for any ranks, threads, vectors.
done_with 0 "$rondo" "${train[@]}" --run run --keep 2 --checkpoint-every 4
same "files: the newest checkpoints and the best" \
  "best.h5 checkpoint-000000000028.h5 checkpoint-000000000030.h5 metrics.jsonl" "$(ls run | xargs)"
expected=$(digests run) reported=$(computed run)
compare() {
  local name=$1
  shift
  done_with 0 "$@" --run "$name"
  same "digests of $name" "$expected" "$(digests "$name")"
  same "lines of $name" "$reported" "$(computed "$name")"
}
compare three-ranks "${mpirun[@]}" -n 3 "$rondo" "${train[@]}" --threads 2
compare six-ranks "${mpirun[@]}" -n 6 "$rondo" "${train[@]}" --threads 1
for vector in $vectors reference; do
  compare "vector-$vector" "$rondo" "${train[@]}" --vector "$vector"
done
# And not by chance: another seed is another run.
done_with 0 "$rondo" "${train[@]}" --run seed --seed 2
[ "$expected" != "$(digests seed)" ] || note_failure "the seed changes nothing"

# A finished run: resumed, it says so and changes nothing.
before=$(snapshot)
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run run --resume
same "said to be finished" 1 "$(grep -c '^rondo: the run is finished: step 30 of 30' \
  "$scratch/stderr")"
same "files of a finished run" "$before" "$(snapshot)"
same "finished, for programs" true "$("$rondo" inspect run --json | sed -n 's/.*"finished": //p' |
  tr -d ,)"

# Evaluation: the same line to the last digit on one rank and on three, and the loss that the run
# itself found at its end.
done_with 0 "$rondo" eval --checkpoint run --data data.rondo --split validation --json
evaluated=$(cat "$scratch/stdout")
done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint run --data data.rondo \
  --split validation --json --threads 2
same "evaluation on three ranks" "$evaluated" "$(cat "$scratch/stdout")"
same "the run's own validation" \
  "$(sed -n 's/.*"step":30,.*"validation","loss":\([^,]*\),.*/\1/p' run/metrics.jsonl)" \
  "$(sed 's/.*"loss":\([^,]*\),.*/\1/' <<<"$evaluated")"

# Generation: the text alone; the same for a seed, whatever the vectors.
generate=(generate --checkpoint run --prompt "nol " --length 120 --seed 3 --temperature 0.9)
done_with 0 "$rondo" "${generate[@]}"
written=$(cat "$scratch/stdout")
same "the prompt in front" "nol " "${written:0:4}"
same "characters" 124 "$(LC_ALL=C.UTF-8 wc -m <<<"$written" | awk '{ print $1 - 1 }')"
same "standard error" "" "$(cat "$scratch/stderr")"
for vector in auto $vectors; do
  done_with 0 "$rondo" "${generate[@]}" --vector "$vector"
  same "text with $vector" "$written" "$(cat "$scratch/stdout")"
done
done_with 0 "$rondo" generate --checkpoint run --prompt $'\n' --length 40
behind=$(tail -n +2 "$scratch/stdout")
done_with 0 "$rondo" generate --checkpoint run --length 40
same "a text without a prompt" "$behind" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" "${generate[@]::7}" --seed 4 --temperature 0.9
[ "$written" != "$(cat "$scratch/stdout")" ] || note_failure "another seed, the same text"
finish
