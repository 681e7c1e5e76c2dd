#!/usr/bin/env bash
# transduce.sh RONDO MPIRUN...: from a sequence to another one, from tables and paired lines on: the bits
# are the same on any number of ranks and after a stop, what is said depends on what was read, and bad
# pairs are refused with their place.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# Letters and how they sound: an e says nothing at a word's end, x says two phones, c hangs on what
# follows. A word is in one file.
awk -v state=11 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  function sound(word,   i, letter, next_one, phones) {
    for (i = 1; i <= length(word); ++i) {
      letter = substr(word, i, 1)
      next_one = substr(word, i + 1, 1)
      if (letter == "e" && next_one == "") continue
      phones = phones (phones == "" ? "" : " ") (letter == "x" ? "K S" : letter == "c" ? (next_one == "e" ? "S" : "K") : toupper(letter))
    }
    return phones
  }
  BEGIN {
    OFS = "\t"
    for (row = 0; row < 330; ++row) {
      word = ""
      for (n = 2 + below(7); n > 0; --n) word = word substr("abcexo", 1 + below(6), 1)
      if (sound(word) == "" || seen[word]++) continue
      part = row < 250 ? "train" : row < 290 ? "dev" : "test"
      print word, sound(word) >part ".tsv"
      print word >part ".words"
      print sound(word) >part ".phones"
    }
  }' </dev/null

table=(--no-header --columns "word,phones")
done_with 0 "$rondo" prepare --task transduce --input train.tsv --validation-input dev.tsv --test-input test.tsv \
  "${table[@]}" --target phones --output sounds.rondo
cp "$scratch/stdout" told
grep -q '^  source  word  *char  *7 symbols (kind guessed)$' told || note_failure "the letters are not told"
grep -q '^  target  phones  *word  *8 symbols, steps of its own (kind guessed)$' told ||
  note_failure "the phones are not told"
grep -q '^split  *sequences  *steps  *target steps  *also in train$' told || note_failure "no target steps"
grep -q '^lengths of what is said, but for its end: 1 to ' told || note_failure "no lengths of what is said"
steps=$(($(wc -w <test.phones) + $(wc -l <test.phones)))
done_with 0 "$rondo" inspect sounds.rondo --json
same "targets are what is said and its ends" "$steps" \
  "$(tr -d ' \n' <"$scratch/stdout" | sed -n 's/.*"test":{"sequences":[0-9]*,"steps":[0-9]*,"targets":\([0-9]*\).*/\1/p')"
done_with 0 "$rondo" inspect sounds.rondo
grep -q "^test  *$steps target steps$" "$scratch/stdout" || note_failure "the target steps are not described"

# Paired lines are the same pairs.
lines=(--task transduce --format lines --input train.words --target-input train.phones --validation-input dev.words
  --validation-target-input dev.phones --test-input test.words --test-target-input test.phones)
done_with 0 "$rondo" prepare "${lines[@]}" --source source:char --target target:word --output lines.rondo
same "splits of lines" "$(grep '^t[er]' told)" "$(grep '^t[er]' "$scratch/stdout")"
done_with 0 "$rondo" prepare "${lines[@]}" --source source:subword --target target:subword --shared-vocabulary \
  --vocabulary-size 280 --output shared.rondo
grep -q 'target  *subword [0-9]* subwords, steps of its own, the vocabulary shared with what is read$' "$scratch/stdout" ||
  note_failure "the shared vocabulary is not told"
same "one vocabulary" 1 "$(sed -n 's/.* subword \([0-9]*\) subwords.*/\1/p' "$scratch/stdout" | sort -u | wc -l)"
head -n -1 test.phones >short.phones
refused "short.phones ends before test.words, line $(wc -l <test.words): lines are paired" "$rondo" prepare \
  --task transduce --format lines --input test.words --target-input short.phones --output refused.rondo
sed '3s/.*//' test.phones >empty.phones
refused 'empty.phones, line 3: the value is missing' "$rondo" prepare \
  --task transduce --format lines --input test.words --target-input empty.phones --output refused.rondo
sed '4s/.*//' test.words >empty.words
refused "empty.words, line 4, column 'source': the value is missing" "$rondo" prepare \
  --task transduce --format lines --input empty.words --target-input test.phones --output refused.rondo
refused '--subword-model is for columns of the kind subword' "$rondo" prepare --task transduce --input train.tsv \
  "${table[@]}" --target phones --subword-model bpe --output refused.rondo
refused 'shared-vocabulary does not go with --task classify' "$rondo" prepare --task classify --input train.tsv \
  "${table[@]}" --target phones --shared-vocabulary --output refused.rondo
refused 'which --task classify does not say' "$rondo" prepare --task classify --input train.tsv "${table[@]}" \
  --columns-from sounds.rondo --output refused.rondo
done_with 0 "$rondo" prepare --task transduce --input dev.tsv "${table[@]}" --columns-from sounds.rondo \
  --validation 0 --test 0 --output again.rondo

