#!/usr/bin/env bash
# suspects.sh RONDO MPIRUN...: wrong targets, planted in data that can be learned, are what rondo suspects
# lists first: classes, labels, classes of steps, numbers, forecasts, texts that are said and spelt; the
# same list on any number of ranks and threads.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# suspected WHAT EXPECTED RUN DATA N [OPTION...]: the first N samples, in their order in the split, with what
# EXPECTED says; and the same bytes on 2 and 3 ranks, of text and JSON.
suspected() {
  local what=$1 expected=$2 run=$3 data=$4 most=$5 ranks
  local call=(suspects "$run" --data "$data" --split train --most "$most" "${@:6}")
  done_with 0 "$rondo" "${call[@]}" --threads 1
  cp "$scratch/stdout" alone
  same "$what: the planted ones" "$expected" "$(tail -n +3 alone | cut -f3 | sort -n | paste -sd' ')"
  same "$what: worst first" "$(tail -n +3 alone | cut -f2)" "$(tail -n +3 alone | cut -f2 | sort -gr)"
  done_with 0 "$rondo" "${call[@]}" --json --threads 2
  cp "$scratch/stdout" as-json
  same "$what: as many in JSON" "$(tail -n +3 alone | wc -l)" "$(grep -o '"rank":' as-json | wc -l)"
  for ranks in 2 3; do
    done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" "${call[@]}" --threads 2
    same "$what: the list on $ranks ranks" "$(cat alone)" "$(cat "$scratch/stdout")"
    done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" "${call[@]}" --json
    same "$what: as JSON on $ranks ranks" "$(cat as-json)" "$(cat "$scratch/stdout")"
  done
}

# 400 words and what follows from them; rows 50, 120, 190, 260 and 330 have one wrong value each.
planted='50 120 190 260 330'
awk -v state=7 '
  function below(limit) { state = state * 16807 % 2147483647; return int(state / 64) % limit }
  BEGIN {
    print "word,kind,marks,size,lean,sum,tags"
    for (row = 1; row <= 400; ++row) {
      wrong = row % 70 == 50 && row < 400
      word = ""
      for (n = 4 + below(5); n > 0; --n) word = word substr("abcd", 1 + below(4), 1)
      late = (word ~ /[cd]$/) != wrong
      a = (word ~ /a/) != wrong
      tags = word
      gsub(/[ab]/, "x", tags)
      gsub(/[cd]/, "y", tags)
      if (wrong) tags = substr(tags, 1, 2) (substr(tags, 3, 1) == "x" ? "y" : "x") substr(tags, 4)
      size = below(100) / 10
      lean = below(100) / 10
      print word "," (late ? "late" : "early") "," (a ? "a;" : "") (word ~ /b/ ? "b" : "") "," size "," lean "," \
        2 * size - lean + (wrong ? 30 : 0) "," tags
    }
  }' </dev/null >table.csv
all=(--validation 0 --test 0)
keys=(--lanes 6 --block 2 --window 24 --hidden 16 --rate 0.01 --seed 5 --threads 1)

# Classes.
cut -d, -f1,2 table.csv >words.csv
done_with 0 "$rondo" prepare --task classify --input words.csv --source word:char --target kind "${all[@]}" \
  --output words.rondo
done_with 0 "$rondo" train --data words.rondo "${keys[@]}" --steps 120 --run words
suspected classes "$planted" words words.rondo 5
grep -q "^words/checkpoint-000000000120.h5 on train of words.rondo: 5 samples differ from their targets; score: log p" \
  alone || note_failure "no head: $(head -n 1 alone)"
first=$(sed -n 3p alone)
word=$(awk -F, -v row="$(cut -f3 <<<"$first")" 'NR == row + 1 { print $1 }' words.csv)
same "the source of the first" "$word" "$(cut -f6 <<<"$first")"
same "its target" "$(grep "^$word," words.csv | head -n 1 | cut -d, -f2)" "$(cut -f4 <<<"$first")"
[[ $(cut -f4 <<<"$first") != "$(cut -f5 <<<"$first")" ]] || note_failure "target and answer are the same: $first"
# The score is what predict says: the logarithm of the two classes' probabilities' ratio.
printf 'word\n%s\n' "$word" >one.csv
done_with 0 "$rondo" predict --checkpoint words --input one.csv
awk -v p="$(cut -f2 "$scratch/stdout")" -v score="$(cut -f2 <<<"$first")" \
  'BEGIN { off = p - 1 / (1 + exp(-score)); exit !(off < 2e-6 && off > -2e-6) }' ||
  note_failure "a score of $(cut -f2 <<<"$first") beside $(cat "$scratch/stdout")"

