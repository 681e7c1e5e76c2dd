#!/usr/bin/env bash
# report.sh RONDO MPIRUN...: pages that rondo report writes of runs of several tasks: what must be in them,
# the same bytes each time, what comes out of the command that they tell, and what is refused.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# has PAGE WORDS...: all of them, as they stand in the HTML.
has() {
  local page=$1 words
  shift
  for words in "$@"; do
    checks=$((checks + 1))
    grep -qF -- "$words" "$page" || note_failure "$page has no \"$words\""
  done
}
has_not() {
  checks=$((checks + 1))
  ! grep -qF -- "$2" "$1" || note_failure "$1 has \"$2\": $(grep -oF -m1 -- "$2" "$1")"
}
# A page is one file: nothing is loaded, no script runs, and it knows no path of this machine.
stands_alone() {
  has "$1" '<!DOCTYPE html>' 'written by rondo report' "default-src 'none'" '</html>'
  local bad
  for bad in '<script' 'http:' 'https:' 'src=' '<link' '@import' 'url(http' "$scratch" nan inf; do
    has_not "$1" "$bad"
  done
}
# The command that trains a run again, as it stands in its page.
command_of() {
  sed -n '/^<pre>rondo train/,/<\/pre>/p' "$1" |
    sed -e 's/^<pre>//' -e 's/<\/pre>.*//' -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&quot;/"/g' -e 's/&amp;/\&/g'
}

# Classes whose names mean something to HTML, and a column that does; some of them are wrong.
awk -v state=7 '
  function below(limit) { state = state * 16807 % 2147483647; return int(state / 64) % limit }
  BEGIN {
    print "<i>word,kind"
    for (row = 1; row <= 200; ++row) {
      word = ""
      for (n = 4 + below(5); n > 0; --n) word = word substr("ab<&\"", 1 + below(5), 1)
      gsub(/"/, "\"\"", word)
      print "\"" word "\"," ((word ~ /[b&]$/) != (row % 9 == 5) ? "<b>late&</b>" : "early")
    }
  }' </dev/null >words.csv
done_with 0 "$rondo" prepare --task classify --input words.csv --source '<i>word:char' --target kind \
  --output words.rondo
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data words.rondo --lanes 8 --block 4 --window 24 --hidden 12 \
  --rate 0.02 --steps 60 --validate-every 20 --report-every 5 --seed 5 --threads 1 --run runs/words
