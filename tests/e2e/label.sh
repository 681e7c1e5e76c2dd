#!/usr/bin/env bash
# label.sh RONDO MPIRUN...: a class for each step, from a table of tokens to answers: the bits are the
# same on any number of ranks and after a stop, what the classes hang on is learned, and answers are the
# same from each format, from a file and as sentences come.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# A p or a q begins a chunk of its own, "of" goes on in it: what "of" is hangs on the words before it.
awk -v state=7 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    for (sentence = 0; sentence < 260; ++sentence) {
      file = sentence < 200 ? "train.conll" : sentence < 230 ? "dev.conll" : "test.conll"
      if (sentence % 50 == 0) print "-DOCSTART- -X- O\n" >file
      inside = ""
      for (n = 1 + below(9); n > 0; --n) {
        kind = substr("pqoff", 1 + below(5), 1)
        word = kind == "f" ? "of" : kind below(6)
        tag = "O"
        if (kind == "p" || kind == "q") { inside = toupper(kind); tag = "B-" inside }
        else if (kind == "f" && inside != "") tag = "I-" inside
        else inside = ""
        print word, "X", tag >file
      }
      print "" >file
    }
  }' </dev/null
# The same words in the other formats.
for name in train test; do
  awk 'BEGIN { print "id,word,tag" } NF == 0 { ++n; next } $1 != "-DOCSTART-" { print "s" n "," $1 "," $3 }' \
    "$name.conll" >"$name.csv"
  awk 'function flush() { if (line != "") print line; line = "" }
    NF == 0 { flush(); next } $1 != "-DOCSTART-" { line = line (line == "" ? "" : " ") $1 }
    END { flush() }' "$name.conll" >"$name.txt"
done
sentences=$(wc -l <test.txt)

done_with 0 "$rondo" prepare --task label --input train.conll --validation-input dev.conll \
  --test-input test.conll --columns word,pos,tag --source word --target tag --min-count 3 --output chunks.rondo
grep -q '^  source  word  *word  *[0-9]* symbols, by the rows of one sentence (kind guessed)$' \
  "$scratch/stdout" || note_failure "the words are not told"
grep -q '^  target  tag  *class 5 classes, by the rows of one sentence' "$scratch/stdout" ||
  note_failure "the classes are not told"
done_with 0 "$rondo" inspect chunks.rondo --json
same "targets are steps" "$(grep -c '^[^-].* ' test.conll)" \
  "$(tr -d ' \n' <"$scratch/stdout" | sed -n 's/.*"test":{"sequences":[0-9]*,"steps":[0-9]*,"targets":\([0-9]*\).*/\1/p')"

keys=(--data chunks.rondo --hidden 20 --embedding 8 --lanes 6 --block 2 --window 16 --rate 0.02 --steps 150
  --validate-every 50 --checkpoint-every 40 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run whole
grep -q 'chunk_f1 [0-9.]* %.*accuracy' "$scratch/stderr" || note_failure "chunk_f1 is not told first"
for ranks in 2 3; do
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train "${keys[@]}" --run "on-$ranks"
  same "digests on $ranks ranks" "$(digests whole)" "$(digests "on-$ranks")"
done
done_with 75 "$rondo" train "${keys[@]}" --run stopped --max-steps 60
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run stopped --resume
same "digests after a stop" "$(digests whole)" "$(digests stopped)"
same "figures after a stop" "$(computed whole)" "$(computed stopped)"

figure() { sed -n 's/.*"'"$1"'":\([0-9.]*\).*/\1/p' "$scratch/stdout"; }
done_with 0 "$rondo" eval --checkpoint whole --data chunks.rondo --split test --json
whole=$(cat "$scratch/stdout")
share=$(figure chunk_f1)
awk -v share="${share:-0}" 'BEGIN { exit !(share > 0.9 && share <= 1) }' || note_failure "a chunk F1 of $share"
done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint whole --data chunks.rondo --split test --json
same "figures of eval on 3 ranks" "$whole" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" eval --checkpoint whole --best --data chunks.rondo
grep -q '^.* on test: chunk F1 [0-9.]* %, precision' "$scratch/stdout" || note_failure "no chunks in the table"
# The most frequent class of each word, by another count of the same words.
done_with 0 "$rondo" eval --baseline --data chunks.rondo --split test --json
same "accuracy of the baseline" "$(awk 'NF < 3 || /^-/ { next } NR == FNR { ++seen[$1]; ++of[$1, $3]; ++all[$3]; next }
  seen[$1] >= 3 {
    most = ""
    split("B-P B-Q I-P I-Q O", tags, " ")
    for (i = 1; i <= 5; ++i) if (most == "" || of[$1, tags[i]] > of[$1, most]) most = tags[i]
    ++words
    right += most == $3
  } END { printf "%.6f", right / words }' train.conll test.conll)" "$(printf '%.6f' "$(figure accuracy)")"

# Answers: a line a sentence, the classes of its words and the mean of their probabilities.
named=(--columns "word,pos,tag")
done_with 0 "$rondo" predict --checkpoint whole --input test.conll "${named[@]}"
cp "$scratch/stdout" answers
same "answers" "$sentences" "$(grep -cE '^[BIO][^	]*	0\.[0-9]{6}$' answers)"
same "a class a word" "$(awk '{ print NF }' test.txt)" "$(cut -f1 answers | awk '{ print NF }')"
same "classes as eval counts them" "$(sed -n 's/.*"accuracy":\([0-9.]*\).*/\1/p' <<<"$whole" | xargs printf '%.6f')" \
  "$(cut -f1 answers | tr ' ' '\n' | paste -d' ' - <(awk 'NF == 3 && !/^-/ { print $3 }' test.conll) |
    awk '{ right += $1 == $2 } END { printf "%.6f", right / NR }')"