# Letter for letter: by another count of the same answers.
figure() { sed -n "s/.*\"$1\":\([0-9.e+-]*\).*/\1/p" "$scratch/stdout"; }
done_with 0 "$rondo" eval --baseline --data sounds.rondo --split test --json
for name in wer cer exact_match bleu chrf; do
  [[ $(figure $name) ]] || note_failure "the baseline has no $name"
done

keys=(--data sounds.rondo --hidden 24 --embedding 12 --lanes 6 --block 2 --window 16 --rate 0.02 --steps 300
  --bidirectional --input-feeding --validate-every 100 --checkpoint-every 90 --seed 5 --threads 1)
short=(--data sounds.rondo --lanes 16 --steps 9 --run refused)
refused '--pool' "$rondo" train "${short[@]}" --pool mean
refused '--input-feeding gives a step what attention has found' "$rondo" train "${short[@]}" --attention none \
  --input-feeding
refused "attention 'general' joins them" "$rondo" train "${short[@]}" --attention dot --bidirectional
refused '--target-window' "$rondo" train "${short[@]}" --target-window x
done_with 0 "$rondo" train "${keys[@]}" --run whole
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" --run on-2
same "digests on 2 ranks" "$(digests whole)" "$(digests on-2)"
done_with 75 "$rondo" train "${keys[@]}" --run stopped --max-steps 130
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run stopped --resume
same "digests after a stop" "$(digests whole)" "$(digests stopped)"
done_with 0 "$rondo" eval --checkpoint whole --data sounds.rondo --split test --json
whole=$(cat "$scratch/stdout")
same "targets of eval" "$steps" "$(figure targets)"
awk -v perplexity="$(figure perplexity)" 'BEGIN { exit !(perplexity > 1 && perplexity < 1.3) }' ||
  note_failure "what is said does not hang on what is read: perplexity $(figure perplexity)"
done_with 0 "${mpirun[@]}" -n 3 "$rondo" eval --checkpoint whole --data sounds.rondo --split test --json
same "figures of eval on 3 ranks" "$whole" "$(cat "$scratch/stdout")"
refused 'rondo predict gives its answers' "$rondo" generate --checkpoint whole --prompt abc

# One table for what is read, what is said and the outputs.
done_with 0 "$rondo" train --data shared.rondo --lanes 16 --block 8 --hidden 16 --steps 20 --tied --run tied
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data shared.rondo --lanes 16 --block 8 --hidden 16 --steps 20 --tied \
  --run tied-2
same "digests of one table on 2 ranks" "$(digests tied)" "$(digests tied-2)"
same "tables" 1 "$("$rondo" inspect tied | grep -c 'parameters/embedding')"

# What it says: most words as they sound; the same bytes from a table, line by line, of any threads and
# ranks, alone and voting with itself.
say() { done_with 0 "$rondo" predict --checkpoint whole --input test.tsv "${table[@]}" "$@"; }
say
cp "$scratch/stdout" answers
right=$(paste answers test.phones | awk -F'\t' '{ right += ($1 == $3) } END { print (right > 0.8 * NR) }')
same "more than four of five words are said rightly" 1 "$right"
"$rondo" predict --checkpoint whole --input - <test.words >from-lines || note_failure "lines: ended with $?"
same "texts of lines" "$(cat answers)" "$(cat from-lines)"
done_with 0 "$rondo" predict --checkpoint whole whole --input test.tsv "${table[@]}" --threads 2
same "texts of two equal voters" "$(cut -f1 answers)" "$(cut -f1 "$scratch/stdout")"
for ranks in 1 2 3; do
  for mode in "" "--json --n-best 3" "--temperature 1.3 --n-best 2 --seed 9"; do
    # shellcheck disable=SC2086
    say $mode --attention-output looks
    cp "$scratch/stdout" alone
    cp looks looks-alone
    # shellcheck disable=SC2086
    done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" predict --checkpoint whole --input test.tsv "${table[@]}" $mode \
      --threads 2 --attention-output looks --output texts.out
    same "texts of $ranks ranks, $mode" "$(sha256sum <alone)" "$(sha256sum <texts.out)"
    same "what was looked at on $ranks ranks, $mode" "$(sha256sum <looks-alone)" "$(sha256sum <looks)"
    rm texts.out
  done
done
grep -q '<svg ' looks.svg || note_failure "there is no picture"
say --n-best 2
same "the best of two" "$(cut -f1,2 answers)" "$(cut -f1,2 "$scratch/stdout")"
same "two texts a line" 4 "$(awk -F'\t' '{ print NF }' "$scratch/stdout" | sort -u)"
say --max-length 2
same "texts of at most 2 symbols" 2 "$(cut -f1 "$scratch/stdout" | awk '{ if (NF > most) most = NF } END { print most }')"
say --average-checkpoints 2
refused 'n-best 6 are more texts than --beam 5' "$rondo" predict --checkpoint whole --input test.tsv "${table[@]}" \
  --n-best 6 --beam 5
refused 'give one of the two' "$rondo" predict --checkpoint whole --input test.tsv "${table[@]}" --beam 3 --temperature 1
printf 'ab\n\n' | "$rondo" predict --checkpoint whole --input - >from-lines 2>told
same "an empty line ends it" 2 "${PIPESTATUS[1]}"
same "what came before it is answered" 1 "$(wc -l <from-lines)"
grep -q "standard input, line 2, column 'word': the value is missing" told || note_failure "no word of it: $(cat told)"