done_with 0 "$rondo" report runs/words --data words.rondo --split test --output words.html
stands_alone words.html
digest=$("$rondo" inspect runs/words --digest)
fingerprint=$("$rondo" inspect words.rondo --json | sed -n 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/p')
has words.html "$digest" "$fingerprint" '<title>words</title>' 'accuracy on validation' 'norm of the gradient' \
  '<th scope="row">&lt;b&gt;late&amp;&lt;/b&gt; ' '<td>&lt;i&gt;word</td>' '95 % interval' 'Worst samples' \
  'precision' '<table class="confusion">' 'prefers-color-scheme: dark' '@media print' 'slowest'
for bad in '<i>' '<b>'; do has_not words.html "$bad"; done
# The figures are those of rondo eval.
done_with 0 "$rondo" eval --checkpoint runs/words --data words.rondo --split test
has words.html "<td>accuracy</td><td class=\"number\">$(grep -oE 'accuracy [0-9.]+ %' "$scratch/stdout" | cut -d' ' -f2-)</td>"
# All the ranks are there.
same "rows of ranks" 2 "$(grep -cE '^<tr><td>[01]</td><td class="number">.* of 12</td>' words.html)"

# The same bytes whatever the run is called, from wherever, on any threads; over an own page alone.
cp words.html first.html
done_with 0 "$rondo" report "$PWD/runs/words/" --data "$PWD/words.rondo" --split test --threads 2 --output words.html
same "the same bytes" "$(sha256sum <first.html)" "$(sha256sum <words.html)"
mkdir elsewhere
done_with 0 env -C elsewhere "$rondo" report ../runs/words --data ../words.rondo --split test --output words.html
same "the same bytes from elsewhere" "$(sha256sum <first.html)" "$(sha256sum <elsewhere/words.html)"

# What it tells to do makes the run again.
command=$(command_of words.html)
checks=$((checks + 1))
grep -q '^rondo train --data words.rondo' <<<"$command" || note_failure "no command: $command"
# shellcheck disable=SC2001,SC2016
eval "$(sed 's/^rondo /"$rondo" /' <<<"$command")" >again 2>"$scratch/stderr" </dev/null
same "the command's digest" "$digest" "$(cat again)"

# Runs side by side.
done_with 0 "$rondo" train --data words.rondo --lanes 8 --block 4 --window 24 --hidden 12 --cell gru --rate 0.01 \
  --steps 30 --validate-every 10 --report-every 5 --seed 6 --threads 1 --run runs/gru
done_with 0 "$rondo" report runs/gru runs/words --output both.html
stands_alone both.html
has both.html '2 runs side by side' '<td>cell</td>' '<td>rate</td>' '<td>seed</td>' '<ul class="legend">' \
  'Where their configurations differ'

# A text: bits, and one in the model's own words, for a seed.
text 3 60 >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt --output book.rondo
done_with 0 "$rondo" train --data book.rondo --hidden 16 --lanes 4 --block 2 --window 16 --rate 0.01 --steps 40 \
  --validate-every 20 --threads 1 --run book
done_with 0 "$rondo" report book --data book.rondo --seed 4 --output book.html
stands_alone book.html
has book.html 'How far back gradients reach' 'A window of 16 loses' 'steps before the loss</text>' \
  'In its own words' '--temperature 0.7 --seed 4' 'bits per character'
done_with 0 "$rondo" generate --checkpoint book --length 400 --temperature 0.7 --seed 4
same "the text" "$(cat "$scratch/stdout")" \
  "$(sed -n '/In its own words/,/<\/pre>/p' book.html | sed -e 1d -e 's/^<pre>//' -e 's/<\/pre>//')"

# Forecasts with an interval, texts that are said with attention, lines that steps spell.
awk 'BEGIN { print "hour,load,<lean>"; for (i = 1; i <= 400; ++i) print i "," 10 + 5 * sin(i / 4) "," cos(i / 9) }' \
  </dev/null >series.csv
done_with 0 "$rondo" prepare --task forecast --input series.csv --time hour --target load '<lean>' --output series.rondo
done_with 0 "$rondo" train --data series.rondo --lanes 1 --block 1 --window 40 --hidden 8 --rate 0.01 --steps 40 \
  --horizon 6 --loss gaussian --seed 5 --threads 1 --run series
done_with 0 "$rondo" report series --data series.rondo --output series.html
stands_alone series.html
same "fans" 14 "$(grep -c '<polygon' series.html)"
has series.html '80 % interval' '&lt;lean&gt; from row' 'coverage'

# Numbers said over those given.
awk 'BEGIN { print "row,x,y,<z>"; for (i = 0; i < 400; ++i) { x = (i * 37) % 101; print int(i / 4) "," x "," 3 * x "," (0 - x) } }' \
  </dev/null >numbers.csv
done_with 0 "$rondo" prepare --task regress --input numbers.csv --group row --source x --target y '<z>' --output numbers.rondo
done_with 0 "$rondo" train --data numbers.rondo --hidden 8 --lanes 8 --block 4 --window 8 --rate 0.02 --steps 40 --seed 5 \
  --threads 1 --run numbers
done_with 0 "$rondo" report numbers --data numbers.rondo --split train --output numbers.html
stands_alone numbers.html
has numbers.html 'Said over given' 'y, said</text>' '&lt;z&gt;, said</text>' 'rmse' '95 % interval'
same "a dot for each number of 320 steps" 640 "$(grep -c fill-opacity numbers.html)"

awk 'BEGIN { print "word,said"; for (i = 0; i < 120; ++i) { w = substr("abcdabdcabca", 1 + i % 7, 3 + i % 5); print w "," toupper(w) } }' \
  </dev/null >said.csv
done_with 0 "$rondo" prepare --task transduce --input said.csv --source word:char --target said:char --output said.rondo
done_with 0 "$rondo" train --data said.rondo --lanes 8 --block 4 --hidden 12 --embedding 8 --attention dot \
  --rate 0.02 --steps 40 --validate-every 20 --seed 5 --threads 1 --run said
done_with 0 "$rondo" report said --data said.rondo --split train --output said.html
stands_alone said.html
has said.html 'looks at' 'exact_match' 'The first ones' '95 % interval'
# The interval of a share of edits holds the share.
row=$(grep -o '<td>cer</td><td class="number">[^<]*</td><td class="number">[^<]*' said.html | sed 's/<[^>]*>/ /g')
checks=$((checks + 1))
awk '{ exit !($4 < $2 && $2 < $6 && $6 - $4 < 60) }' <<<"$row" || note_failure "cer and its interval: $row"

awk -F, 'NR == 1 { print "line,low,high,text"; next } {
    for (i = 1; i <= length($1); ++i) {
      letter = index("abcd", substr($1, i, 1)) - 1
      for (n = 0; n < 2; ++n) print "r" NR "," letter % 2 "," int(letter / 2) "," $1
      print "r" NR ",-1,-1," $1
    }
  }' said.csv >lines.csv
