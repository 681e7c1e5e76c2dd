#!/usr/bin/env bash
# check_data.sh RONDO MPIRUN...: rondo check-data names one planted case of each kind, and none where there
# is none.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# counted NAME COUNT [LINE]: a check's count, and what is named first of it.
counted() {
  same "$1" "$2" "$(awk -v name="$1" '$2 == name { print $1; exit }' "$scratch/stdout")"
  [ $# -lt 3 ] || same "$1: the first" "$3" "$(grep -A1 "^$1:\$" "$scratch/stdout" | tail -n 1)"
}

# Words that are all different, and their kinds.
awk 'BEGIN {
  print "word,kind"
  for (row = 0; row < 120; ++row) {
    word = "w"
    for (n = row + 64; n > 0; n = int(n / 4)) word = word substr("abcd", 1 + n % 4, 1)
    print word "," (row % 2 ? "odd" : "even")
  }
}' </dev/null >words.csv
{ head -n 1 words.csv; sed -n 2,81p words.csv; } >train.csv
{ head -n 1 words.csv; sed -n 82,101p words.csv; } >dev.csv
{ head -n 1 words.csv; sed -n 102,121p words.csv; } >test.csv
columns=(--task classify --source word:char --target kind)
prepared() { # NAME
  done_with 0 "$rondo" prepare "${columns[@]}" --input train.csv --validation-input dev.csv --test-input test.csv \
    --output "$1.rondo"
}
prepared clean
done_with 0 "$rondo" check-data clean.rondo
same "the verdict of clean data" "nothing is wrong that these checks know" "$(tail -n 1 "$scratch/stdout")"
same "its splits" "clean.rondo: train 80, validation 20, test 20 sequences" "$(head -n 1 "$scratch/stdout")"

# In train a word with another kind; in validation a word of train; in test a letter, and a kind, that train
# lacks, and blanks alone.
# Classes are those of a data set whose train had one more: prepare refuses what its own train lacks.
{ cat train.csv; echo wdddddd,never; } >wider.csv
done_with 0 "$rondo" prepare "${columns[@]}" --input wider.csv --validation 0 --test 0 --output wider.rondo
third=$(sed -n 4p train.csv | cut -d, -f1)
fifth=$(sed -n 6p train.csv)
echo "$third,$(sed -n 4p train.csv | grep -q odd && echo even || echo odd)" >>train.csv
echo "$fifth" >>dev.csv
printf '%s\n' "wazbbb,odd" "wdddddd,never" '"   ",odd' >>test.csv
columns=(--task classify --columns-from wider.rondo)
prepared planted
done_with 0 "$rondo" check-data planted.rondo
counted in_two_splits 1 "  validation 21: as train 5: ${fifth/,/ -> }"
counted contradicting 1 "  train 81: as train 3, which has another target: $(tail -n 1 train.csv | sed 's/,/ -> /')"
counted unknown_symbols 2
grep -q "^  test 21: 1 in 'word': wa<unk>bbb -> odd$" "$scratch/stdout" || note_failure "no unknown: $(cat "$scratch/stdout")"
counted unseen_classes 1 "  test 22: never: wdddddd -> never"
counted silent 1
same "the verdict" 'look at: ' "$(tail -n 1 "$scratch/stdout" | cut -c1-9)"
cp "$scratch/stdout" told
done_with 0 "$rondo" check-data planted.rondo --json
for name in in_two_splits contradicting unseen_classes silent; do
  grep -q "{\"name\":\"$name\",\"meaning\":\"[^\"]*\",\"count\":1,\"first\":\[{\"split\":" "$scratch/stdout" ||
    note_failure "no $name in JSON: $(cat "$scratch/stdout")"
done

# --most: all are counted, so many named.
tail -n +2 train.csv | head -n 30 >>dev.csv
prepared many
done_with 0 "$rondo" check-data many.rondo --most 7
counted in_two_splits 31
same "named" 7 "$(grep -c '^  validation [0-9]*: as train' "$scratch/stdout")"
grep -q '^  and 24 more$' "$scratch/stdout" || note_failure "the others are not told"

# A number that lies far off, rows that never change.
awk 'BEGIN { print "name,low,high,sum"
  for (s = 1; s <= 300; ++s) for (row = 0; row < 3; ++row)
    print "r" s "," (s == 44 ? 7 : s % 9 + row) "," (s == 44 ? 7 : s == 7 && row == 1 ? 40000 : s % 7 - row) "," s }' \
  </dev/null >numbers.csv
done_with 0 "$rondo" prepare --task regress --input numbers.csv --group name --source low high --target sum \
  --validation 0 --test 0 --output numbers.rondo
done_with 0 "$rondo" check-data numbers.rondo
counted outliers 1
grep -q "^  train 7: 'high' is 40000 at step 2, [0-9.]* deviations off: 7 0 8 4e+04 9 -2 -> 7$" "$scratch/stdout" ||
  note_failure "the outlier is not named: $(cat "$scratch/stdout")"
counted silent 1 "  train 44: all steps alike: 7 ...: 7 7 7 7 7 7 -> 44"

# A text that its steps cannot spell.
printf 'recording,low,high,text\nx,1,2,abba\nx,2,2,abba\nx,1,2,abba\nx,1,2,abba\ny,1,2,a\ny,1,3,a\n' >long.csv
done_with 0 "$rondo" prepare --task transcribe --group recording --source low high --target text:char \
  --input long.csv --validation 0 --test 0 --output long.rondo
done_with 0 "$rondo" check-data long.rondo
counted too_long 1 "  train 1: 4 steps, 5 needed: 1 2 2 2 1 2 ... -> abba"

# What is no data set of sequences.
refused 'words.csv' "$rondo" check-data words.csv
refused 'nowhere' "$rondo" check-data nowhere.rondo
refused 'takes|wants|data' "$rondo" check-data
refused 'most takes' "$rondo" check-data clean.rondo --most 0
text 3 60 >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt --output book.rondo
refused "prepared for the task 'text'" "$rondo" check-data book.rondo
finish
