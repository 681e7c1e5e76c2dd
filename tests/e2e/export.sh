#!/usr/bin/env bash
# export.sh RONDO MPIRUN...: models as files for other programs. As safetensors, a run that starts from
# the file has the digest of the model; as C, every compiler at hand makes a program whose outputs have
# the bits of rondo's, golden vectors and answers alike; as ONNX, with the names that programs ask by.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"
# shellcheck source=tests/e2e/exports.sh
source "$(dirname "${BASH_SOURCE[0]}")/exports.sh"

# Words with a class each and numbers at their steps.
text 3 400 >book.txt
kinds 150 >kinds.csv
awk -v state=9 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    print "id,second,x,where,y,z,tag"
    for (id = 0; id < 60; ++id) {
      before = 0
      for (t = 2 + below(8); t > 0; --t) {
        x = below(100) / 10
        print "s" id "," (20 - t) "," (below(6) ? x : "") "," (below(2) ? "in" : "out") "," 100 + x + before "," x * x "," (x > before ? "up" : "down")
        before = x
      }
    }
  }' </dev/null >series.csv

prepared --task text --level char --input book.txt --output book.rondo
prepared --task classify --input kinds.csv --source word:char --target kind --output kinds.rondo
series=(--input series.csv --group id --time second --missing mask)
prepared --task regress "${series[@]}" --source x where:class --target y z --output series.rondo
prepared --task label "${series[@]}" --source x where:class --target tag:class --output tags.rondo

trained lstm book.rondo --layers 2 --embedding 6 --window 16
trained tied book.rondo --cell gru --embedding 13 --tied --layers 2 --residual --zoneout 0.1 --window 16

# Safetensors.
done_with 0 "$rondo" export lstm --to safetensors --output lstm.safetensors
cp lstm.safetensors first
done_with 0 "$rondo" export lstm --to safetensors --output lstm.safetensors # its own file, again
same "bytes of a second export" "$(sha256sum <first)" "$(sha256sum <lstm.safetensors)"
grep -aq '"rnn.bias_hh_l1":{"dtype":"F32","shape":\[52\]' lstm.safetensors || note_failure "no second bias"
grep -aq "\"digest\":\"$("$rondo" inspect lstm --digest)\"" lstm.safetensors || note_failure "no digest"
done_with 0 "$rondo" export tied --to safetensors --output tied.safetensors
for run in lstm tied; do
  keys=(--data book.rondo --layers 2 --hidden 13 --lanes 8 --window 16 --seed 8 --threads 1)
  if [ $run = lstm ]; then keys+=(--embedding 6); else keys+=(--cell gru --embedding 13 --tied --residual --zoneout 0.1); fi
  for from in $run $run.safetensors; do
    done_with 0 "$rondo" train --run "from-$from" --init-from $from --steps 5 "${keys[@]}"
    grep -q "starts from .*: all [0-9]* parameters" "$scratch/stderr" || note_failure "$from: not all is taken"
  done
  same "digests of runs from $run" "$(digests from-$run)" "$(digests from-$run.safetensors)"
done
prepared --task text --level char --input kinds.csv --output other.rondo
done_with 0 "$rondo" train --run other --data other.rondo --init-from lstm.safetensors --layers 2 --hidden 13 \
  --embedding 6 --steps 1 --lanes 2 --threads 1
grep -Eq 'begin anew: embedding.weight \(' "$scratch/stderr" || note_failure "other symbols are taken"
head -c 300 lstm.safetensors >torn.safetensors
refused "torn.safetensors" "$rondo" train --run torn --data book.rondo --init-from torn.safetensors --steps 1