# Figures of texts: the counts of the answers above.
done_with 0 "$rondo" eval --checkpoint whole --data sounds.rondo --split test --json
same "exact matches" "$(paste answers test.phones | awk -F'\t' '{ right += ($1 == $3) } END { printf "%.6f", right / NR }')" \
  "$(printf %.6f "$(figure exact_match)")"
done_with 0 "$rondo" eval --checkpoint whole --data sounds.rondo --split test --json --beam 0
same "no texts, no figures" "" "$(figure exact_match)"
refused 'which no text so short can be' "$rondo" eval --checkpoint whole --data sounds.rondo --max-length 2
refused 'the baseline searches for nothing' "$rondo" eval --baseline --data sounds.rondo --beam 2

# Validations that say texts choose the best by these.
judged=(--data sounds.rondo --hidden 24 --embedding 12 --lanes 6 --block 2 --window 16 --rate 0.02 --steps 90
  --bidirectional --input-feeding --validate-every 30 --seed 5 --validation-texts 25)
done_with 0 "$rondo" train "${judged[@]}" --threads 1 --run judged
same "validations with figures" 3 "$(grep -c '"exact_match"' judged/metrics.jsonl)"
for ranks in 2 3; do
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train "${judged[@]}" --threads 2 --run "judged-$ranks"
  same "digests of a run that says texts on $ranks ranks" "$(digests judged)" "$(digests "judged-$ranks")"
  same "its figures on $ranks ranks" "$(computed judged)" "$(computed "judged-$ranks")"
done
refused "--validation-texts" "$rondo" train --data sounds.rondo --lanes 16 --steps 9 --run refused --validation-texts x

# New letters and phones: what is known stays, and what is new is learned.
{
  awk -F'\t' '{ print; gsub("x", "z", $1); gsub("K S", "TS", $2); print $1 "\t" $2 }' train.tsv | grep z
  head -n 60 train.tsv
} >more.tsv
done_with 0 "$rondo" prepare --task transduce --input more.tsv "${table[@]}" --columns-from sounds.rondo \
  --grow-vocabulary --output more.rondo
same "what is new" "new: 1 symbols of word new: 1 symbols of phones" "$(grep '^new' "$scratch/stdout" | xargs)"
more=(--data more.rondo --hidden 24 --embedding 12 --lanes 6 --block 2 --window 16 --rate 0.01 --bidirectional
  --input-feeding --steps 60 --threads 1)
done_with 0 "$rondo" train "${more[@]}" --init-from whole --run more
grep -q 'starts from whole/.*: [0-9]* of [0-9]* parameters; rows of: embedding.weight (7 of 8 symbols), ' \
  "$scratch/stderr" || note_failure "it is not told what was taken"
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${more[@]}" --init-from whole --run more-2
same "digests of what goes on from another run" "$(digests more)" "$(digests more-2)"
done_with 0 "$rondo" train "${more[@]}" --run afresh
done_with 0 "$rondo" eval --checkpoint more --data more.rondo --split test --json
after=$(figure perplexity)
done_with 0 "$rondo" eval --checkpoint afresh --data more.rondo --split test --json
awk -v after="$after" -v afresh="$(figure perplexity)" 'BEGIN { exit !(after < 0.8 * afresh) }' ||
  note_failure "60 steps from what is known give a perplexity of $after, afresh $(figure perplexity)"
refused 'adds to the vocabularies of --columns-from' "$rondo" prepare --task transduce --input more.tsv "${table[@]}" \
  --target phones --grow-vocabulary --output refused.rondo

# Words that it cannot say are copied from where it looks.
awk -v state=3 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    for (row = 0; row < 400; ++row) {
      from = to = ""
      for (n = 2 + below(3); n > 0; --n) {
        word = below(9) ? below(8) : "name" below(9999)
        from = from " " (word ~ /n/ ? "" : "w") word
        to = to " " (word ~ /n/ ? "" : "v") word
      }
      print substr(from, 2) "\t" substr(to, 2)
    }
  }' </dev/null >names.tsv
names=(--no-header --columns "english,spanish")
done_with 0 "$rondo" prepare --task transduce --input names.tsv "${names[@]}" --source english:word --target spanish:word \
  --min-count 4 --output names.rondo
done_with 0 "$rondo" train --data names.rondo --hidden 32 --lanes 16 --block 8 --rate 0.02 --steps 250 --bidirectional \
  --input-feeding --run names
grep name names.tsv | head -n 20 >unknown.tsv
done_with 0 "$rondo" predict --checkpoint names --input unknown.tsv "${names[@]}"
copied=$(paste "$scratch/stdout" unknown.tsv | awk -F'\t' '{ right += ($1 == $4) } END { print (right > 15) }')
same "unknown words are copied" 1 "$copied"
same "none is said as unknown" 0 "$(grep -c '<unk>' "$scratch/stdout")"
finish
