#!/usr/bin/env bash
# regress.sh RONDO MPIRUN...: a table's sequences and their numbers, from the file to answers: of rows
# without steps, of whole sequences, of each step; the bits are the same on any number of ranks and
# after a stop, and what the numbers hang on is learned.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# metric NAME: of the last `eval --json`.
metric() { sed -n "s/.*\"$1\":\(-\{0,1\}[0-9.e-]*\).*/\1/p" "$scratch/stdout"; }
# holds CONDITION [NAME=VALUE...]: a condition of awk's.
holds() {
  checks=$((checks + 1))
  awk "${@:2}" "BEGIN { exit !($1) }" || note_failure "not so: $*"
}

# Prices that are a sum of a row's numbers, in units of their own; some of the second are missing.
awk -v state=7 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    print "rooms,age,price,rent"
    for (row = 0; row < 300; ++row) {
      rooms = below(90) / 10; age = below(500) / 10
      print rooms "," age "," 2000 + 300 * rooms - 20 * age "," (row % 6 ? 5 + rooms / 10 : "")
    }
  }' >houses.csv
cut -d, -f1-3 houses.csv >prices.csv
done_with 0 "$rondo" prepare --task regress --input prices.csv --target price --output prices.rondo
grep -q '^  target  price  *real  1 number a sequence (kind guessed)' "$scratch/stdout" ||
  note_failure "the target is not told"
grep -q '^lengths: all 1 step: a plain network, one to one' "$scratch/stdout" || note_failure "no plain network"

