#!/usr/bin/env bash
# transcribe.sh RONDO MPIRUN...: labels that steps spell, from tables on: the bits are the same on any number
# of ranks and after a stop, validations print what eval counts, each text is the same alone and in company,
# and targets that do not fit are named.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# Recordings of words: each letter is two to four rows of two numbers with noise, then a pause.
recordings() { # FILE SEED RECORDINGS
  awk -v state="$2" -v count="$3" '
    function below(limit) { state = state * 16807 % 2147483647; return int(state / 64) % limit }
    function row(x, y) { printf "%s,%.2f,%.2f,%s\n", name, x + below(20) / 100, y + below(20) / 100, word }
    BEGIN {
      print "recording,low,high,text"
      for (i = 0; i < count; ++i) {
        name = "r" i
        word = ""
        for (n = 1 + below(6); n > 0; --n) word = word substr("abcd", 1 + below(4), 1)
        for (n = 1; n <= length(word); ++n) {
          letter = index("abcd", substr(word, n, 1)) - 1
          for (f = 2 + below(3); f > 0; --f) row(letter % 2, int(letter / 2))
          row(-1, -1)
          if (below(2)) row(-1, -1)
        }
      }
    }' </dev/null >"$1"
}
recordings train.csv 11 300
recordings dev.csv 12 40
recordings test.csv 13 40

table=(--task transcribe --group recording --source low high --target text:char)
done_with 0 "$rondo" prepare "${table[@]}" --input train.csv --validation-input dev.csv --test-input test.csv \
  --output sounds.rondo
grep -q '^  source  low..high  *real  2 numbers a step, by the rows of one recording' "$scratch/stdout" ||
  note_failure "the numbers are not told"
grep -q '^  target  text  *char  *6 symbols, steps of its own$' "$scratch/stdout" ||
  note_failure "the letters are not told"

# What does not fit is named, what is not there refused.
printf 'recording,low,high,text\nx,1,2,abba\nx,1,2,abba\nx,1,2,abba\nx,1,2,abba\ny,1,2,a\n' >long.csv
done_with 0 "$rondo" prepare "${table[@]}" --input long.csv --validation 0 --test 0 --output long.rondo
grep -q 'warning: 1 of the 2 targets in train need more steps .*long.csv, line 2: 4 steps, 5 needed$' \
  "$scratch/stdout" || note_failure "a target that does not fit is not named"
done_with 0 "$rondo" train --data long.rondo --lanes 16 --block 8 --hidden 8 --steps 3 --run long
grep -q '1 of the 2 targets in train need more steps than .* sequence 1 (4 steps for 5: "abba")' "$scratch/stderr" ||
  note_failure "a target that does not fit is not told by train"
done_with 0 "$rondo" eval --checkpoint long --data long.rondo --split train
grep -q ' too_long 1, 1 targets$' "$scratch/stdout" || note_failure "eval does not tell of it"
sed '/^y/d' long.csv >none.csv
done_with 0 "$rondo" prepare "${table[@]}" --input none.csv --validation 0 --test 0 --output none.rondo
refused "no target fits the steps of its sequence: sequence 1 .4 steps for 5" "$rondo" train --data none.rondo \
  --lanes 16 --steps 3 --run refused
sed '3s/abba/abbc/' long.csv >changes.csv
refused "changes.csv, line 3, column 'text': the value differs from" "$rondo" prepare "${table[@]}" \
  --input changes.csv --validation 0 --test 0 --output refused.rondo
# Where nothing is said, nothing is to be spelt: an empty text is a target, a missing number no input.
sed '6s/,a$/,/' long.csv >nothing.csv
done_with 0 "$rondo" prepare "${table[@]}" --input nothing.csv --validation 0 --test 0 --output nothing.rondo
done_with 0 "$rondo" check-data nothing.rondo
grep -q '^ *1  empty_targets' "$scratch/stdout" || note_failure "an empty target is not counted"
done_with 0 "$rondo" train --data nothing.rondo --lanes 16 --block 8 --hidden 8 --rate 0.1 --steps 40 --run nothing
for beam in 1 4; do
  done_with 0 "$rondo" eval --checkpoint nothing --data nothing.rondo --split train --beam $beam
  grep -q ': loss 0\.[0-9]* nats a sequence, cer 100.00 %, wer 100.00 %, exact_match 50.00 %, too_long 1, 1 targets$' \
    "$scratch/stdout" || note_failure "the figures of an empty target: $(cat "$scratch/stdout")"
done
sed '6s/,1,2/,,2/' long.csv >missing.csv
refused "missing.csv, line 6, column 'low': the value is missing" "$rondo" prepare "${table[@]}" \
  --input missing.csv --validation 0 --test 0 --output refused.rondo