# Labels, any number a sequence.
cut -d, -f1,3 table.csv >marks.csv
done_with 0 "$rondo" prepare --task classify --input marks.csv --source word:char --target marks:labels "${all[@]}" \
  --output marks.rondo
done_with 0 "$rondo" train --data marks.rondo "${keys[@]}" --pool max --steps 150 --run marks
suspected labels "$planted" marks marks.rondo 5

# A class a step: the step is named.
cut -d, -f1,7 table.csv >tags.csv
done_with 0 "$rondo" prepare --task label --input tags.csv --source word:char --target tags "${all[@]}" \
  --output tags.rondo
done_with 0 "$rondo" train --data tags.rondo "${keys[@]}" --steps 120 --run tags
suspected steps "50 step 3 120 step 3 190 step 3 260 step 3 330 step 3" tags tags.rondo 5

# Numbers, by the errors of the split and by the deviation that is said.
cut -d, -f4-6 table.csv >numbers.csv
done_with 0 "$rondo" prepare --task regress --input numbers.csv --source size lean --target sum "${all[@]}" \
  --output numbers.rondo
for loss in squared gaussian; do
  done_with 0 "$rondo" train --data numbers.rondo "${keys[@]}" --loss "$loss" --steps 150 --run "$loss"
  suspected "$loss numbers" "$planted" "$loss" numbers.rondo 5
done

# Forecasts: a row that leaps, and the one behind it, which is foretold from it.
awk 'BEGIN { print "hour,load"; for (i = 1; i <= 400; ++i) print i "," 10 + 5 * sin(i / 4) + (i == 200 ? 60 : 0) }' \
  </dev/null >series.csv
done_with 0 "$rondo" prepare --task forecast --input series.csv --time hour --target load "${all[@]}" \
  --output series.rondo
done_with 0 "$rondo" train --data series.rondo --lanes 1 --block 1 --window 40 --hidden 8 --rate 0.01 --steps 60 \
  --seed 5 --threads 1 --run series
done_with 0 "$rondo" suspects series --data series.rondo --most 1
same "the row that leaps" "1 step 200" "$(tail -n 1 "$scratch/stdout" | cut -f3)"

# Texts that are said, and texts that steps spell.
awk -F, 'NR == 1 { print "word,said"; next }
  { said = toupper($1); if (NR < 400 && (NR - 1) % 70 == 50) said = substr("DDCCBBAA", 1 + NR % 4, length($1)); print $1 "," said }' \
  table.csv >said.csv
done_with 0 "$rondo" prepare --task transduce --input said.csv --source word:char --target said:char "${all[@]}" \
  --output said.rondo
done_with 0 "$rondo" train --data said.rondo --lanes 12 --block 2 --hidden 32 --embedding 16 --bidirectional \
  --rate 0.005 --schedule cosine --seed 5 --threads 1 --steps 700 --run said
suspected said "$planted" said said.rondo 5
suspected "said, by a beam" "$planted" said said.rondo 5 --beam 3
awk -F, 'NR == 1 { print "line,low,high,text"; next } {
    text = $1
    if (NR < 400 && (NR - 1) % 70 == 50) text = substr("ddccbbaa", 1 + NR % 4, length(text))
    for (i = 1; i <= length($1); ++i) {
      letter = index("abcd", substr($1, i, 1)) - 1
      for (n = 0; n < 2; ++n) print "r" NR "," letter % 2 "," int(letter / 2) "," text
      print "r" NR ",-1,-1," text
    }
  }' table.csv >lines.csv
done_with 0 "$rondo" prepare --task transcribe --group line --source low high --target text:char --input lines.csv \
  "${all[@]}" --output lines.rondo
done_with 0 "$rondo" train --data lines.rondo --hidden 16 --bidirectional --lanes 8 --block 2 --rate 0.02 --steps 200 \
  --seed 5 --threads 1 --run lines
suspected spelt "$planted" lines lines.rondo 5

# What cannot be.
refused 'no split .validation' "$rondo" suspects words --data words.rondo --split validation
refused 'most takes' "$rondo" suspects words --data words.rondo --most 0
refused 'trained for the task .classify.' "$rondo" suspects words --data tags.rondo
refused 'beam is for models that say texts' "$rondo" suspects words --data words.rondo --beam 3
refused 'data' "$rondo" suspects words
refused 'words.csv' "$rondo" suspects words --data words.csv
refused 'nowhere' "$rondo" suspects nowhere --data words.rondo
refused '9 ranks|blocks' "${mpirun[@]}" -n 4 "${rank[@]}" suspects words --data words.rondo
text 3 60 >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt --output book.rondo
done_with 0 "$rondo" train --data book.rondo --hidden 8 --lanes 2 --block 1 --window 8 --steps 3 --threads 1 --run book
refused "prepared for the task 'text'" "$rondo" suspects book --data book.rondo
finish
