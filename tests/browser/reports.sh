#!/usr/bin/env bash
# reports.sh RONDO MPIRUN...: pages of a language model, a classifier of many classes with long names, a
# forecast, texts that are said and spelt, runs side by side, and a run that has only begun, in Chromium at
# RONDO_CHROMIUM (look.py). Screenshots go to RONDO_SCREENSHOTS.
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=tests/e2e/lib.sh
source "$here/../e2e/lib.sh" "$@"
# shellcheck disable=SC2154
folder=$RONDO_SCREENSHOTS chromium=$RONDO_CHROMIUM python=$RONDO_PYTHON
rm -f "$folder"/*.png "$folder"/*.pdf

# A text, two runs of which stand side by side.
text 3 300 >book.txt
done_with 0 "$rondo" prepare --task text --level char --input book.txt --output book.rondo
for cell in lstm gru; do
  done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data book.rondo --cell "$cell" --hidden 32 --lanes 8 --block 4 \
    --window 32 --rate 0.005 --schedule cosine --steps 400 --validate-every 40 --report-every 4 --threads 1 \
    --run "book-$cell"
done
done_with 0 "$rondo" report book-lstm --data book.rondo --output language-model.html
done_with 0 "$rondo" report book-lstm book-gru --data book.rondo --output side-by-side.html

# Fourteen classes of long names, one that a browser could take for its own.
awk -v state=7 '
  function below(limit) { state = state * 16807 % 2147483647; return int(state / 64) % limit }
  BEGIN {
    print "reading,kind"
    for (row = 1; row <= 900; ++row) {
      class = below(14)
      word = ""
      for (n = 4 + below(24); n > 0; --n) word = word substr("abcdefghijklmn", 1 + (below(3) ? class : below(14)), 1)
      print word "," (class == 3 ? "<script>alert(1)</script>" : "averylongnamewithoutanybreakinit" class)
    }
  }' </dev/null >words.csv
done_with 0 "$rondo" prepare --task classify --input words.csv --source reading:char --target kind --output words.rondo
done_with 0 "$rondo" train --data words.rondo --lanes 8 --block 4 --hidden 24 --rate 0.01 --steps 200 \
  --validate-every 50 --threads 1 --run classifier
done_with 0 "$rondo" report classifier --data words.rondo --output classifier.html

awk 'BEGIN {
    print "hour,load,temperature"
    for (i = 1; i <= 1200; ++i) print i "," 1e4 + 5e3 * sin(i / 4) + 900 * sin(i * i) "," cos(i / 9) / 1000
  }' </dev/null >series.csv
done_with 0 "$rondo" prepare --task forecast --input series.csv --time hour --target load temperature \
  --output series.rondo
done_with 0 "$rondo" train --data series.rondo --lanes 4 --block 4 --window 40 --hidden 16 --rate 0.01 --steps 200 \
  --horizon 12 --loss quantile --validate-every 50 --threads 1 --state fresh --look-back 48 --run forecast
done_with 0 "$rondo" report forecast --data series.rondo --output forecast.html

awk 'BEGIN {
    print "word,said"
    for (i = 0; i < 400; ++i) { w = substr("abcdabdcabcadbcabdca", 1 + i % 7, 3 + i % 13); print w "," toupper(w) }
  }' </dev/null >said.csv
done_with 0 "$rondo" prepare --task transduce --input said.csv --source word:char --target said:char --output said.rondo
done_with 0 "$rondo" train --data said.rondo --lanes 16 --block 8 --hidden 24 --embedding 16 --attention dot \
  --rate 0.01 --steps 300 --validate-every 100 --threads 1 --run said
done_with 0 "$rondo" report said --data said.rondo --output said.html

awk -F, 'NR == 1 { print "line,low,high,text"; next } {
    for (i = 1; i <= length($1); ++i) {
      letter = index("abcd", substr($1, i, 1)) - 1
      for (n = 0; n < 4; ++n) print "r" NR "," letter % 2 "," int(letter / 2) "," $1
      print "r" NR ",-1,-1," $1
    }
  }' said.csv >lines.csv
done_with 0 "$rondo" prepare --task transcribe --group line --source low high --target text:char --input lines.csv \
  --output lines.rondo
done_with 0 "$rondo" train --data lines.rondo --hidden 16 --bidirectional --lanes 8 --block 4 --rate 0.02 --steps 200 \
  --validate-every 50 --threads 1 --run transcription
done_with 0 "$rondo" report transcription --data lines.rondo --output transcription.html

mkdir begun
head -n 3 book-gru/metrics.jsonl >begun/metrics.jsonl
done_with 0 "$rondo" report begun --output begun.html

time_limit=600
done_with 0 "$python" "$here/look.py" "$chromium" "$folder" ./*.html
cat "$scratch/stdout"
# What it looks for it finds.
cat >broken.html <<'END'
<!DOCTYPE html><title>broken</title><meta name="viewport" content="width=device-width">
<script>console.error("a word")</script><svg class="picture" width="40" height="20"><text x="30" y="15">cut off</text></svg>
<div style="width: 2000px">wide</div><p id="a"></p><p id="a"></p><img src="nowhere.png">
END
done_with 1 "$python" "$here/look.py" "$chromium" "$scratch" broken.html
for fault in 'pixels wide' 'outside:' 'cut:' 'twice:' 'console says' 'it loads'; do
  checks=$((checks + 1))
  grep -q "$fault" "$scratch/stdout" || note_failure "no \"$fault\" of a page that has it: $(cat "$scratch/stdout")"
done
finish
