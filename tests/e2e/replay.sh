#!/usr/bin/env bash
# replay.sh RONDO MPIRUN...: rondo replay names a broken sample, planted in data, first in the step that it
# was in; what the samples of a step have to do with it adds up to the step's own loss and gradient, for
# every way of laying samples into windows; the same table on any number of ranks and threads.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# replayed RUN STEP [OPTION...]: all samples of the step, in ./alone, with the loss and gradient norm that
# the run has reported; their shares add up to 1, their losses to the step's; the same on 2 and 3 ranks.
replayed() {
  local run=$1 step=$2 ranks
  local call=(replay "$run" --step "$step" --most 1000 "${@:3}")
  done_with 0 "$rondo" "${call[@]}" --threads 1
  cp "$scratch/stdout" alone
  checks=$((checks + 1))
  grep -q "^step $step of $run, .*(as the run reported), $(($(wc -l <alone) - 2)) samples" alone ||
    note_failure "$run step $step: another head: $(head -n 1 alone)"
  awk -F'\t' -v run="$run" '
    NR == 1 { match($0, /loss [-0-9.]+/); loss = substr($0, RSTART + 5, RLENGTH - 5)
              match($0, /samples, [0-9.]+/); targets = substr($0, RSTART + 9, RLENGTH - 9) }
    NR > 2 { share += $7; if ($4 > 0) { sum += $4 * $5; all += $4 } ; if (NR > 3 && $6 + 0 > before * 1.0001) worse = 1; before = $6 }
    END {
      off = sum / all - loss
      if (share < 99.8 || share > 100.2 || off > 2e-4 || off < -2e-4 || all != targets || worse)
        print "FAILED: " run ": shares of " share " %, loss off by " off ", targets " all " of " targets (worse ? ", not worst first" : "")
    }' alone >sums
  same "$run: sums" "" "$(cat sums)"
  for ranks in 2 3; do
    done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" "${call[@]}" --threads $((ranks - 1))
    same "$run: the table on $ranks ranks" "$(cat alone)" "$(cat "$scratch/stdout")"
  done
}

# Numbers to be learned, and one that is absurd: row 77.
awk -v state=7 '
  function below(limit) { state = state * 16807 % 2147483647; return int(state / 64) % limit }
  BEGIN {
    print "word,kind,tags,said,size,lean,sum"
    for (row = 1; row <= 120; ++row) {
      word = ""
      for (n = 3 + below(6); n > 0; --n) word = word substr("abcd", 1 + below(4), 1)
      tags = word
      gsub(/[ab]/, "x", tags)
      gsub(/[cd]/, "y", tags)
      size = below(100) / 10
      lean = below(100) / 10
      print word "," (word ~ /[cd]$/ ? "late" : "early") "," tags "," toupper(word) "," size "," lean "," \
        (row == 77 ? 1e6 : 2 * size - lean)
    }
  }' </dev/null >table.csv
all=(--validation 0 --test 0)
keys=(--block 2 --rate 0.01 --seed 5 --threads 1 --report-every 1 --checkpoint-every 10)

cut -d, -f5-7 table.csv >numbers.csv
done_with 0 "$rondo" prepare --task regress --input numbers.csv --source size lean --target sum "${all[@]}" \
  --output numbers.rondo
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train --data numbers.rondo "${keys[@]}" --lanes 12 --hidden 12 --window 4 --steps 25 --run numbers
# The step whose gradient leaps is that of the broken one.
spike=$(sed -n 's/^{"step":\([0-9]*\),.*"split":"train".*"gradient_norm":\([^,]*\),.*/\2 \1/p' numbers/metrics.jsonl | sort -g | tail -n 1 | cut -d' ' -f2)
replayed numbers "$spike"
same "the broken one comes first" 77 "$(sed -n 3p alone | cut -f2)"
same "its target and its source" "1e+06|$(sed -n 78p numbers.csv | cut -d, -f1,2 | tr , ' ')" \
  "$(sed -n 3p alone | cut -f8)|$(sed -n 3p alone | cut -f9)"