# C: each model's golden vectors, by every compiler and with every flag that is here.
done_with 0 "$rondo" export lstm --to c --output lstm.c
cp lstm.c first
done_with 0 "$rondo" export lstm --to c --output lstm.c
same "bytes of a second C file" "$(sha256sum <first)" "$(sha256sum <lstm.c)"
for compiler in "${compilers[@]}"; do
  for level in "${levels[@]}"; do
    for standard in -std=c99 -std=gnu17; do
      builds lstm "$compiler" $level $standard
      ((${#fma[@]} == 0)) || builds lstm "$compiler" $level $standard "${fma[@]}"
    done
  done
done
arm lstm
# Values below 2^-60 become zero: those of the upper layers do here.
exported tiny book.rondo --cell relu --initialization identity --layers 7 --window 16 --optimizer sgd --rate 1e-30
sed 's/return fabsf(x) < 0x1p-60f ? 0.0f : x;/return x;/' tiny.c >wrong.c
done_with 0 "${compilers[0]}" -DRONDO_SELF_TEST wrong.c -o wrong.test -lm
done_with 1 ./wrong.test
# The test sees a changed bit.
sed 's/\(lstm_weight_hh_l1\[[0-9]*\] = {\)/\1 0x1p-3f +/' lstm.c >wrong.c
done_with 0 "${compilers[0]}" -DRONDO_SELF_TEST wrong.c -o wrong.test -lm
done_with 1 ./wrong.test
"${compilers[0]}" -ffast-math -c lstm.c -o lstm.o 2>&1 | grep -q 'ffast-math changes results' ||
  note_failure "-ffast-math is not refused"

done_with 0 "$rondo" export tied --to c --output tied.c
for compiler in "${compilers[@]}"; do builds tied "$compiler" -O3 "${fma[@]}"; done
exported tanh book.rondo --cell tanh --window 16
exported relu book.rondo --cell relu --layers 3 --residual --window 16
exported coupled book.rondo --cell lstm-coupled --window 16 --initial-state trained
exported peephole book.rondo --cell lstm-peephole --window 16 --zoneout 0.1 --zoneout-cell 0.2
exported projected book.rondo --cell lstm-projected --projection 5 --layers 2 --window 16
exported normal book.rondo --cell lstm-norm --window 16 --layers 2
units=150 exported wide book.rondo --cell gru-norm --window 16
# More units than accumulators: the sums over them have their order.
sed 's/sums + i % 64/sums/' wide.c >wrong.c
done_with 0 "${compilers[0]}" -DRONDO_SELF_TEST wrong.c -o wrong.test -lm
done_with 1 ./wrong.test
exported kinds kinds.rondo --cell gru
exported mean kinds.rondo --cell gru --pool mean
exported max kinds.rondo --pool max
exported series series.rondo --cell gru --loss gaussian
exported quantile series.rondo --cell lstm --loss quantile
exported tags tags.rondo --cell lstm
# Networks that need all steps: one function for a sequence.
exported both kinds.rondo --bidirectional
exported attentive kinds.rondo --pool attention
exported whole kinds.rondo --bidirectional --pool attention --layers 3 --residual --cell lstm-projected \
  --projection 5 --zoneout 0.1 --initial-state trained
exported whole_mean kinds.rondo --bidirectional --pool mean --cell gru-norm --layers 2 --zoneout 0.2
exported whole_max kinds.rondo --bidirectional --pool max --cell lstm-peephole --zoneout-cell 0.2
exported whole_series series.rondo --bidirectional --layers 2 --loss gaussian
exported whole_tags tags.rondo --bidirectional --cell relu

# int8 weights: the bits of rondo with the weights that they become, and how far these are from the trained.
for run in tied projected normal mean series whole lstm; do small $run; done
arm lstm8
sed 's/\(lstm8_weight_hh_l1\[[0-9]*\] = {\)/\1 1 +/' lstm8.c >wrong.c
done_with 0 "${compilers[0]}" -DRONDO_SELF_TEST wrong.c -o wrong.test -lm
done_with 1 ./wrong.test
# By other steps than those that the error is measured on, it is much the same.
cat >off.c <<'END'
#define LSTM_DECLARATIONS
#include "lstm.c"
#define LSTM8_DECLARATIONS
#include "lstm8.c"
#include <math.h>
#include <stdio.h>
int main(void) {
  static lstm_state state;
  static lstm8_state state8;
  float output[LSTM_OUTPUTS], output8[LSTM_OUTPUTS], most = 0;
  lstm_reset(&state);
  lstm8_reset(&state8);
  for (int t = 0; t < 400; ++t) {
    const int symbol = t * t / 7 % LSTM_OUTPUTS;
    lstm_step(&state, &(lstm_input){.text = symbol});
    lstm8_step(&state8, &(lstm8_input){.text = symbol});
    lstm_output(&state, output);
    lstm8_output(&state8, output8);
    for (int i = 0; i < LSTM_OUTPUTS; ++i) most = fmaxf(most, fabsf(output[i] - output8[i]));
  }
  printf("%g\n", most);
}
END
done_with 0 "${compilers[0]}" -O2 off.c lstm.c lstm8.c -o off -lm
stated=$(sed -n 's/.*outputs of up to .* by at most \([^ ]*\) in 384 made-up steps$/\1/p' said)
grep -qF "by at most $stated in 384 made-up steps." lstm8.c || note_failure "the file does not state its error: $(cat said)"
awk -v stated="$stated" -v off="$(./off)" 'BEGIN { exit !(off > 0 && off > stated / 4 && off < stated * 2) }' ||
  note_failure "outputs are off by $(./off), and it says $stated"
(($(stat -c %s lstm8.c) < $(stat -c %s lstm.c))) || note_failure "lstm8.c is no smaller than lstm.c"

# A text that goes on by the likeliest symbol, and the probability of each.
cat >go.c <<'END'
#define LSTM_DECLARATIONS
#include "lstm.c"
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) {
  static lstm_state state;
  float output[LSTM_OUTPUTS];
  lstm_reset(&state);
  printf("%s", argv[argc - 1]);
  for (char *c = argv[argc - 1]; *c != 0; ++c) {
    const char symbol[2] = {*c, 0};
    lstm_input input = {0};
    while (strcmp(lstm_symbols_text[input.text], symbol) != 0) ++input.text;
    lstm_step(&state, &input);
  }
  for (int i = 0; i < 200; ++i) {
    lstm_input input = {0};
    lstm_output(&state, output);
    for (int k = 1; k < LSTM_OUTPUTS; ++k) input.text = output[k] > output[input.text] ? k : input.text;
    printf("%s", lstm_symbols_text[input.text]);
    lstm_step(&state, &input);
  }
}
END
done_with 0 "$rondo" train --run lstm-longer --data book.rondo --init-from lstm --layers 2 --embedding 6 --hidden 13 \
  --lanes 8 --window 16 --rate 0.02 --steps 150 --threads 1
done_with 0 "$rondo" export lstm-longer --to c --output lstm.c # under the name that go.c knows
done_with 0 "$rondo" generate --checkpoint lstm-longer --prompt "no tea" --length 200 --temperature 0
cp "$scratch/stdout" expected
for compiler in "${compilers[@]}"; do
  done_with 0 "$compiler" -O2 go.c lstm.c -o go -lm
  same "a text by $compiler" "$(cat expected)" "$(./go "no tea")"
done

# Answers of a program that uses a file: the same as predict's, every digit.
cat >ask.c <<'END'
#define KINDS_DECLARATIONS
#include "kinds.c"
#include <stdio.h>
#include <string.h>
int main(void) {
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) {
    static kinds_state state;
    float output[KINDS_OUTPUTS];
    double shares[KINDS_OUTPUTS];
    kinds_reset(&state);
    for (char *c = line; *c != '\n'; ++c) {
      const char symbol[2] = {*c, 0};
      kinds_input input = {0};
      while (strcmp(kinds_symbols_word[input.word], symbol) != 0) ++input.word;
      kinds_step(&state, &input);
    }
    kinds_output(&state, output);
    kinds_probabilities(output, shares);
    for (int i = 0; i < KINDS_OUTPUTS; ++i) printf("%s %.17g\n", kinds_classes[i], shares[i]);
  }
}
END
tail -n +2 kinds.csv | cut -d, -f1 >words
for pooled in kinds mean max; do
  sed "s/kinds_/${pooled}_/g; s/KINDS_/${pooled^^}_/g; s/kinds\.c/$pooled.c/" ask.c >ask-$pooled.c
  for compiler in "${compilers[@]}"; do
    done_with 0 "$compiler" -O2 ask-$pooled.c $pooled.c -o ask -lm
    ./ask <words >said || note_failure "ask: ended with $?"
    done_with 0 "$rondo" predict --checkpoint $pooled --input kinds.csv --json
    sed 's/.*"probabilities":{//; s/}}$//; s/,/\n/g; s/"//g; s/:/ /g' "$scratch/stdout" |
      awk '{ printf "%s %.17g\n", $1, $2 }' >expected
    same "answers of $pooled by $compiler" "$(sha256sum <expected)" "$(sha256sum <said)"
    same "answers" 450 "$(wc -l <said)"
  done
done

# Whole sequences, some of them longer than what sums go on in (64 accumulators, pieces of 4,096).
cat >sequence.c <<'END'
#define BOTH_DECLARATIONS
#include "both.c"
#include <stdio.h>
#include <string.h>
enum { longest = 9000 };
int main(void) {
  static char line[longest + 2];
  static both_input steps[longest];
  static float work[BOTH_WORK(longest)];
  while (fgets(line, sizeof line, stdin) != NULL) {
    float output[BOTH_OUTPUTS];
    double shares[BOTH_OUTPUTS];
    int count = 0;
    for (char *c = line; *c != '\n'; ++c, ++count) {
      const char symbol[2] = {*c, 0};
      steps[count].word = 0;
      while (strcmp(both_symbols_word[steps[count].word], symbol) != 0) ++steps[count].word;
    }
    both_sequence(steps, count, work, output);
    both_probabilities(output, shares);
    for (int i = 0; i < BOTH_OUTPUTS; ++i) printf("%s %.17g\n", both_classes[i], shares[i]);
  }
}
END
awk -F, '{ print } NR > 1 { all = all all $1; all = substr($1 all, 1, 9000) }
  END { for (n = split("1 63 64 65 200 4096 4097 9000", size, " "); n > 0; --n) print substr(all, 1, size[n]) ",0" }' \
  kinds.csv >long.csv
tail -n +2 long.csv | cut -d, -f1 >words
for run in both attentive whole whole_mean whole_max; do
  sed "s/both_/${run}_/g; s/BOTH_/${run^^}_/g; s/both\.c/$run.c/" sequence.c >ask-$run.c
  done_with 0 "$rondo" predict --checkpoint $run --input long.csv --json
  sed 's/.*"probabilities":{//; s/}}$//; s/,/\n/g; s/"//g; s/:/ /g' "$scratch/stdout" |
    awk '{ printf "%s %.17g\n", $1, $2 }' >expected
  for compiler in "${compilers[@]}"; do
    done_with 0 "$compiler" -O2 ask-$run.c $run.c -o ask -lm
    ./ask <words >said || note_failure "ask: ended with $?"
    same "answers of $run by $compiler" "$(sha256sum <expected)" "$(sha256sum <said)"
    same "answers" 474 "$(wc -l <said)"
  done
done

# Numbers of each step, in units: as predict writes them.
cat >numbers.c <<'END'
#define SERIES_DECLARATIONS
#include "series.c"
#include <math.h>
#include <stdio.h>
#include <string.h>
int main(void) {
  char id[16], before[16] = "", x[32], where[8];
  static series_state state;
  while (scanf("%15[^,],%31[^,],%7[^\n]\n", id, x, where) == 3) {
    series_input input = {0};
    float output[SERIES_OUTPUTS];
    double numbers[SERIES_OUTPUTS];
    if (strcmp(id, before) != 0) {
      printf("%s", *before != 0 ? "\n" : "");
      series_reset(&state);
    }
    strcpy(before, id);
    input.x[0] = strcmp(x, "-") == 0 ? NAN : strtod_of(x);
    while (strcmp(series_symbols_where[input.where], where) != 0) ++input.where;
    series_step(&state, &input);
    series_output(&state, output);
    series_numbers(output, numbers);
    for (int i = 0; i < SERIES_OUTPUTS; ++i) printf("%.9g,", numbers[i]);
  }
  printf("\n");
}
END
sed -i 's/strtod_of(x)/strtod(x, NULL)/; s/#include <stdio.h>/#include <stdio.h>\n#include <stdlib.h>/' numbers.c
# Steps in the order of time, which runs backward in the table's second column.
tail -n +2 series.csv | awk -F, '{ print substr($1, 2) "," $2 "," $1 "," ($3 == "" ? "-" : $3) "," $4 }' |
  sort -t, -k1,1n -k2,2n | cut -d, -f3- >steps
# A line a sequence: a cell for each part of each number, with all steps in it.
lines_of_numbers() {
  awk -F'\t' '{ n = split($1, a, " "); for (t = 1; t <= n; ++t) for (c = 1; c <= NF; ++c) { split($c, a, " "); printf "%s,", a[t] } print "" }'
}
for name in series quantile; do
  sed "s/series_/${name}_/g; s/SERIES_/${name^^}_/g; s/series\.c/$name.c/" numbers.c >numbers-$name.c
  done_with 0 "$rondo" predict --checkpoint $name --input series.csv
  lines_of_numbers <"$scratch/stdout" >expected
  for compiler in "${compilers[@]}"; do
    done_with 0 "$compiler" -O2 numbers-$name.c $name.c -o numbers -lm
    ./numbers <steps >said || note_failure "numbers: ended with $?"
    same "numbers of $name by $compiler" "$(sha256sum <expected)" "$(sha256sum <said)"
  done
  same "sequences" 60 "$(wc -l <said)"
done

cat >numbers.c <<'END'
#define WHOLE_SERIES_DECLARATIONS
#include "whole_series.c"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { longest = 16 };
static whole_series_input steps[longest];
static void say(int count) {
  static float work[WHOLE_SERIES_WORK(longest)], output[longest * WHOLE_SERIES_OUTPUTS];
  double numbers[WHOLE_SERIES_OUTPUTS];
  whole_series_sequence(steps, count, work, output);
  for (int t = 0; t < count; ++t) {
    whole_series_numbers(output + t * WHOLE_SERIES_OUTPUTS, numbers);
    for (int i = 0; i < WHOLE_SERIES_OUTPUTS; ++i) printf("%.9g,", numbers[i]);
  }
  printf("\n");
}
int main(void) {
  char id[16], before[16] = "", x[32], where[8];
  int count = 0;
  while (scanf("%15[^,],%31[^,],%7[^\n]\n", id, x, where) == 3) {
    if (strcmp(id, before) != 0 && count > 0) say(count);
    if (strcmp(id, before) != 0) count = 0;
    strcpy(before, id);
    steps[count] = (whole_series_input){0};
    steps[count].x[0] = strcmp(x, "-") == 0 ? NAN : strtod(x, NULL);
    while (strcmp(whole_series_symbols_where[steps[count].where], where) != 0) ++steps[count].where;
    ++count;
  }
  say(count);
}
END
done_with 0 "$rondo" predict --checkpoint whole_series --input series.csv
lines_of_numbers <"$scratch/stdout" >expected
for compiler in "${compilers[@]}"; do
  done_with 0 "$compiler" -O2 numbers.c whole_series.c -o numbers -lm
  ./numbers <steps >said || note_failure "numbers: ended with $?"
  same "numbers of whole series by $compiler" "$(sha256sum <expected)" "$(sha256sum <said)"
done

# ONNX: every cell, pool and kind of answer becomes a file that protobuf reads, by whose names programs ask.
# What onnxruntime makes of them, tests/second_opinion/onnx_models.py compares.
onnx() { # onnx RUN READS SAYS
  done_with 0 "$rondo" export "$1" --to onnx --output "$1.onnx" || return
  cp "$scratch/stderr" said
  onnx_names "$1.onnx" it "$2" "$3"
}
onnx lstm "text, layer0.hidden, layer0.cell, layer1.hidden, layer1.cell" \
  "layer0.hidden.next, layer0.cell.next, layer1.hidden.next, layer1.cell.next, $classes"
onnx tied "text, layer0.hidden, layer1.hidden" "layer0.hidden.next, layer1.hidden.next, $classes"
for run in coupled peephole projected normal; do
  layers=(layer0.hidden layer0.cell)
  case $run in projected | normal) layers+=(layer1.hidden layer1.cell) ;; esac
  reads=$(printf ', %s' "${layers[@]}") says=$(printf '%s.next, ' "${layers[@]}")
  onnx $run "text$reads" "$says$classes"