done_with 0 "$rondo" predict --checkpoint whole --input test.txt
same "answers to plain sentences" "$(cat answers)" "$(cat "$scratch/stdout")"
sed 's/^id,word,tag$/sentence,word,tag/' test.csv >sentences.csv
done_with 0 "$rondo" predict --checkpoint whole --input sentences.csv
same "answers to a table in csv" "$(cat answers)" "$(cat "$scratch/stdout")"
awk '{ for (i = 1; i <= NF; ++i) print i "\t" $i "\t_\t_\t_\t_\t_\t_\t_\t_"; print "" }' test.txt >test.conllu
refused 'there is no column "word"' "$rondo" predict --checkpoint whole --input test.conllu
done_with 0 "${mpirun[@]}" -n 2 "$rondo" predict --checkpoint whole on-2 --input test.conll "${named[@]}" \
  --output answers.tsv
same "answers of two votes on two ranks" "$(cut -f1 answers)" "$(cut -f1 answers.tsv)"
done_with 0 "$rondo" predict --checkpoint whole --input test.txt --output answers.tsv
same "answers in a file" "$(cat answers)" "$(cat answers.tsv)"
done_with 0 "$rondo" predict --checkpoint whole --input test.txt --json
same "answers as JSON" "$(cut -f1 answers)" \
  "$(sed 's/^{"answer":\["\(.*\)"\],"probabilities":\[[0-9.,e-]*\]}$/\1/; s/","/ /g' "$scratch/stdout")"

# As they come: each sentence is answered when its last line is there, before the next begins.
for format in lines conll; do
  mkfifo "to-$format"
  "$rondo" predict --checkpoint whole --input - --format "$format" "${named[@]}" <"to-$format" >"from-$format" &
  pid=$!
  exec 4>"to-$format"
  if [ "$format" = lines ]; then head -n 1 test.txt; else sed '/^$/q' test.conll; fi >&4
  one_is_there() { [ "$(wc -l <"from-$format")" = 1 ]; }
  eventually one_is_there || note_failure "$format: no answer before the next sentence"
  same "the first answer to $format" "$(head -n 1 answers)" "$(cat "from-$format")"
  exec 4>&-
  wait "$pid" || note_failure "$format: ended with $?"
done

# A classifier's keys, and a table of whole sequences' classes.
refused '--pool' "$rondo" train --data chunks.rondo --lanes 16 --steps 9 --run refused --pool mean
refused 'says a class for each sequence' "$rondo" prepare --task classify --input train.conll "${named[@]}" \
  --columns-from whole --output refused.rondo

# Words by their letters: all but "of" are unknown, and what one is, its first letter tells, also of a
# word that training lacks.
done_with 0 "$rondo" prepare --task label --input train.conll --validation-input dev.conll \
  --test-input test.conll --columns word,pos,tag --source word --letters word --target tag --min-count 100 \
  --output spelt.rondo
grep -q "^  source  word  *char .*, the letters of each step's word" "$scratch/stdout" ||
  note_failure "the letters are not told"
spelt=(--data spelt.rondo "${keys[@]:2}" --letters-hidden 6 --letters-embedding 4)
refused 'give --state fresh' "$rondo" train --data spelt.rondo --lanes 16 --steps 9 --run refused --state carried
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${spelt[@]}" --run spelt
grep -q '^rondo: [0-9]* % of the steps for letters are filled$' "$scratch/stderr" || note_failure "no share of the letters"
done_with 75 "$rondo" train "${spelt[@]}" --run spelt-stopped --max-steps 60
done_with 0 "$rondo" train --run spelt-stopped --resume
same "digests with letters after a stop" "$(digests spelt)" "$(digests spelt-stopped)"
done_with 0 "$rondo" predict --checkpoint spelt --input test.conll "${named[@]}"
cp "$scratch/stdout" answers
done_with 0 "$rondo" predict --checkpoint spelt --input test.txt
same "answers by letters to plain sentences" "$(cat answers)" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" inspect spelt --gradient-reach --data spelt.rondo --split test
same "layers by which gradients reach" 1 \
  "$(grep -cE '^steps before the loss +letters +letters, reversed +layer 1$' "$scratch/stdout")"
