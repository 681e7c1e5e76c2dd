#!/usr/bin/env bash
# words.sh RONDO MPIRUN...: a text as words, from `prepare` to `generate`: the same bits on any ranks
# and after a resume, words that are unknown, the baseline beside the model.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

text 1 400 >train.txt
text 2 60 >test.txt
echo "never seen ." >>test.txt
done_with 0 "$rondo" prepare --level word --split-punctuation --vocabulary-size 30 \
  --input train.txt --validation 0.1 --test-input test.txt --output data.rondo
same "unknown words in the table" 1 "$(grep -cE '^test  .* [1-9][0-9]*$' "$scratch/stdout")"
done_with 0 "$rondo" inspect data.rondo
same "level" 1 "$(grep -cE '^level +word$' "$scratch/stdout")"
same "vocabulary" 1 "$(grep -cE '^vocabulary +30$' "$scratch/stdout")"

train=(train --data data.rondo --layers 2 --hidden 20 --lanes 8 --block 4 --window 10 --rate 0.01
  --steps 30 --validate-every 10 --report-every 5 --sample-every 30)
done_with 0 "$rondo" "${train[@]}" --run run
same "perplexity in the reports" 9 "$(grep -c '  perplexity [0-9.]*  ' "$scratch/stderr")"
same "no bits a character in the reports" 0 "$(grep -c 'bits/char' "$scratch/stderr")"
same "no <unk> in the sample" 0 "$(grep -A 99 'sample:' "$scratch/stderr" | grep -c '<unk>')"
done_with 75 "${mpirun[@]}" -n 2 "$rondo" "${train[@]}" --run other --max-steps 13
done_with 0 "$rondo" train --run other --resume --threads 2
same "digests on two ranks, then one" "$(digests run)" "$(digests other)"

done_with 0 "$rondo" eval --checkpoint run --data data.rondo --split test --json
for key in loss perplexity bits_per_character targets; do
  same "$key of the model" 1 "$(grep -c "\"$key\":[0-9]" "$scratch/stdout")"
done
targets=$(sed 's/.*"targets":\([0-9]*\).*/\1/' "$scratch/stdout")
done_with 0 "$rondo" eval --baseline --order 3 --data data.rondo --split test --json
same "the baseline's name" 1 "$(grep -c '"model":"3-gram (modified Kneser-Ney)"' \
  "$scratch/stdout")"
same "targets of the baseline" "$targets" "$(sed 's/.*"targets":\([0-9]*\).*/\1/' \
  "$scratch/stdout")"
done_with 0 "$rondo" eval --checkpoint run --data data.rondo --split test
same "perplexity for people" 1 "$(grep -c 'on test: perplexity [0-9.]* (loss' "$scratch/stdout")"

# How far gradients reach in it: the same for any threads.
reach=(inspect run --gradient-reach --data data.rondo)
done_with 0 "$rondo" "${reach[@]}" --svg reach.svg
cp "$scratch/stdout" reach.txt
same "a table of layers" 1 "$(grep -cE '^steps before the loss +layer 1 +layer 2$' reach.txt)"
same "whether the window is long enough" 1 \
  "$(grep -cE '^(a window of 10 loses .* (long enough|too short), |gradients reach further than the 40 steps )' reach.txt)"
same "a picture of it" 4 "$(grep -c '<polyline' reach.svg)"
done_with 0 "$rondo" "${reach[@]}" --svg reach.svg --threads 3
same "how far, by three threads" "$(cat reach.txt)" "$(cat "$scratch/stdout")"
done_with 0 "$rondo" "${reach[@]}" --split test --window 25 --json
same "how far, of 25 steps" 1 "$(grep -A 99 '"gradient_reach"' "$scratch/stdout" | grep -c '"window": 25,$')"
refused "add --data FILE" "$rondo" inspect run --gradient-reach
refused "svg is for --gradient-reach" "$rondo" inspect run --svg reach.svg
refused "window 99999 is longer than the [0-9]* steps of the split's text" "$rondo" "${reach[@]}" --window 99999
refused "train\.txt" "$rondo" inspect run --gradient-reach --data train.txt
refused "gradient-reach is for checkpoints" "$rondo" inspect data.rondo --gradient-reach --data data.rondo
refused "train\.txt is there and is not a picture that rondo inspect drew" "$rondo" "${reach[@]}" --svg train.txt

