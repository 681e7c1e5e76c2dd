#!/usr/bin/env bash
# export_pairs.sh RONDO MPIRUN...: models that read a sequence and say another one, as files for other
# programs: as C with the bits of rondo's outputs and its answers, as ONNX two files each.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"
# shellcheck source=tests/e2e/exports.sh
source "$(dirname "${BASH_SOURCE[0]}")/exports.sh"

kinds 150 >kinds.csv
awk -F, 'NR == 1 { print "word,said" } NR > 1 { word = $1; gsub(/./, "& ", $1); print word "," toupper($1) }' \
  kinds.csv >said.csv
awk -F, 'NR == 1 { print "height,width,said" } NR > 1 { print length($1) "," NR % 7 "," $2 }' kinds.csv >sizes.csv
prepared --task transduce --input said.csv --source word:char --target said:word --output said.rondo
prepared --task caption --input sizes.csv --source height width --target said:char --output sizes.rondo
awk -F, 'NR == 1 { print "word,said" } NR > 1 { print $1 "," substr($1 $1, 2, length($1)) }' kinds.csv >same.csv
prepared --task transduce --input same.csv --source word:char --target said:char --shared-vocabulary --output same.rondo

# C: golden vectors of every attention, bridge and cell's kind of state.
exported plain said.rondo --attention none --layers 2
exported dot said.rondo --cell gru-norm --attention dot --tied --embedding 13
exported general said.rondo --cell lstm-projected --projection 5 --bidirectional --initial-state trained
exported fed said.rondo --cell gru --bidirectional --attention additive --input-feeding --decoder-layers 2
exported normal said.rondo --cell lstm-norm --input-feeding --layers 2 --zoneout 0.1 --zoneout-cell 0.2
exported peephole same.rondo --cell lstm-peephole --attention dot --input-feeding --tied --embedding 13
exported sizes sizes.rondo --cell gru
for run in fed normal peephole; do small $run; done
# The tests see what is not fed back, and what attention does not look at.
sed 's/^  memcpy(ends + .*//' fed.c >no_ends.c
sed 's/state->attended, 13, gates/x, 13, gates/' fed.c >no_feeding.c
sed 's/state->shares\[t\] = @*fed_sum(.*/state->shares[t] = 0.0f;/' fed.c >no_scores.c
for wrong in no_ends no_feeding no_scores; do
  ! cmp -s $wrong.c fed.c || note_failure "$wrong.c is fed.c"
  done_with 0 "${compilers[0]}" -DRONDO_SELF_TEST $wrong.c -o $wrong -lm
  done_with 1 ./$wrong
done

# Answers of a program that uses a file: those of predict, symbol by symbol, and as many as are asked for.
cat >ask.c <<'END'
#define FED_DECLARATIONS
#include "fed.c"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { longest = 64 };
int main(int argc, char **argv) {
  static char line[longest + 2];
  static float work[FED_WORK(longest)];
  const int most = argc > 1 ? atoi(argv[1]) : longest;
  while (fgets(line, sizeof line, stdin) != NULL) {
    fed_input steps[longest];
    int32_t symbols[longest];
    int count = 0, said, i;
    for (char *c = line; *c != '\n'; ++c, ++count) {
      const char symbol[2] = {*c, 0};
      steps[count].word = 0;
      while (strcmp(fed_symbols_word[steps[count].word], symbol) != 0) ++steps[count].word;
    }
    said = fed_answer(steps, count, work, symbols, most);
    for (i = 0; i < said; ++i) printf("%s%s", i > 0 ? " " : "", fed_said_symbols[symbols[i]]);
    printf("\n");
  }
}
END
done_with 0 "$rondo" train --run fed-longer --data said.rondo --init-from fed --cell gru --bidirectional \
  --attention additive --input-feeding --decoder-layers 2 --hidden 13 --lanes 8 --rate 0.02 --steps 150 --seed 3 --threads 1
done_with 0 "$rondo" export fed-longer --to c --output fed.c # under the name that ask.c knows
tail -n +2 kinds.csv | cut -d, -f1 >words
for most in 64 2; do
  done_with 0 "$rondo" predict --checkpoint fed-longer --input words --format lines --beam 1 --max-length $most
  cut -f1 "$scratch/stdout" >expected # without the log probability
  for compiler in "${compilers[@]}"; do
    done_with 0 "$compiler" -O2 ask.c fed.c -o ask -lm
    ./ask $most <words >answers || note_failure "ask: ended with $?"
    same "answers of at most $most by $compiler" "$(cat expected)" "$(cat answers)"
  done
done
(($(sort -u expected | wc -l) > 5)) || note_failure "few different answers: $(sort -u expected | head)"
grep -q . expected || note_failure "nothing is answered"

# ONNX: of each two files, and what the encoder says the decoder reads, by the same names. What
# onnxruntime makes of them, tests/second_opinion/onnx_pairs.py compares.
onnx_pair() { # onnx_pair RUN SOURCE MEMORY STATES FEEDING: each list but the first with a comma behind its names
  local memory=$3 states=$4 feeding=$5 attention=${3:+attention, }
  done_with 0 "$rondo" export "$1" --to onnx --output "$1.onnx" || return
  cp "$scratch/stderr" said
  grep -qF " is in $1.encoder.onnx and $1.decoder.onnx" said || note_failure "$1: the files are not named"
  [ ! -e "$1.onnx" ] || note_failure "$1.onnx is there, too"
  onnx_names "$1.encoder.onnx" "the encoder" "$2, lengths" "${memory%lengths, }${states%, }"
  onnx_names "$1.decoder.onnx" "the decoder" "said, $memory$feeding${states%, }" \
    "${states//,/.next,}$attention${feeding//,/.next,}$classes"
}
onnx_pair plain word "" "layer0.hidden, layer0.cell, layer1.hidden, layer1.cell, " ""
onnx_pair dot word "memory, lengths, " "layer0.hidden, " ""
onnx_pair general word "memory, keys, lengths, " "layer0.hidden, layer0.cell, " ""
onnx_pair fed word "memory, keys, lengths, " "layer0.hidden, layer1.hidden, " "feeding, "
onnx_pair sizes height..width "memory, keys, lengths, " "layer0.hidden, " ""
for part in encoder decoder; do
  cp fed.$part.onnx first-$part
  grep -aq "$("$rondo" inspect fed --digest)" fed.$part.onnx || note_failure "no digest in fed.$part.onnx"
done
done_with 0 "$rondo" export fed --to onnx --output fed.onnx # its own files, again
for part in encoder decoder; do
  same "bytes of a second $part" "$(sha256sum <first-$part)" "$(sha256sum <fed.$part.onnx)"
done
done_with 0 "$rondo" export fed --to onnx --output fed.v2
grep -qF " is in fed.v2.encoder.onnx and fed.v2.decoder.onnx" "$scratch/stderr" || note_failure "$(cat "$scratch/stderr")"
echo mine >mine.decoder.onnx
refused "mine\.decoder\.onnx is there and is not an ONNX file" "$rondo" export fed --to onnx --output mine.onnx

echo mine >mine.c
refused "mine\.c is there and is not a C file that rondo export wrote" "$rondo" export fed --to c --output mine.c
finish
