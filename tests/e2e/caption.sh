#!/usr/bin/env bash
# caption.sh RONDO MPIRUN...: texts of numbers, of one step and of several: the bits are the same on any
# number of ranks and after a stop, what is said depends on the numbers, and what is no caption is refused.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# Weather of a day, in two rows of numbers, and what is said of it.
awk -v state=5 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    OFS = ","
    print "rain,wind,sun,heat,place,report"
    for (row = 0; row < 400; ++row) {
      rain = below(100) / 10; wind = below(90); sun = below(140) / 10; heat = below(400) / 10 - 5
      print rain, wind, sun, heat, below(2) ? "north" : "south", \
        (rain > 5 ? "wet and " : "dry and ") (wind > 45 ? "windy" : "calm") (heat > 15 ? " and warm" : "")
    }
  }' </dev/null >weather.csv

sources=(--source rain wind sun heat --static place --target report:word)
done_with 0 "$rondo" prepare --task caption --input weather.csv "${sources[@]}" --output one.rondo
grep -q '^  source  rain..heat  *real  4 numbers a step (kind guessed)$' "$scratch/stdout" ||
  note_failure "the numbers are not told"
grep -q '^  target  report  *word  .* symbols, steps of its own$' "$scratch/stdout" || note_failure "no texts"
done_with 0 "$rondo" prepare --task caption --input weather.csv "${sources[@]}" --steps 2 --output two.rondo
grep -q '^lengths: all 2 steps$' "$scratch/stdout" || note_failure "no two steps"
same "a task" '"caption"' "$("$rondo" inspect one.rondo --json | tr -d ' \n' | sed -n 's/.*"task":\("[a-z]*"\).*/\1/p')"

refused "which --task transduce reads; say place:class" "$rondo" prepare --task caption --input weather.csv \
  --source rain place --target report:word --output refused.rondo
refused '--task caption says char, word or subword, not real' "$rondo" prepare --task caption --input weather.csv \
  --source rain --target wind:real --output refused.rondo
refused 'a row has 4 numbers to read, which is no multiple of it' "$rondo" prepare --task caption \
  --input weather.csv "${sources[@]}" --steps 3 --output refused.rondo
sed '4s/^[^,]*/x/' weather.csv >broken.csv
refused 'broken.csv, line 4, column .rain.: "x" is no finite number' "$rondo" prepare --task caption \
  --input broken.csv --source rain:real wind sun heat --target report:word --output refused.rondo
sed '4s/,[^,]*$/,/' weather.csv >silent.csv
refused "silent.csv, line 4, column 'report': the value is missing" "$rondo" prepare --task caption \
  --input silent.csv --source rain --target report:word --output refused.rondo

figure() { sed -n "s/.*\"$1\":\([0-9.e+-]*\).*/\1/p" "$scratch/stdout"; }
done_with 0 "$rondo" eval --baseline --data one.rondo --split test --json
awk -v bleu="$(figure bleu)" 'BEGIN { exit !(bleu > 30 && bleu < 100) }' ||
  note_failure "the nearest day's report has a BLEU of $(figure bleu)"

keys=(--hidden 24 --embedding 12 --lanes 8 --block 2 --window 4 --rate 0.02 --steps 200 --checkpoint-every 90
  --validate-every 100 --validation-texts 10 --seed 5 --threads 1)
for steps in one two; do
  more=(--attention none)
  [[ $steps == one ]] || more=(--bidirectional --input-feeding)
  done_with 0 "$rondo" train --data $steps.rondo "${keys[@]}" "${more[@]}" --run $steps
  for ranks in 2 3; do
    done_with 0 "${mpirun[@]}" -n $ranks "$rondo" train --data $steps.rondo "${keys[@]}" "${more[@]}" \
      --run "$steps-$ranks"
    same "digests of $steps on $ranks ranks" "$(digests $steps)" "$(digests "$steps-$ranks")"
  done
  done_with 75 "$rondo" train --data $steps.rondo "${keys[@]}" "${more[@]}" --run $steps-stopped --max-steps 130
  done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run $steps-stopped --resume
  same "digests of $steps after a stop" "$(digests $steps)" "$(digests $steps-stopped)"

  done_with 0 "$rondo" eval --checkpoint $steps --data $steps.rondo --split test --retrieval 5 --json
  whole=$(cat "$scratch/stdout")
  awk -v exact="$(figure exact_match)" -v first="$(figure recall_at_1)" -v perplexity="$(figure perplexity)" \
    'BEGIN { exit !(exact > 0.7 && first > 0.7 && perplexity < 1.3) }' ||
    note_failure "what is said of $steps does not hang on the numbers: $whole"
  done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint $steps --data $steps.rondo --split test --retrieval 5 \
    --json --threads 2
  same "figures of $steps on 3 ranks" "$whole" "$(cat "$scratch/stdout")"

  # Alone and in company, searched for and drawn, the same; another seed draws otherwise.
  head -n 41 weather.csv >days.csv
  done_with 0 "$rondo" predict --checkpoint $steps --input days.csv
  cp "$scratch/stdout" answers
  "$rondo" predict --checkpoint $steps --input - <days.csv >by-lines || note_failure "lines: ended with $?"
  same "texts of $steps line by line" "$(cat answers)" "$(cat by-lines)"
  head -n 1 days.csv >alone.csv
  sed -n 7p days.csv >>alone.csv
  done_with 0 "$rondo" predict --checkpoint $steps --input alone.csv
  same "a text of $steps alone" "$(sed -n 6p answers)" "$(cat "$scratch/stdout")"
  done_with 0 "$rondo" predict --checkpoint $steps --input days.csv --temperature 1.5 --seed 3 --n-best 2
  cp "$scratch/stdout" drawn
  done_with 0 "${mpirun[@]}" -n 2 "$rondo" predict --checkpoint $steps --input days.csv --temperature 1.5 --seed 3 \
    --n-best 2 --output drawn.out
  same "drawn texts of $steps on 2 ranks" "$(cat drawn)" "$(cat drawn.out)"
  done_with 0 "$rondo" predict --checkpoint $steps --input days.csv --temperature 1.5 --seed 4 --n-best 2
  [[ $(cat drawn) != "$(cat "$scratch/stdout")" ]] || note_failure "another seed draws the same"
  rm drawn.out
done
refused 'the model looks at nothing' "$rondo" predict --checkpoint one --input days.csv --attention-output looks
done_with 0 "$rondo" predict --checkpoint two --input days.csv --attention-output looks
same "what was looked at" '{"source":["1","2"]' "$(head -c 19 looks)"

refused 'of which|different texts alone' "$rondo" eval --checkpoint one --data one.rondo --split test --retrieval 100
refused 'the baseline knows no likelihoods' "$rondo" eval --baseline --data one.rondo --retrieval 5
done_with 0 "$rondo" prepare --task transduce --input weather.csv --source place:char --target report:word \
  --output texts.rondo
refused "it reads texts .'place'., which --task caption does not" "$rondo" prepare --task caption --input weather.csv \
  --columns-from texts.rondo --output refused.rondo
finish
