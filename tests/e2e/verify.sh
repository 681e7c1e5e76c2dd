#!/usr/bin/env bash
# verify.sh RONDO MPIRUN...: rondo verify trains steps again, on other ranks than the run had, and says
# that they are the same, or where they begin to differ: of every way to train, of runs that were stopped
# and resumed otherwise, of a bit that turned over in one rank's memory for the length of a forward pass.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# verified PATTERN RANKS RUN [OPTION...]: on so many ranks (0: without mpirun) the steps are the same, in
# the words of PATTERN; nothing in the folder came, went or changed.
verified() {
  local pattern=$1 ranks=$2 launcher=() before
  shift 2
  ((ranks == 0)) || launcher=("${mpirun[@]}" -n "$ranks")
  before=$(snapshot)
  done_with 0 "${launcher[@]}" "$rondo" verify "$@" --threads 1
  checks=$((checks + 1))
  grep -qE "^$pattern\$" "$scratch/stdout" || note_failure "verify $*: \"$pattern\" is not: $(cat "$scratch/stdout")"
  same "what verify $1 leaves" "$before" "$(snapshot)"
}

# differs PATTERN RANKS RUN [OPTION...]: they are not.
differs() {
  local pattern=$1 ranks=$2 launcher=()
  shift 2
  ((ranks == 0)) || launcher=("${mpirun[@]}" -n "$ranks")
  done_with 1 "${launcher[@]}" "$rondo" verify "$@" --threads 1
  checks=$((checks + 1))
  grep -qE "$pattern" "$scratch/stdout" || note_failure "verify $*: \"$pattern\" is not: $(cat "$scratch/stdout")"
}

text 3 400 >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt --output book.rondo
bare=(--data book.rondo --hidden 16 --lanes 8 --block 2 --window 16 --dropout-output 0.1 --seed 5 --threads 1
  --report-every 3 --checkpoint-minutes 0)
keys=("${bare[@]}" --rate 0.01 --check-every 10)

# A run of four ranks on one and on three; one of one rank on three. From a kept checkpoint, and from the start.
done_with 0 "${mpirun[@]}" -n 4 "$rondo" train "${keys[@]}" --steps 60 --checkpoint-every 25 --keep 2 --run four
same "digests" "10 20 30 40 50 60" "$(sed -n 's/^{"step":\([0-9]*\),"epoch":[0-9]*,"state_digest".*/\1/p' four/metrics.jsonl | xargs)"
same "the last digest" "$("$rondo" inspect four --digest-state)" "$(tail -n 1 four/metrics.jsonl | grep -o '[0-9a-f]\{64\}' ||
  grep '"state_digest"' four/metrics.jsonl | tail -n 1 | sed 's/.*"state_digest":"\([^"]*\)".*/\1/')"
verified 'steps 0 to 60: the same, on 1 rank of this machine \(7 digests and 2 checkpoints\)' 0 four
verified 'steps 0 to 20: the same, on 3 ranks of this machine \(3 digests\)' 3 four --to 25
verified 'steps 50 to 60: the same, on 3 ranks of this machine \(2 digests and 1 checkpoint\)' 3 four --from 54
grep -q 'from four/checkpoint-000000000050.h5' "$scratch/stderr" || note_failure "another beginning: $(cat "$scratch/stderr")"
done_with 0 "$rondo" train "${keys[@]}" --steps 30 --checkpoint-every 0 --run one
verified 'steps 0 to 30: the same, on 3 ranks of this machine \(4 digests and 1 checkpoint\)' 3 one
done_with 0 "$rondo" verify one --to 10 --json
same "as JSON" '{"run":"one","ranks":1,"same":true,"from":0,"to":10,"digests":2,"checkpoints":0,"last_same":10,"first_different":null,"last_same_gradient":null,"first_different_gradient":null}' \
  "$(cat "$scratch/stdout")"

# A bit of one rank's weights is another for the length of a forward pass: the ranks agree on what comes of
# it. Reports tell more closely than digests where it was; a digest each step names the step.
done_with 0 "${mpirun[@]}" -n 4 "$rondo" train "${keys[@]}" --steps 40 --run flipped --fail-rank 3 --fail-at 24 \
  --fail-with transient
differs '^steps 0 to 30: different, on 1 rank of this machine: step 30 is the first check that differs, step 20 is the last that is the same; the gradient of step 24 is another already, that of step 21 still the same$' \
  0 flipped
differs '"ranks":3,"same":false,"from":0,"to":30,.*"last_same":20,"first_different":30,"last_same_gradient":21,"first_different_gradient":24' \
  3 flipped --json --from 20
