#!/usr/bin/env bash
# subwords.sh RONDO MPIRUN...: a text as subwords, from `prepare` to `generate`: the same data set and
# the same bits again, characters that nobody has seen, the baseline beside the model.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

text 1 400 >train.txt
text 2 60 >test.txt
echo "never seen: zażółć 中文" >>test.txt
prepare=(prepare --level subword --vocabulary-size 320 --input train.txt --validation 0.1
  --test-input test.txt)
for model in bpe unigram; do
  done_with 0 "$rondo" "${prepare[@]}" --subword-model "$model" --output "$model.rondo"
  done_with 0 "$rondo" "${prepare[@]}" --subword-model "$model" --output again.rondo
  same "the $model data set again" "$(sha256sum <"$model.rondo")" "$(sha256sum <again.rondo)"
done
same "characters in the table" 1 "$(grep -cE "^test .* $(wc -m <test.txt)$" "$scratch/stdout")"
done_with 0 "$rondo" inspect bpe.rondo
same "level" 1 "$(grep -cE '^level +subword$' "$scratch/stdout")"
same "vocabulary" 1 "$(grep -cE '^vocabulary +320$' "$scratch/stdout")"

train=(train --data bpe.rondo --layers 2 --hidden 20 --lanes 8 --block 4 --window 10 --rate 0.01
  --steps 30 --validate-every 10 --report-every 5 --sample-every 30)
done_with 0 "$rondo" "${train[@]}" --run run
same "perplexity in the reports" 9 "$(grep -c '  perplexity [0-9.]*  ' "$scratch/stderr")"
done_with 75 "${mpirun[@]}" -n 2 "$rondo" "${train[@]}" --run other --max-steps 13
done_with 0 "$rondo" train --run other --resume --threads 2
same "digests on two ranks, then one" "$(digests run)" "$(digests other)"

# Bits a character are a target's, times targets, over all characters of the split.
done_with 0 "$rondo" eval --checkpoint run --data bpe.rondo --split test --json
number() { sed "s/.*\"$1\":\([-+.e0-9]*\).*/\1/" "$scratch/stdout"; }
targets=$(number targets)
same "bits a character" 1 "$(awk -v loss="$(number loss)" -v targets="$targets" \
  -v bits="$(number bits_per_character)" -v characters="$(wc -m <test.txt)" 'BEGIN {
    wanted = loss / log(2) * targets / characters
    print (bits > wanted * (1 - 1e-9) && bits < wanted * (1 + 1e-9)) }')"
done_with 0 "$rondo" eval --baseline --order 3 --data bpe.rondo --split test --json
same "the baseline's name" 1 "$(grep -c '"model":"3-gram (modified Kneser-Ney)"' \
  "$scratch/stdout")"
same "targets of the baseline" "$targets" "$(number targets)"

# The prompt comes back as it is, but for the space at its end, which comes with the next word.
done_with 0 "$rondo" generate --checkpoint run --prompt "xyzzy, 中文 " --length 60 --seed 3
same "the prompt in front" "xyzzy, 中文" "$(head -c 13 "$scratch/stdout")"
same "valid UTF-8" 0 "$(iconv -f UTF-8 -t UTF-8 "$scratch/stdout" >/dev/null; echo $?)"
same "no <unk> in the text" 0 "$(grep -c '<unk>' "$scratch/stdout")"
written=$(cat "$scratch/stdout")
done_with 0 "$rondo" generate --checkpoint other --prompt "xyzzy, 中文" --length 60 --seed 3 \
  --samples 2 --vector reference
same "the first of two texts" "$written" "$(sed '/^----$/,$d' "$scratch/stdout")"

# Bad input.
refused "subword-model takes bpe or unigram, not \"wordpiece\"" "$rondo" "${prepare[@]}" \
  --subword-model wordpiece --output x.rondo
refused "subword-model is for subwords: add --level subword" "$rondo" prepare --input train.txt \
  --subword-model bpe --output x.rondo
refused "vocabulary-size is 259 to 1000000 for subwords, not 100" "$rondo" prepare --level subword \
  --vocabulary-size 100 --input train.txt --output x.rondo
refused "vocabulary-size 262 is too small .* give at least [0-9]" "$rondo" prepare --level subword \
  --vocabulary-size 262 --input train.txt --output x.rondo
refused "min-count is for words" "$rondo" "${prepare[@]}" --min-count 2 --output x.rondo
refused "the prompt is empty" "$rondo" generate --checkpoint run --prompt " "
refused "not valid UTF-8" "$rondo" generate --checkpoint run --prompt $'a\xff'
refused "trained with another vocabulary" "$rondo" eval --checkpoint run --data unigram.rondo
done_with 0 "$rondo" prepare --level char --input test.txt --output characters.rondo
refused "trained with another vocabulary" "$rondo" eval --checkpoint run --data characters.rondo
finish