grep -q '^windows hold whole sequences, so nothing is lost' "$scratch/stdout" ||
  note_failure "whole sequences are not told"
refused "its windows hold whole sequences" "$rondo" inspect spelt --gradient-reach --data spelt.rondo --window 9
refused "spelt\.rondo" "$rondo" inspect whole --gradient-reach --data spelt.rondo
echo 'p44 of q33 of' >new.txt
done_with 0 "$rondo" predict --checkpoint spelt --input new.txt
same "words that training lacks" "B-P I-P B-Q I-Q" "$(cut -f1 "$scratch/stdout")"

# A table whose rows are steps, without a word of whose they are.
printf 'minute,heat,state\n%s\n' "$(for i in {1..40}; do echo "$i,$((i % 7)).5,s$((i % 2))"; done)" >steps.csv
done_with 0 "$rondo" prepare --task label --input steps.csv --time minute --source heat --target state --output steps.rondo
grep -q 'each row is a sequence of one step; .*--group NAME' "$scratch/stderr" || note_failure "nothing about --group"

# Vectors of a file, which updates change, or leave as they are, and so does what goes on.
printf '%s\n' 'p0 1 2 3 4 5 6 7 8' 'of 8 7 6 5 4 3 2 1' >vectors.txt
given=("${keys[@]}" --vectors vectors.txt --optimizer adamw --weight-decay 0.1)
# Vectors of "of" in the last checkpoint as the file has them: 8, 7, 6 and 5 in float32.
kept() { LC_ALL=C grep -caP '\x00\x00\x00\x41\x00\x00\xe0\x40\x00\x00\xc0\x40\x00\x00\xa0\x40' "$1/checkpoint-000000000150.h5"; }
done_with 0 "$rondo" train "${given[@]}" --run given
same "vectors that are trained" 0 "$(kept given)"
done_with 0 "$rondo" train "${given[@]}" --frozen-vectors --run frozen
grep -q "^rondo: 2 of the [0-9]* symbols of 'word' keep their vectors" "$scratch/stderr" ||
  note_failure "nothing of the vectors"
same "vectors that are frozen" 1 "$(kept frozen)"
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train "${given[@]}" --frozen-vectors --run frozen-on-3
same "digests with frozen vectors on 3 ranks" "$(digests frozen)" "$(digests frozen-on-3)"
done_with 75 "$rondo" train "${given[@]}" --frozen-vectors --run frozen-stopped --max-steps 60
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run frozen-stopped --resume
same "digests with frozen vectors after a stop" "$(digests frozen)" "$(digests frozen-stopped)"
refused 'give one of them' "$rondo" train "${keys[@]}" --frozen-vectors --run refused
refused 'the data set has none' "$rondo" train --data steps.rondo --vectors vectors.txt --frozen-vectors --steps 9 \
  --run refused

# Keys that the data leave without effect.
told() { grep -a "^rondo: .*without effect" "$scratch/stderr"; }
done_with 0 "$rondo" train --data chunks.rondo --lanes 16 --steps 9 --dry-run --letters-hidden 6 --embedding 8
same "keys of letters without letters" "rondo: without effect here: --letters-hidden (the data set has no letters \
of words: prepare it with --letters)" "$(told)"
done_with 0 "$rondo" train --data spelt.rondo --lanes 16 --steps 9 --dry-run --letters-hidden 6 --letters-embedding 4
same "keys of letters with letters" "" "$(told)"
done_with 0 "$rondo" train --data steps.rondo --lanes 16 --steps 9 --dry-run --embedding 8 --dropout-embedding 0.1
same "keys of symbols without symbols" "rondo: without effect here: --embedding (the data set has numbers to read, and \
no symbols), --dropout-embedding (the data set has numbers to read, and no symbols)" "$(told)"

# Letters and what each is, in two cells; some are not given.
awk 'BEGIN { print "text,marks" } { gsub(/ /, ""); marks = $0; gsub(/[a-z]/, "v", marks); gsub(/[0-9]/, "n", marks)
  print $0 "," (NR % 7 ? marks : "") }' train.txt >letters.csv
done_with 0 "$rondo" prepare --task label --input letters.csv --target marks --missing mask --output letters.rondo
grep -q '^  target  marks  *char ' "$scratch/stdout" || note_failure "letters' classes are not told"
done_with 0 "$rondo" train --data letters.rondo --run letters --hidden 8 --lanes 6 --window 16 --rate 0.03 \
  --steps 60 --threads 1 --class-weights balanced --label-smoothing 0.1
done_with 0 "$rondo" predict --checkpoint letters --input letters.csv
same "letters' answers" "$(sed 1d letters.csv | cut -d, -f1 | sed 's/[a-z]/v/g; s/[0-9]/n/g')" \
  "$(cut -f1 "$scratch/stdout")"

finish