short=(--data sounds.rondo --lanes 16 --steps 9 --run refused)
refused '--pool' "$rondo" train "${short[@]}" --pool mean
refused '--attention' "$rondo" train "${short[@]}" --attention dot
refused '--stack-frames takes' "$rondo" train "${short[@]}" --stack-frames 0
refused '--pyramid makes one of a few steps between two layers' "$rondo" train "${short[@]}" --pyramid 2
refused '--pyramid 10 over --layers 5 makes one step of more than 1000' "$rondo" train "${short[@]}" \
  --pyramid 10 --layers 5
refused 'with --pyramid the input is of several' "$rondo" train "${short[@]}" --pyramid 2 --layers 2 --residual
awk -F, 'NR > 1 { print $4 $4 "," $4 }' test.csv | uniq >letters.csv
done_with 0 "$rondo" prepare --task transcribe --input letters.csv --no-header --columns "twice,text" \
  --source twice:char --target text:char --output letters.rondo
refused "'twice' has a symbol at each step" "$rondo" train --data letters.rondo --lanes 16 --steps 9 --run refused \
  --stack-frames 2
refused "has no baseline" "$rondo" eval --baseline --data sounds.rondo
refused "--noise is of numbers at each step, and the data set has no such source" "$rondo" train --data letters.rondo \
  --lanes 16 --steps 9 --run refused --noise 0.1
refused '--stretch takes' "$rondo" train "${short[@]}" --stretch 2
refused '--mask-steps takes' "$rondo" train "${short[@]}" --mask-steps -1

# Numbers altered in training: the same bits on any ranks and after a stop, and validations read them as they are.
altered=(--data sounds.rondo --hidden 8 --stack-frames 2 --lanes 8 --block 2 --steps 40 --validate-every 20
  --checkpoint-every 20 --mask-steps 2 --mask-features 1 --shift-features 1 --stretch 0.1)
done_with 0 "$rondo" train "${altered[@]}" --noise 0.1 --run altered
done_with 75 "${mpirun[@]}" -n 2 "$rondo" train "${altered[@]}" --noise 0.1 --run altered-2 --max-steps 27
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train --run altered-2 --resume
same "digests of altered numbers" "$(digests altered)" "$(digests altered-2)"
refused 'noise' "$rondo" train --run altered-2 --resume --noise 0.2
done_with 0 "$rondo" train "${altered[@]}" --run unaltered
[[ $(digests altered) != "$(digests unaltered)" ]] || note_failure "--noise changes nothing"
done_with 0 "$rondo" eval --checkpoint altered --data sounds.rondo --split validation --json
same "loss of eval and of validation where numbers are altered" \
  "$(sed -n 's/.*"loss":\([0-9.e+-]*\).*/\1/p' "$scratch/stdout")" \
  "$(grep '"validation"' altered/metrics.jsonl | tail -n 1 | sed -n 's/.*"loss":\([0-9.e+-]*\).*/\1/p')"