done_with 0 "$rondo" prepare --task transcribe --group line --source low high --target text:char --input lines.csv \
  --output lines.rondo
done_with 0 "$rondo" train --data lines.rondo --hidden 12 --lanes 8 --block 4 --rate 0.02 --steps 60 --seed 5 \
  --threads 1 --run lines
done_with 0 "$rondo" report lines --data lines.rondo --split train --output lines.html
stands_alone lines.html
has lines.html 'when each symbol was said' 'cer'
refused "of the task 'transcribe' stand at no step" "$rondo" inspect lines --gradient-reach --data lines.rondo
refused "of the task 'transduce' stand at no step" "$rondo" inspect said --gradient-reach --data said.rondo

# A long run, and one that has no checkpoint: 10,000 reports take less than a second of a processor, and the
# page stays small; a peak is not lost.
mkdir long
awk 'BEGIN { for (i = 1; i <= 10000; ++i) printf "{\"step\":%d,\"epoch\":0,\"split\":\"train\",\"loss\":%.6f,\"targets\":512,\"tokens_per_second\":1000,\"filled\":1.0,\"gflops\":1.5,\"share_of_peak\":0.5,\"rate\":0.001,\"gradient_norm\":%.4f,\"seconds\":%.3f,\"forward_share\":0.3,\"backward_share\":0.6,\"reduce_share\":0.02,\"wait_share\":0.03,\"optimizer_share\":0.03,\"data_share\":0.02,\"rank_step_minimum\":[0.01,0.01],\"rank_step_median\":[0.02,0.02],\"rank_step_maximum\":[0.03,0.03],\"slowest_rank\":1}\n", i, i == 7777 ? 97 : 1 + 1 / i, 0.5, i / 10 }' </dev/null >long/metrics.jsonl
TIMEFORMAT='%U %S'
seconds=$({ time "$rondo" report long --output long.html >"$scratch/stdout" 2>"$scratch/stderr"; } 2>&1)
checks=$((checks + 1))
awk '{ exit !($1 + $2 < 1) }' <<<"$seconds" || note_failure "10,000 reports: $seconds seconds"
stands_alone long.html
has long.html 'no checkpoint' '16 min 40 s' '>100</text>'
checks=$((checks + 1))
(($(wc -c <long.html) < 100000)) || note_failure "long.html has $(wc -c <long.html) bytes"

# What is refused, and leaves all as it is.
echo mine >mine.html
refused 'mine.html is there and is not a page' "$rondo" report book --output mine.html
refused 'output' "$rondo" report book
refused 'nowhere is no folder' "$rondo" report nowhere --output new.html
refused 'split is for what is measured' "$rondo" report book --split test --output new.html
refused 'trained for the task' "$rondo" report book --data words.rondo --output new.html
refused "no split 'other'|other" "$rondo" report book --data book.rondo --split other --output new.html
finish
