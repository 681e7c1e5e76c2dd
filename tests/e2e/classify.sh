#!/usr/bin/env bash
# classify.sh RONDO MPIRUN...: a table's sequences and their classes, from the file to answers: the
# bits are the same on any number of ranks and after a stop, what the classes are is learned, and
# answers are the same from a file, line by line, and of columns in another order.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# Words and two numbers; the class hangs on the word's first and last letters.
awk -v state=7 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    print "word,size,lean,kind"
    for (row = 0; row < 400; ++row) {
      word = ""
      for (n = 2 + below(9); n > 0; --n) word = word substr("abcd", 1 + below(4), 1)
      size = below(100) / 10
      lean = (below(2) ? 1 : -1) * (1 + below(50) / 10)
      print word "," size "," lean "," (word ~ /[ab]$/ ? "early" : "late") (word ~ /^[ab]/ ? "" : "-left")
    }
  }' >table.csv
cut -d, -f1,4 table.csv >words.csv

done_with 0 "$rondo" prepare --task classify --input table.csv --source size lean --target kind \
  --output numbers.rondo
done_with 0 "$rondo" prepare --task classify --input words.csv --source word:char --target kind \
  --output words.rondo
grep -q '^  target  kind  *class 4 classes' "$scratch/stdout" || note_failure "the classes are not told"

tail -n +2 table.csv | cut -d, -f2-4 >unnamed.csv
done_with 0 "$rondo" prepare --task classify --input unnamed.csv --target early-left --output unnamed.rondo
grep -q '^warning: the first line was taken for the columns. names' "$scratch/stdout" ||
  note_failure "no warning of a table without names"