keys=(--data sounds.rondo --hidden 20 --bidirectional --stack-frames 2 --dropout-output 0.1 --lanes 8 --block 2
  --rate 0.02 --steps 240 --validate-every 80 --checkpoint-every 70 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run whole
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" --run on-2
same "digests on 2 ranks" "$(digests whole)" "$(digests on-2)"
same "figures on 2 ranks" "$(computed whole)" "$(computed on-2)"
done_with 75 "$rondo" train "${keys[@]}" --run stopped --max-steps 110
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train --run stopped --resume
same "digests after a stop" "$(digests whole)" "$(digests stopped)"

# A pyramid: the same bits on any ranks and after a stop; symbols in the data's steps; what is too long for it.
keys=(--data sounds.rondo --hidden 12 --bidirectional --layers 2 --pyramid 2 --lanes 8 --block 2 --rate 0.02
  --steps 60 --validate-every 30 --checkpoint-every 20 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run pyramid
grep -q 'a pyramid of 2' "$scratch/stderr" || note_failure "train does not tell of the pyramid"
done_with 75 "$rondo" train "${keys[@]}" --run pyramid-2 --max-steps 27
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train --run pyramid-2 --resume
same "digests of a pyramid" "$(digests pyramid)" "$(digests pyramid-2)"
refused 'pyramid' "$rondo" train --run pyramid-2 --resume --pyramid 3
done_with 0 "$rondo" predict --checkpoint pyramid --input test.csv --json
grep -o '"symbol":"[^}]*' "$scratch/stdout" | sed 's/.*"first":\([0-9]*\),"last":\([0-9]*\).*/\1 \2/' >pairs
awk '$1 % 2 == 1 || $2 < $1 { wrong = 1 } $2 > last { last = $2 } END { exit !(NR > 0 && !wrong && last > 12) }' pairs ||
  note_failure "symbols of a pyramid are not in steps of the data: $(head -n 3 pairs)"
done_with 0 "$rondo" train --data long.rondo --lanes 16 --block 8 --hidden 8 --layers 2 --pyramid 3 --steps 3 \
  --run long-pyramid
grep -q 'sequence 1 (2 steps for 5: "abba"); a smaller --pyramid makes steps more' "$scratch/stderr" ||
  note_failure "a target that a pyramid is too short for is not told by train"

# Figures: those of the last validation; counts of edits; the same on any ranks.
figure() { sed -n "s/.*\"$1\":\([0-9.e+-]*\).*/\1/p" "$scratch/stdout"; }
done_with 0 "$rondo" eval --checkpoint whole --data sounds.rondo --split validation --json
same "cer of eval and of validation" "$(figure cer)" \
  "$(grep '"validation"' whole/metrics.jsonl | tail -n 1 | sed -n 's/.*"cer":\([0-9.e+-]*\).*/\1/p')"
awk -v cer="$(figure cer)" 'BEGIN { exit !(cer >= 0 && cer < 0.1) }' || note_failure "cer $(figure cer)"
awk -v cer="$(figure cer)" -v a="$(figure insertions)" -v b="$(figure deletions)" -v c="$(figure substitutions)" \
  -v all="$(sed -n 's/.*"edits":{"characters":\([0-9]*\).*/\1/p' "$scratch/stdout")" \
  'BEGIN { exit !(all > 0 && (a + b + c) / all - cer < 1e-9 && cer - (a + b + c) / all < 1e-9) }' ||
  note_failure "the edits are not those of cer: $(cat "$scratch/stdout")"
whole=$(cat "$scratch/stdout")
done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint whole --data sounds.rondo --split validation --json
same "eval on 3 ranks" "$whole" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" eval --checkpoint whole --data sounds.rondo --beam 4
grep -q ' characters: .* put in, .* left out, .* exchanged$' "$scratch/stdout" || note_failure "no counts of edits"
refused 'steps of this one spell' "$rondo" eval --checkpoint whole --data sounds.rondo --length-penalty 2

# What it says: most words, the same bytes from a table, row by row, of any threads and ranks.
awk -F, 'NR > 1 && $1 != last { print $4; last = $1 }' test.csv >right
done_with 0 "$rondo" predict --checkpoint whole --input test.csv
cp "$scratch/stdout" answers
same "more than four of five words are right" 1 \
  "$(paste answers right | awk -F'\t' '{ right += ($1 == $3) } END { print (right > 0.8 * NR) }')"
cut -d, -f1-3 test.csv >unlabelled.csv
"$rondo" predict --checkpoint whole --input - <unlabelled.csv >from-rows || note_failure "rows: ended with $?"
same "texts of rows as they come" "$(cat answers)" "$(cat from-rows)"
done_with 0 "$rondo" predict --checkpoint whole whole --input test.csv
same "texts of two equal voters" "$(cut -f1 answers)" "$(cut -f1 "$scratch/stdout")"
for mode in "" "--json --beam 4 --n-best 2"; do
  # shellcheck disable=SC2086
  done_with 0 "$rondo" predict --checkpoint whole --input test.csv $mode --alignment-output when
  cp "$scratch/stdout" alone
  cp when when-alone
  for ranks in 2 3; do
    # shellcheck disable=SC2086
    done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" predict --checkpoint whole --input test.csv $mode --threads 2 \
      --alignment-output when --output texts.out
    same "texts of $ranks ranks, $mode" "$(sha256sum <alone)" "$(sha256sum <texts.out)"
    same "when, on $ranks ranks, $mode" "$(sha256sum <when-alone)" "$(sha256sum <when)"
    rm texts.out
  done
done
same "a line of when a sequence" 40 "$(wc -l <when)"
grep -q '^{"target":\["[a-d]".*"steps":[0-9]*,"first":\[0' when || note_failure "no steps: $(head -n 1 when)"
grep -q '<svg ' when.svg || note_failure "there is no picture"
refused 'n-best 6 are more texts than --beam 5' "$rondo" predict --checkpoint whole --input test.csv --beam 5 --n-best 6
refused '--attention-output is for models' "$rondo" predict --checkpoint whole --input test.csv --attention-output x
done_with 0 "$rondo" train --data sounds.rondo --lanes 8 --block 2 --hidden 8 --steps 5 --run other
refused 'its --stack-frames are 1' "$rondo" predict --checkpoint whole other --input test.csv
refused 'its --pyramid 1 over 1 layers makes other steps' "$rondo" predict --checkpoint pyramid other --input test.csv

# What is known of texts (a language model of rondo's, n-grams, a list of words): the same bytes on any ranks.
awk -F, 'NR > 1 && $1 != last { print $4; last = $1 }' train.csv >texts.txt
done_with 0 "$rondo" prepare --task text --level char --input texts.txt --output texts.rondo
done_with 0 "$rondo" train --data texts.rondo --lanes 4 --block 2 --window 16 --hidden 12 --steps 30 --run letters
done_with 0 "$rondo" ngram --input texts.txt --order 3 --output counted.arpa
done_with 0 "$rondo" ngram --input texts.txt --order 3 --output counted.arpa  # again
grep -q '^counted.arpa: 300 lines, [0-9,]* tokens of 4 kinds, n-grams of up to 3$' "$scratch/stdout" ||
  note_failure "what was counted is not told"
refused 'is not an n-gram model that rondo wrote' "$rondo" ngram --input texts.txt --output texts.txt
refused '--level takes char or word' "$rondo" ngram --input texts.txt --level line --output refused.arpa
printf '%s\n' '\data\' 'ngram 1=6' 'ngram 2=2' '\1-grams:' '-9 <s> 0' '-0.9 </s>' '-0.5 a -0.2' '-0.6 b' '-0.7 c' \
  '-0.8 d' '\2-grams:' '-0.1 a b' '-0.4 <s> d' '\end\' >letters.arpa
sort -u right | sed 30q >words.txt
for known in "--language-model letters --length-bonus 1" "--language-model counted.arpa --language-weight 0.9" \
  "--word-list words.txt --language-model letters.arpa"; do
  # shellcheck disable=SC2086
  done_with 0 "$rondo" predict --checkpoint whole --input test.csv --json --beam 4 --n-best 2 $known
  cp "$scratch/stdout" alone
  cp "$scratch/stderr" said
  # shellcheck disable=SC2086
  done_with 0 "${mpirun[@]}" -n 3 "$rondo" predict --checkpoint whole --input test.csv --json --beam 4 --n-best 2 \
    $known --threads 2 --output texts.out
  same "texts of 3 ranks, $known" "$(sha256sum <alone)" "$(sha256sum <texts.out)"
  rm texts.out
  # shellcheck disable=SC2086
  done_with 0 "$rondo" eval --checkpoint whole --data sounds.rondo --json $known
  of_one=$(cat "$scratch/stdout")
  # shellcheck disable=SC2086
  done_with 0 "${mpirun[@]}" -n 2 "$rondo" eval --checkpoint whole --data sounds.rondo --json $known
  same "eval on 2 ranks, $known" "$of_one" "$(cat "$scratch/stdout")"
done
# Texts of the words are those that the list has; the others are told.
same "texts outside of the list" "$(grep -c '"outside_list":true' alone)" \
  "$(sed -n 's/^rondo: \([0-9]*\) texts* .* spelt without the word list.*/\1/p' said)"
grep -v '"outside_list"' alone | sed 's/^{"answer":"\([^"]*\)".*/\1/' | sort -u >listed
same "words outside of the list" "" "$(comm -23 listed words.txt)"
grep -q . listed || note_failure "no text is of words of the list"
done_with 0 "$rondo" predict --checkpoint whole --input test.csv --language-model letters.arpa --language-weight 0 \
  --length-bonus 0 --beam 4 --output weightless
done_with 0 "$rondo" predict --checkpoint whole --input test.csv --beam 4 --output without
same "texts where a model weighs nothing" "$(cat without)" "$(cat weightless)"
fused=("$rondo" predict --checkpoint whole --input test.csv)
refused '--beam 1 says the likeliest symbol of each step' "${fused[@]}" --beam 1 --word-list words.txt
refused 'the weight of --language-model, which is not given' "${fused[@]}" --language-weight 1
refused ', line 6: a logarithm takes' "${fused[@]}" --language-model <(sed 's/-0.9/NaN/' letters.arpa)
sed '/end/d' letters.arpa >short.arpa
refused 'short.arpa is cut short' "${fused[@]}" --language-model short.arpa
refused 'words.txt is no ARPA file' "${fused[@]}" --language-model words.txt
refused "a model of the task 'transcribe', and not of texts" "${fused[@]}" --language-model whole
refused 'missing.txt cannot be read' "${fused[@]}" --word-list missing.txt
tr -d d <texts.txt >without-d.txt
done_with 0 "$rondo" prepare --task text --level char --input without-d.txt --output without-d.rondo
done_with 0 "$rondo" train --data without-d.rondo --lanes 4 --block 2 --window 16 --hidden 8 --steps 1 --run without-d
refused 'does not know "d", which is among what is spelt' "${fused[@]}" --language-model without-d
refused "word-list is for models whose steps spell texts, and this one's task is 'text'" "$rondo" eval \
  --checkpoint letters --data texts.rondo --word-list words.txt
finish