done
for run in tanh wide; do onnx $run "text, layer0.hidden" "layer0.hidden.next, $classes"; done
onnx kinds "word, lengths, layer0.hidden" "layer0.hidden.next, $classes"
onnx mean "word, lengths, layer0.hidden, pool.sum, pool.steps" \
  "layer0.hidden.next, pool.sum.next, pool.steps.next, $classes"
onnx max "word, lengths, layer0.hidden, layer0.cell, pool.max" \
  "layer0.hidden.next, layer0.cell.next, pool.max.next, $classes"
for run in both attentive; do onnx $run "word, lengths" "$classes"; done
onnx series "x, where, lengths, layer0.hidden" "layer0.hidden.next, mean, deviation"
onnx quantile "x, where, lengths, layer0.hidden, layer0.cell" "layer0.hidden.next, layer0.cell.next, quantiles"
onnx tags "x, where, lengths, layer0.hidden, layer0.cell" "layer0.hidden.next, layer0.cell.next, $classes"
cp lstm.onnx first
done_with 0 "$rondo" export lstm --to onnx --output lstm.onnx
same "bytes of a second ONNX file" "$(sha256sum <first)" "$(sha256sum <lstm.onnx)"
grep -aq "$("$rondo" inspect lstm --digest)" lstm.onnx || note_failure "no digest in lstm.onnx"