# The words of the prompt come back as they are read, what is unknown is said; no <unk> is written.
known=$(head -n 1 train.txt | cut -d' ' -f1)
done_with 0 "$rondo" generate --checkpoint run --prompt "$known, xyzzy" --length 60 --seed 3
same "the prompt in front" "$known <unk> <unk>" "$(head -c $((${#known} + 12)) "$scratch/stdout")"
same "unknown words named" 2 "$(grep -c "is not in the model's vocabulary of 30 words" \
  "$scratch/stderr")"
same "<unk> in the text" 2 "$(grep -o '<unk>' "$scratch/stdout" | wc -l)"
written=$(cat "$scratch/stdout")
done_with 0 "$rondo" generate --checkpoint other --prompt "$known, xyzzy" --length 60 --seed 3 \
  --vector reference
same "text of the other run" "$written" "$(cat "$scratch/stdout")"

# Several texts, the first of them the one above; from the likeliest words alone.
done_with 0 "$rondo" generate --checkpoint run --prompt "$known, xyzzy" --length 60 --seed 3 \
  --samples 3
same "texts" 2 "$(grep -c '^----$' "$scratch/stdout")"
same "the first text" "$written" "$(sed '/^----$/,$d' "$scratch/stdout")"
done_with 0 "$rondo" generate --checkpoint run --prompt "$known" --length 60 --top-k 1
likeliest=$(cat "$scratch/stdout")
done_with 0 "$rondo" generate --checkpoint run --prompt "$known" --length 60 --temperature 0
same "the likeliest words" "$likeliest" "$(cat "$scratch/stdout")"

# Without a prompt a text begins as behind the end of a line.
done_with 0 "$rondo" generate --checkpoint run --prompt $'\n' --length 60 --seed 3
behind=$(tail -n +2 "$scratch/stdout")
done_with 0 "$rondo" generate --checkpoint run --length 60 --seed 3
same "a text without a prompt" "$behind" "$(cat "$scratch/stdout")"

# Bad input.
refused "top-k takes" "$rondo" generate --checkpoint run --prompt a --top-k -1
refused "top-p takes .*\"0\"" "$rondo" generate --checkpoint run --prompt a --top-p 0
refused "top-p takes .*\"1\.1\"" "$rondo" generate --checkpoint run --prompt a --top-p 1.1
refused "samples takes .*\"0\"" "$rondo" generate --checkpoint run --prompt a --samples 0
refused "takes char, word or subword, not \"wrod\"" "$rondo" prepare --level wrod --input train.txt \
  --output x.rondo
refused "min-count is for words: add --level word" "$rondo" prepare --min-count 2 --input train.txt \
  --output x.rondo
refused "vocabulary-size takes .* from 3" "$rondo" prepare --level word --vocabulary-size 2 \
  --input train.txt --output x.rondo
refused "min-count takes" "$rondo" prepare --level word --min-count 0 --input train.txt \
  --output x.rondo
refused "order takes .* 1 to 16" "$rondo" eval --baseline --order 17 --data data.rondo
refused "order is the baseline" "$rondo" eval --checkpoint run --order 3 --data data.rondo
refused "the prompt is empty" "$rondo" generate --checkpoint run --prompt ""
refused "the prompt is empty" "$rondo" generate --checkpoint run --prompt "   "
refused "not valid UTF-8 at byte offset 2" "$rondo" generate --checkpoint run --prompt $'a \xc3'
refused "longer than 65536 bytes" "$rondo" generate --checkpoint run \
  --prompt "$(head -c 70000 /dev/zero | tr '\0' x)"
done_with 0 "$rondo" prepare --level word --input train.txt --output unsplit.rondo
refused "trained with another vocabulary .* anew with --vocabulary-from run" "$rondo" eval \
  --checkpoint run --data unsplit.rondo
for from in run data.rondo run/checkpoint-000000000030.h5; do
  done_with 0 "$rondo" prepare --vocabulary-from "$from" --input train.txt --validation 0 --test 0 \
    --output later.rondo
  done_with 0 "$rondo" eval --checkpoint run --data later.rondo --split train
done
refused "of level word, not char: leave out --level" "$rondo" prepare --level char \
  --vocabulary-from run --input train.txt --output x.rondo
refused "no such file|there is no" "$rondo" prepare --vocabulary-from nowhere --input train.txt \
  --output x.rondo
done_with 0 "$rondo" prepare --level char --input train.txt --output characters.rondo
refused "trained with another vocabulary" "$rondo" eval --checkpoint run --data characters.rondo
done_with 0 "$rondo" train --data unsplit.rondo --steps 5 --layers 2 --hidden 20 --run third --init-from run
same "rows of the words that both know" 1 "$(grep -c "starts from .*; rows of: .*embedding.weight ([0-9]* of [0-9]* symbols)" "$scratch/stderr")"
finish