keys=(--data words.rondo --hidden 24 --lanes 6 --block 2 --window 24 --pool mean --rate 0.01 --steps 120
  --validate-every 40 --checkpoint-every 30 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run whole
for ranks in 2 3; do
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train "${keys[@]}" --run "on-$ranks"
  same "digests on $ranks ranks" "$(digests whole)" "$(digests "on-$ranks")"
done
done_with 75 "$rondo" train "${keys[@]}" --run stopped --max-steps 50
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run stopped --resume
same "digests after a stop" "$(digests whole)" "$(digests stopped)"
same "figures after a stop" "$(computed whole)" "$(computed stopped)"

# Packed windows are nearly full, and never quite: what fits in is drawn.
filled=$(sed -n 's/.*"filled":\([0-9.]*\).*/\1/p' whole/metrics.jsonl)
awk 'NF != 1 || $1 <= 0.7 || $1 >= 1 { wrong = 1 } END { exit !(NR == 12 && !wrong) }' <<<"$filled" ||
  note_failure "filled shares: $filled"

done_with 0 "$rondo" eval --checkpoint whole --data words.rondo --split test
whole=$(cat "$scratch/stdout")
share=$(sed -n 's/.* accuracy \([0-9.]*\) %.*/\1/p' <<<"$whole")
awk -v share="${share:-0}" 'BEGIN { exit !(share > 80 && share <= 100) }' ||
  note_failure "an accuracy of $share % on test"
done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint whole --data words.rondo --split test
same "figures of eval on 3 ranks" "$whole" "$(cat "$scratch/stdout")"

# Answers: every row's, in the table's order.
done_with 0 "$rondo" predict --checkpoint whole --input words.csv
cp "$scratch/stdout" answers
same "answers" 400 "$(wc -l <answers)"
awk -F, 'NR > 1 { print $1 }' words.csv >lines
"$rondo" predict --checkpoint whole --input - <lines >from-lines || note_failure "lines: ended with $?"
same "answers to lines" "$(cat answers)" "$(cat from-lines)"
awk -F, '{ print $2 "," $1 }' words.csv >turned.csv
done_with 0 "$rondo" predict --checkpoint whole --input turned.csv --threads 2
same "answers to turned columns" "$(cat answers)" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" predict --checkpoint whole whole --input words.csv
same "two equal votes" "$(cut -f1 answers)" "$(cut -f1 "$scratch/stdout")"
done_with 0 "$rondo" predict --checkpoint whole --input words.csv --json
same "answers as JSON" "$(cut -f1 answers)" "$(sed 's/^{"answer":"\([^"]*\)".*/\1/' "$scratch/stdout")"
learned=$(awk -F, 'NR > 1 { print $2 }' words.csv | paste - answers |
  awk '{ right += ($1 == $2) } END { print (right > 360) }')
same "more than nine of ten answers are right" 1 "$learned"

# The mean of the last checkpoints has answers and figures of its own.
done_with 0 "$rondo" predict --checkpoint whole --input words.csv --average-checkpoints 3
same "answers of a mean" 400 "$(cut -f1 "$scratch/stdout" | wc -l)"
[[ $(cat "$scratch/stdout") != "$(cat answers)" ]] || note_failure "the mean of three is the newest alone"
done_with 0 "$rondo" eval --checkpoint whole --data words.rondo --average-checkpoints 3
grep -q 'checkpoint-000000000120.h5 (mean of 3)' "$scratch/stdout" || note_failure "the mean is not named"
refused "has 3 whole checkpoints, and the mean of 5 is asked for" "$rondo" eval --checkpoint whole \
  --data words.rondo --average-checkpoints 5
refused "give one of the two" "$rondo" eval --checkpoint whole --data words.rondo --best --average-checkpoints 2

# Over ranks: the same bytes, from a file of answers too, which only such a file's name may take.
{ cat words.csv; for _ in 1 2 3; do tail -n +2 words.csv; done; } >long.csv
for format in "" --json; do
  # shellcheck disable=SC2086
  done_with 0 "$rondo" predict --checkpoint whole --input long.csv $format
  cp "$scratch/stdout" answers
  same "answers to a long table" 1600 "$(wc -l <answers)"
  for ranks in 1 2 3; do
    # shellcheck disable=SC2086
    done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" predict --checkpoint whole --input long.csv $format \
      --output answers.out
    same "answers of $ranks ranks" "$(sha256sum <answers)" "$(sha256sum <answers.out)"
    same "nothing else is said" "" "$(cat "$scratch/stdout")"
  done
done
done_with 0 "${mpirun[@]}" -n 2 "$rondo" predict --checkpoint whole --input long.csv --json --output -
same "answers of 2 ranks on standard output" "$(sha256sum <answers)" "$(sha256sum <"$scratch/stdout")"
refused "words\.csv is one of the inputs" "$rondo" predict --checkpoint whole --input words.csv --output words.csv
refused "turned\.csv is there and is not a file of answers" "$rondo" predict --checkpoint whole \
  --input words.csv --output turned.csv
refused "nowhere" "$rondo" predict --checkpoint whole --input words.csv --output nowhere/answers
refused "input - is a stream, which one rank alone can read" "${mpirun[@]}" -n 2 "${rank[@]}" predict \
  --checkpoint whole --input -
{ cat long.csv; echo ab; } >torn.csv
refused_on_ranks "torn\.csv, line 1602 has 1 cells" predict --checkpoint whole --input torn.csv \
  --output answers.out
head -n 300 words.csv >fewer.csv
refused "the ranks read different tables" "${mpirun[@]}" -n 2 "$by_rank" 1 "${rank[@]}" predict \
  --checkpoint whole --input fewer.csv --output answers.out else "${rank[@]}" predict \
  --checkpoint whole --input words.csv --output answers.out

# Both directions, whose last states stand at a word's two ends.
keys=(--data words.rondo --hidden 12 --layers 2 --bidirectional --lanes 6 --block 2 --window 24 --rate 0.01
  --steps 80 --validate-every 40 --checkpoint-every 40 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --dry-run
grep -q '^model  *lstm, 2 layers of 12, both directions, ' "$scratch/stdout" || note_failure "both directions are not told"
done_with 0 "$rondo" train "${keys[@]}" --run both
done_with 75 "${mpirun[@]}" -n 3 "$rondo" train "${keys[@]}" --run both-stopped --max-steps 30
done_with 0 "$rondo" train --run both-stopped --resume
same "digests of both directions on 3 ranks and after a stop" "$(digests both)" "$(digests both-stopped)"
done_with 0 "$rondo" inspect both
grep -q 'rnn.weight_hh_l1_reverse' "$scratch/stdout" || note_failure "the reversed direction is not described"
done_with 0 "$rondo" predict --checkpoint both --input words.csv
cp "$scratch/stdout" answers
"$rondo" predict --checkpoint both --input - <lines >from-lines || note_failure "lines both ways: ended with $?"
same "answers to lines both ways" "$(cat answers)" "$(cat from-lines)"
learned=$(awk -F, 'NR > 1 { print $2 }' words.csv | paste - answers |
  awk '{ right += ($1 == $2) } END { print (right > 380) }')
same "more than 19 of 20 answers are right both ways" 1 "$learned"

# Rows of numbers; standard input is then a table with its first line.
done_with 0 "$rondo" train --data numbers.rondo --run numbers --hidden 8 --lanes 6 --window 8 \
  --steps 20 --threads 1
done_with 0 "$rondo" predict --checkpoint numbers --input table.csv
cp "$scratch/stdout" answers
cut -d, -f2,3 table.csv | "$rondo" predict --checkpoint numbers --input - >from-lines ||
  note_failure "a table on standard input: ended with $?"
same "answers to a table on standard input" "$(cat answers)" "$(cat from-lines)"

# Words that go on from window to window: the same bits on more ranks and after a stop in the midst
# of some, and the same answers from a file and line by line.
keys=(--data words.rondo --state carried --hidden 16 --lanes 6 --block 2 --window 3 --rate 0.01 --epochs 2
  --validate-every 40 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run carried
filled=$(sed -n 's/.*: \([0-9]*\) % of the steps are filled, .* 10 steps$/\1/p' "$scratch/stderr")
awk -v filled="${filled:-0}" 'BEGIN { exit !(filled >= 97) }' || note_failure "carried words fill $filled %"
done_with 75 "${mpirun[@]}" -n 3 "$rondo" train "${keys[@]}" --run carried-stopped --max-steps 17
done_with 0 "$rondo" train --run carried-stopped --resume
same "digests of carried words after a stop" "$(digests carried)" "$(digests carried-stopped)"
done_with 0 "$rondo" predict --checkpoint carried --input words.csv
"$rondo" predict --checkpoint carried --input - <lines >from-lines || note_failure "lines: ended with $?"
same "answers to carried lines" "$(cat "$scratch/stdout")" "$(cat from-lines)"
refused "pool mean is made of all of a sequence.s steps" "$rondo" train "${keys[@]}" --run refused --pool mean
done_with 0 "$rondo" train "${keys[@]}" --run refused --dry-run

# Missing numbers: an input of their own, for the network that saw them in training.
awk -F, -v OFS=, 'NR > 1 && NR % 5 == 0 { $2 = NR % 2 ? "" : "NA" } NR % 11 == 0 { $4 = "" } 1' table.csv >holes.csv
cut -d, -f2,4 holes.csv >holes-sizes.csv
refused "holes-sizes.csv, line 5, column 'size': the value is missing.* --missing mask$" "$rondo" prepare \
  --task classify --input holes-sizes.csv --target kind --output holes.rondo
done_with 0 "$rondo" prepare --task classify --input holes-sizes.csv --target kind --missing mask \
  --output holes.rondo
grep -q '^missing: [0-9]* values of size in train are masked$' "$scratch/stdout" ||
  note_failure "what is masked is not told"
for ranks in 1 2; do
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train --data holes.rondo --run "holes-$ranks" --hidden 8 \
    --lanes 4 --block 2 --window 8 --steps 20 --threads 1
done
same "digests with missing values" "$(digests holes-1)" "$(digests holes-2)"
done_with 0 "$rondo" eval --checkpoint holes-1 --data holes.rondo --split test
done_with 0 "$rondo" predict --checkpoint holes-1 holes-2 --input holes.csv
same "answers with missing values" 400 "$(wc -l <"$scratch/stdout")"
done_with 0 "$rondo" prepare --task classify --input holes.csv --columns-from holes-1 --output again.rondo
done_with 0 "$rondo" eval --checkpoint holes-1 --data again.rondo --split train
refused "holes.csv, line 5, column 'size': the value is missing" "$rondo" predict --checkpoint numbers \
  --input holes.csv

# Labels: which letters a word has, and whether it is long; an empty cell has none.
awk -F, 'NR == 1 { print "word,marks"; next } {
  marks = ""
  if ($1 ~ /a/) marks = marks ";a"
  if ($1 ~ /b/) marks = marks "|b"
  if (length($1) > 6) marks = marks ";long"
  print $1 "," substr(marks, 2)
}' words.csv >marks.csv
done_with 0 "$rondo" prepare --task classify --input marks.csv --source word:char --target marks:labels \
  --output marks.rondo
grep -q '^  target  marks  *labels 3 labels' "$scratch/stdout" || note_failure "the labels are not told"
keys=(--data marks.rondo --hidden 24 --lanes 6 --block 2 --window 24 --pool attention --rate 0.01
  --steps 120 --validate-every 60 --checkpoint-every 60 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run labels
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train "${keys[@]}" --run labels-on-3
same "digests of labels on 3 ranks" "$(digests labels)" "$(digests labels-on-3)"
done_with 0 "$rondo" eval --checkpoint labels --data marks.rondo --split test --json
share=$(sed -n 's/.*"micro_f1":\([0-9.]*\).*/\1/p' "$scratch/stdout")
awk -v share="${share:-0}" 'BEGIN { exit !(share > 0.9 && share <= 1) }' || note_failure "a micro F1 of $share"
done_with 0 "$rondo" predict --checkpoint labels labels-on-3 --input marks.csv
learned=$(awk -F, 'NR > 1 { gsub(/[|]/, ";", $2); print $2 }' marks.csv | paste -d, - <(cut -f1 "$scratch/stdout") |
  awk -F, '{ right += ($1 == $2) } END { print NR, (right > 340) }')
same "more than 17 of 20 answers have all labels right" "400 1" "$learned"
for first in '^word' ',$' ',.*|'; do # a first answer of whatever, of no label, of several
  { head -n 1 marks.csv; grep "$first" marks.csv | grep -v '^word' | head -n 3; sed -n 2,4p marks.csv; } >some.csv
  for _ in 1 2; do
    done_with 0 "$rondo" predict --checkpoint labels --input some.csv --output labels.tsv
  done
done
done_with 0 "$rondo" predict --checkpoint labels --input marks.csv --json
same "answers of labels as JSON" 400 "$(grep -c '^{"answer":\[.*\],"probabilities":{"a":[0-9.e-]*,"b":' "$scratch/stdout")"
refused 'class-weights balanced is for one class' "$rondo" train --data marks.rondo --lanes 16 --steps 9 \
  --run refused --class-weights balanced
refused 'label-smoothing is for one class' "$rondo" train --data marks.rondo --lanes 16 --steps 9 \
  --run refused --label-smoothing 0.1

# What cannot be.
refused 'there is no column "word"' "$rondo" predict --checkpoint whole --input <(printf 'a,b\n1,2\n') \
  --format csv
refused 'cannot vote with' "$rondo" predict --checkpoint whole numbers --input table.csv
printf 'size,lean\n1,2\n3,much\n' >wrong.csv
refused 'wrong.csv, line 3, column .lean.: "much"' "$rondo" predict --checkpoint numbers --input wrong.csv
refused 'rondo predict gives its answers' "$rondo" generate --checkpoint whole --length 3
finish