keys=(--data prices.rondo --cell tanh --hidden 16 --lanes 24 --block 4 --rate 0.02 --steps 200 --validate-every 100
  --checkpoint-every 50 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run whole
grep -q 'this is a plain network' "$scratch/stderr" || note_failure "no notice of a plain network"
grep -q '  mse [0-9.]*  rmse [0-9.]*  mae [0-9.]*  r2 [0-9.]*  best so far$' "$scratch/stderr" ||
  note_failure "validations do not tell their figures"
for ranks in 2 3; do
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train "${keys[@]}" --run "on-$ranks"
  same "digests on $ranks ranks" "$(digests whole)" "$(digests "on-$ranks")"
done
done_with 75 "$rondo" train "${keys[@]}" --run stopped --max-steps 120
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run stopped --resume
same "digests after a stop" "$(digests whole)" "$(digests stopped)"
same "figures after a stop" "$(computed whole)" "$(computed stopped)"

done_with 0 "$rondo" eval --baseline --data prices.rondo --split test --json
holds 'r2 < 0.01 && rmse > 500' -v r2="$(metric r2)" -v rmse="$(metric rmse)"
done_with 0 "$rondo" eval --checkpoint whole --data prices.rondo --split test --json
holds 'r2 > 0.98 && r2 <= 1 && rmse < 100 && mae < rmse' -v r2="$(metric r2)" -v rmse="$(metric rmse)" -v mae="$(metric mae)"
done_with 0 "$rondo" eval --checkpoint whole --data prices.rondo --split test
whole=$(cat "$scratch/stdout")
grep -q '^whole/.* on test: MSE [0-9.]*, RMSE [0-9.]*, MAE [0-9.]*, R2 0.9[0-9]*, loss 0.0[0-9]*, 30 numbers$' <<<"$whole" ||
  note_failure "what eval says: $whole"
done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint whole --data prices.rondo --split test
same "figures of eval on 3 ranks" "$whole" "$(cat "$scratch/stdout")"

# Answers: every row's, in the table's order and units.
done_with 0 "$rondo" predict --checkpoint whole --input prices.csv
cp "$scratch/stdout" answers
learned=$(awk -F, 'NR > 1 { print $3 }' prices.csv | paste - answers |
  awk '{ off = $1 - $2; near += (off < 250 && off > -250) } END { print NR, (near > 290) }')
same "answers that are near" "300 1" "$learned"
cut -d, -f2 prices.csv | paste -d, - <(cut -d, -f1 prices.csv) >untold.csv # without the target, turned
"$rondo" predict --checkpoint whole --input - <untold.csv >from-lines || note_failure "lines: ended with $?"
same "answers to lines" "$(cat answers)" "$(cat from-lines)"
done_with 0 "$rondo" predict --checkpoint whole whole --input untold.csv --threads 2
same "two equal votes" "$(cat answers)" "$(cat "$scratch/stdout")"
done_with 0 "${mpirun[@]}" -n 2 "$rondo" predict --checkpoint whole --input prices.csv --json
same "answers as JSON" "$(sed 's/.*/{"answer":&}/' answers)" "$(cat "$scratch/stdout")"
for _ in 1 2; do # answers may be replaced, measured numbers not
  done_with 0 "$rondo" predict --checkpoint whole --input prices.csv --output answers.tsv
done
same "answers in a file" "$(cat answers)" "$(cat answers.tsv)"
cut -d, -f3 prices.csv | tail -n +2 >measured.tsv
refused "measured\.tsv is there and is not a file of answers" "$rondo" predict --checkpoint whole \
  --input prices.csv --output measured.tsv

refused "nothing comes before a loss" "$rondo" inspect whole --gradient-reach --data prices.rondo

# Several targets, some of them missing, and how sure the network is of each.
refused "houses\.csv, line 2, column 'rent': the value is missing" "$rondo" prepare --task regress \
  --input houses.csv --target price rent --output houses.rondo
done_with 0 "$rondo" prepare --task regress --input houses.csv --target price rent --missing mask \
  --output houses.rondo
grep -q '^missing: [0-9]* values of price\.\.rent in train are masked$' "$scratch/stdout" ||
  note_failure "what is masked is not told"
keys=(--data houses.rondo --cell tanh --hidden 16 --lanes 24 --block 4 --rate 0.02 --steps 200 --loss gaussian
  --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run houses
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train "${keys[@]}" --run houses-on-3
same "digests of several targets on 3 ranks" "$(digests houses)" "$(digests houses-on-3)"
done_with 0 "$rondo" eval --checkpoint houses --data houses.rondo --split test --json
holds 'r2 > 0.95 && covered > 0.5 && interval == 0.8' -v r2="$(metric r2 | head -n 1)" \
  -v covered="$(sed 's/"numbers".*//' "$scratch/stdout" | sed -n 's/.*"coverage":\([0-9.]*\).*/\1/p')" -v interval="$(metric interval)"
same "each target's figures" "price rent" \
  "$(grep -o '"target":"[a-z]*"' "$scratch/stdout" | cut -d'"' -f4 | paste -sd' ')"
done_with 0 "$rondo" predict --checkpoint houses houses-on-3 --input houses.csv
same "of each target a mean and a deviation" "300 4" "$(awk -F'\t' '{ cells[NF] } END { for (n in cells) print NR, n }' "$scratch/stdout")"
done_with 0 "$rondo" predict --checkpoint houses --input houses.csv --json
same "answers by their names" 300 \
  "$(grep -c '^{"answer":{"price":[0-9.]*,"rent":[0-9.]*},"deviation":{"price":[0-9.]*,"rent":[0-9.e-]*}}$' "$scratch/stdout")"
done_with 0 "$rondo" prepare --task regress --input houses.csv --columns-from houses --output again.rondo
done_with 0 "$rondo" eval --checkpoint houses --data again.rondo --split train

# A number at each step: the sum of this one and the one before.
awk -v state=9 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    print "id,second,x,y"
    for (id = 0; id < 80; ++id) {
      before = 0
      for (t = 3 + below(8); t > 0; --t) {
        x = below(100) / 10
        print "s" id "," (20 - t) "," x "," 100 + x + before
        before = x
      }
    }
  }' >series.csv
done_with 0 "$rondo" prepare --task regress --input series.csv --group id --time second --source x --target y \
  --output series.rondo
grep -q '^  target  y  *real  1 number a step' "$scratch/stdout" || note_failure "steps are not told"
keys=(--data series.rondo --cell gru --hidden 16 --lanes 8 --block 4 --window 12 --rate 0.02 --steps 300 --loss quantile
  --quantiles 0.05,0.5,0.95 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run series
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" --run series-on-2
same "digests of steps on 2 ranks" "$(digests series)" "$(digests series-on-2)"
done_with 0 "$rondo" eval --checkpoint series --data series.rondo --split test --json
holds 'r2 > 0.9 && covered > 0.5' -v r2="$(metric r2)" -v covered="$(metric coverage)"
cp "$scratch/stdout" figures
done_with 0 "${mpirun[@]}" -n 2 "$rondo" eval --checkpoint series --data series.rondo --split test --json
same "figures of steps on 2 ranks" "$(cat figures)" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" predict --checkpoint series --input series.csv
same "of each step as many numbers as quantiles" "$(awk -F, 'NR > 1 { if (!n[$1]++) ids[++k] = $1 }
    END { for (i = 1; i <= k; ++i) print n[ids[i]], n[ids[i]], n[ids[i]] }' series.csv)" \
  "$(awk -F'\t' '{ print split($1, a, " "), split($2, a, " "), split($3, a, " ") }' "$scratch/stdout")"
cut -f2 "$scratch/stdout" | sed 's/^/"answer":[/; s/$/]/; s/ /,/g' >middles
done_with 0 "$rondo" predict --checkpoint series --input series.csv --json
same "the middle ones as JSON" "$(cat middles)" "$(grep -o '"answer":[^]]*\]' "$scratch/stdout")"
# Both directions say each step's number there, not at the last step alone.
done_with 0 "$rondo" train "${keys[@]}" --run both --bidirectional
done_with 0 "$rondo" eval --checkpoint both --data series.rondo --split test --json
holds 'r2 > 0.9' -v r2="$(metric r2)"

# What cannot be.
printf 'x,y\n1,4\n2,much\n3,5\n' >wrong.csv
refused "wrong\.csv, line 3, column 'y': \"much\" is no finite number" "$rondo" prepare --task regress \
  --input wrong.csv --target y --output wrong.rondo
refused "task regress says numbers, not class" "$rondo" prepare --task regress --input prices.csv \
  --target price:class --output wrong.rondo
refused "columns-from .*: its target 'price' is real, which --task classify does not say" "$rondo" prepare \
  --task classify --input prices.csv --columns-from whole --output wrong.rondo
train=("$rondo" train --run refused --steps 9)
refused "pool mean makes one answer a sequence, and 'y' has one a step" "${train[@]}" \
  --data series.rondo --lanes 8 --pool mean
refused "class-weights is of no use to the task 'regress'" "${train[@]}" --data prices.rondo \
  --class-weights balanced
refused 'quantiles takes numbers that ascend, not "0.5,0.5"' "${train[@]}" --data prices.rondo \
  --quantiles 0.5,0.5
refused "houses cannot vote with whole" "$rondo" predict --checkpoint whole houses --input houses.csv
done_with 0 "$rondo" train --data prices.rondo --run sure --steps 2 --lanes 24 --hidden 8 --loss gaussian --threads 1
grep -q "without effect" "$scratch/stderr" && note_failure "a key is called idle"
refused "sure cannot vote with whole: its --loss is gaussian" "$rondo" predict --checkpoint whole sure \
  --input prices.csv
finish