awk -F'\t' 'NR == 3 { exit !($7 + 0 > 90) }' alone || note_failure "its share: $(sed -n 3p alone)"
done_with 0 "$rondo" replay numbers --step "$spike" --most 1 --json
checks=$((checks + 1))
grep -qE '"worst":\[\{"rank":1,"lane":[0-9]+,"sequence":77,"first_step":1,"steps":1,"targets":1(\.0)?,"loss":[0-9.]+,"gradient_norm":[0-9.]+,"share":0?\.?[0-9.e-]+,"target":"1e\+06"' \
  "$scratch/stdout" || note_failure "as JSON: $(cat "$scratch/stdout")"

keys+=(--lanes 6)

# Every way of laying samples, with draws, penalties and weights that go with them.
prepared() {
  done_with 0 "$rondo" prepare --task "$1" --input table.csv --source word:"$3" --target "$2" "${@:4}" "${all[@]}" --output "$1.rondo"
}
prepared classify kind char
prepared label tags char
prepared transduce said:char char
done_with 0 "$rondo" train --data classify.rondo "${keys[@]}" --hidden 12 --window 24 --steps 12 --bidirectional --pool attention \
  --class-weights balanced --dropout 0.2 --layers 2 --run classify
replayed classify 11
done_with 0 "$rondo" train --data label.rondo "${keys[@]}" --hidden 12 --window 5 --steps 24 --state carried --zoneout 0.1 \
  --dropout-output 0.1 --dropout-weights 0.2 --run carried
replayed carried 6
replayed carried 17
grep -qE $'\t[0-9]+ steps [2-9] to [0-9]+\t' alone || note_failure "no sequence is cut: $(cat alone)"
done_with 0 "$rondo" train --data transduce.rondo "${keys[@]}" --hidden 12 --window 16 --steps 12 --attention additive \
  --scheduled-sampling 0.9 --label-smoothing 0.1 --run said
replayed said 12
sed 's/\([abcd]\)\([abcd]\)/\1 \2/g; s/\([abcd]\)\([abcd]\)/\1 \2/g' <(cut -d, -f1,2 table.csv | awk -F, 'NR == 1 { print "form,upos"; next } { print $1 "," ($2 == "late" ? "late" : "early") }') >words.csv
done_with 0 "$rondo" prepare --task classify --input words.csv --source form:word --target upos --letters form "${all[@]}" \
  --output letters.rondo
done_with 0 "$rondo" train --data letters.rondo "${keys[@]}" --hidden 12 --window 24 --steps 8 --letters-hidden 6 --run letters
replayed letters 8
awk 'BEGIN { print "hour,load"; for (i = 1; i <= 300; ++i) print i "," 10 + 5 * sin(i / 4) + (i == 200 ? 60 : 0) }' \
  </dev/null >series.csv
done_with 0 "$rondo" prepare --task forecast --input series.csv --time hour --target load "${all[@]}" --output series.rondo
done_with 0 "$rondo" train --data series.rondo "${keys[@]}" --hidden 12 --window 10 --steps 9 --run series
replayed series 9

# A text: lanes, where they stand, and what they read. One line is of other letters than all others.
{
  text 3 60
  printf 'zzzzqzzzzqzzzz\n'
  text 4 60
} >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt "${all[@]}" --output book.rondo
done_with 0 "$rondo" train --data book.rondo "${keys[@]}" --window 12 --steps 80 --activation-penalty 1 \
  --temporal-penalty 1 --dropout-embedding 0.1 --tied --hidden 16 --embedding 16 --run book
replayed book 7
grep -qE $'^1\tdocument 1 token [0-9]+\t' alone || note_failure "no place: $(cat alone)"
token=$(sed -n 3p alone | sed 's/.*token \([0-9]*\).*/\1/')
plain() { LC_ALL=C sed 's/\xc3\xa9/e/g' | tr '\n' ' '; } # a byte a character
same "what the lane reads" "$(plain <book.txt | tail -c +"$token" | head -c 12)" \
  "$(sed -n 3p alone | cut -f9 | tr -d '\n' | plain)"
replayed book 1

# What cannot be.
refused 'book ends at step 80: there is no step 81' "$rondo" replay book --step 81
refused 'step' "$rondo" replay book
refused 'step takes' "$rondo" replay book --step 0
refused 'nowhere is no folder' "$rondo" replay nowhere --step 3
refused 'numbers.rondo is not the data set' "$rondo" replay book --step 3 --data numbers.rondo
finish