# What cannot be.
awk 'BEGIN { print "hour,load"; for (h = 0; h < 300; ++h) print h "," h % 24 }' </dev/null >load.csv
prepared --task forecast --input load.csv --time hour --target load --validation 48 --test 48 --output load.rondo
trained load load.rondo --horizon 4
refused "it is of the task 'forecast', and \-\-to c is for text" "$rondo" export load --to c --output load.c
refused "\-\-to onx: rondo export writes safetensors or c or onnx" "$rondo" export lstm --to onx --output lstm.onx
refused "\-\-weights int8 is for \-\-to c" "$rondo" export lstm --to onnx --weights int8 --output lstm.onnx
refused "\-\-weights int4: they are float or int8" "$rondo" export lstm --to c --weights int4 --output lstm.c
refused "rondo export needs --output FILE" "$rondo" export lstm --to c
echo "int main(void) { return 0; }" >mine.c
refused "mine\.c is there and is not a C file that rondo export wrote" "$rondo" export lstm --to c --output mine.c
refused "mine\.c is there and is not an ONNX file" "$rondo" export lstm --to onnx --output mine.c
trained double kinds.rondo --precision double
refused "\-\-to onnx is for \-\-precision float" "$rondo" export double --to onnx --output double.onnx
refused "book.txt is there and is not a safetensors file" "$rondo" export lstm --to safetensors --output book.txt
finish