done_with 0 "$rondo" train "${bare[@]}" --rate 0.01 --steps 40 --check-every 1 --run flipped-alone --fail-at 24 --fail-with transient
differs 'step 24 is the first check that differs, step 23 is the last that is the same' 2 flipped-alone
# A bit that stays another, with one rank: nobody else could tell.
done_with 0 "$rondo" train "${keys[@]}" --steps 40 --run turned --fail-at 35 --fail-with corruption
differs 'step 40 is the first check that differs, step 30 is the last' 0 turned

# Stopped and resumed, on other ranks and with another rate, and longer; the rate falls by validations, which
# are part of the state then, and patience ends the run.
more=(--checkpoint-every 20 --keep 20 --validate-every 5 --schedule plateau --decay-patience 1 --patience 6)
done_with 75 "${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" "${more[@]}" --steps 90 --max-steps 33 --run broken
done_with 75 "$rondo" train --run broken --resume --rate 0.5 --threads 1 --max-steps 14
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train --run broken --resume --rate 0.02 --threads 1
last=$(grep '"state_digest"' broken/metrics.jsonl | tail -n 1 | sed -n 's/^{"step":\([0-9]*\),.*/\1/p')
verified "steps 0 to [0-9]+: the same, on 2 ranks of this machine .*" 2 broken
verified "steps 25 to $last: the same, on 1 rank .*" 0 broken --from 25 --to "$last"
verified "steps 40 to [0-9]+: the same, on 1 rank .*" 0 broken --from 46

# Averages that validations begin, windows that vary, dropped weights, first weights from elsewhere.
done_with 0 "$rondo" train "${bare[@]}" --check-every 10 --steps 40 --optimizer asgd --rate 2 --average-patience 1 --validate-every 4 \
  --window-varies --dropout-weights 0.2 --init-from one --run averaged
verified 'steps 0 to 40: the same, on 2 ranks .*' 2 averaged
cp -r averaged elsewhere
sed -i 's/init-from = one/init-from = four/' elsewhere/metrics.jsonl
differs 'step 0 is the first check that differs, none before it is the same' 0 elsewhere
grep -q "first weights came from four" "$scratch/stderr" || note_failure "no hint: $(cat "$scratch/stderr")"

# Sequences: packed and carried, said by a decoder that reads its own symbols, pictures of nothing but numbers.
awk -v state=7 '
  function below(limit) { state = state * 16807 % 2147483647; return int(state / 64) % limit }
  BEGIN {
    print "word,kind,tags,said"
    for (row = 1; row <= 200; ++row) {
      word = ""
      for (n = 3 + below(6); n > 0; --n) word = word substr("abcd", 1 + below(4), 1)
      tags = word
      gsub(/[ab]/, "x", tags)
      gsub(/[cd]/, "y", tags)
      print word "," (word ~ /[cd]$/ ? "late" : "early") "," tags "," toupper(word)
    }
  }' </dev/null >table.csv
small=(--lanes 6 --block 2 --window 24 --hidden 8 --rate 0.01 --seed 5 --threads 1 --steps 20 --check-every 7
  --checkpoint-every 7 --keep 1 --validate-every 6)
prepared() {
  done_with 0 "$rondo" prepare --task "$1" --input table.csv --source word:char --target "$2" --output "$1.rondo"
}
prepared classify kind
prepared label tags
prepared transduce said:char
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data classify.rondo "${small[@]}" --bidirectional --run classify
verified 'steps 0 to 20: the same, on 3 ranks .*' 3 classify
done_with 0 "$rondo" train --data label.rondo "${small[@]}" --state carried --zoneout 0.1 --run label
verified 'steps 0 to 20: the same, on 3 ranks .*' 3 label
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data transduce.rondo "${small[@]}" --scheduled-sampling 0.5 --run transduce
verified 'steps 0 to 20: the same, on 1 rank .*' 0 transduce

# What cannot be.
mkdir moved
mv book.rondo moved/
refused 'book.rondo., is not there: name it by --data' "$rondo" verify one
verified 'steps 0 to 10: the same, on 1 rank .*' 0 one --to 10 --data moved/book.rondo
refused 'classify.rondo is not the data set that one was trained on' "$rondo" verify one --data classify.rondo
mv moved/book.rondo .
refused 'nowhere is no folder' "$rondo" verify nowhere
refused 'no folder' "$rondo" verify one/metrics.jsonl
refused '.to 5 is not behind --from 5' "$rondo" verify one --from 5 --to 5
refused 'no digest and no checkpoint of steps 1 to 9 .* the last is of step 30' "$rondo" verify one --to 9
refused 'no digest and no checkpoint of steps 31 to its end' "$rondo" verify one --from 30
mkdir empty
refused 'empty has neither a whole checkpoint nor a start' "$rondo" verify empty
done_with 0 "$rondo" train "${keys[@]}" --steps 10 --reducer native --run native
refused 'native, which promises no bits' "$rondo" verify native
refused '5 ranks are more than the 4 blocks' "${mpirun[@]}" -n 5 "${rank[@]}" verify one
finish
