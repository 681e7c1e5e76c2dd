#!/usr/bin/env bash
# recipes.sh RONDO MPIRUN...: the recipes of datasets/ are whole, and launch/quickstart runs what their
# descriptions say: here a made-up one that wants a PATH, in a tree of its own, whose rondo is built.
repository=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# Each folder has what people and quickstart look for, each recipe can be read and is listed.
done_with 0 "$repository/launch/quickstart" --list
listed=$(sed -n 's/^\([^ ]*\)  .*(.*)$/\1/p' "$scratch/stdout" | xargs)
same "the recipes that are listed" \
  "$(basename -s .recipe "$repository"/datasets/*/*.recipe | LC_ALL=C sort | xargs)" "$listed"
for folder in "$repository"/datasets/*/; do
  same "README.md of $folder" yes "$([ -s "$folder/README.md" ] && echo yes)"
  same "program prepare of $folder" yes "$([ -x "$folder/prepare" ] && echo yes)"
  same "a recipe of $folder" yes "$(compgen -G "$folder/*.recipe" >/dev/null && echo yes)"
done

# What the texts' configurations say is known to rondo.
text 1 3000 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output text.rondo
for config in "$repository"/datasets/kjv/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data text.rondo --run dry --dry-run
done

# And what the classifiers' say; any table of classes does.
printf 'word\tlanguage\n%s\n' "$(for i in {1..40}; do printf 'w%d\t%d\n' "$i" $((i % 2)); done)" >words.tsv
done_with 0 "$rondo" prepare --task classify --input words.tsv --source word:char --target language \
  --output words.rondo
for config in "$repository"/datasets/{digits,languages,spoken-digits,vowels}/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data words.rondo --run dry --dry-run
done

# And those of classes for each step.
sed 's/\t/ /; /^word/d; s/$/\n/' words.tsv >words.conll
done_with 0 "$rondo" prepare --task label --input words.conll --columns word,tag --target tag \
  --output steps.rondo
for config in "$repository"/datasets/{ud-ewt,case-restore}/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data steps.rondo --run dry --dry-run
done

# And what forecasts' say.
awk 'BEGIN { print "hour,load,heat"; for (i = 0; i < 1200; ++i) print i "," i % 24 "," i % 7 }' >hours.csv
done_with 0 "$rondo" prepare --task forecast --input hours.csv --time hour --target load heat --output hours.rondo
for config in "$repository"/datasets/{etth1,runoff,weather}/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data hours.rondo --run dry --dry-run
done

# And what is said of those that say others.
done_with 0 "$rondo" prepare --task transduce --input words.tsv --source word:char --target language:char \
  --output pairs.rondo
for config in "$repository"/datasets/{emoji-names,g2p,kjv-spanish,letters-to-phones}/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data pairs.rondo --run dry --dry-run
done

# And those whose steps spell.
awk 'BEGIN {
  print "line,dark,light,text"
  for (i = 0; i < 40; ++i) for (t = 0; t < 40; ++t) print i "," t % 5 "," i % 3 ",ab"
}' </dev/null >lines.csv
done_with 0 "$rondo" prepare --task transcribe --input lines.csv --group line --source dark light --target text:char \
  --output lines.rondo
for config in "$repository"/datasets/{fraktur-lines,printed-kjv,prompts,spoken-strings}/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data lines.rondo --run dry --dry-run
done

# And those of what is made up.
done_with 0 "$repository/datasets/adding/make_sums.py" 10000 sums.npz
done_with 0 "$rondo" prepare --task regress --input sums.npz --source x:real --target sum \
  --split-by split --output sums.rondo
same "sums made up" 1 "$(grep -c '^train  *300  *3000000 ' "$scratch/stdout")"
for config in "$repository"/datasets/adding/*.conf; do
  done_with 0 "$rondo" train --config "$config" --data sums.rondo --run dry --dry-run
done
done_with 0 "$repository/datasets/copy/make_copies.py" 3 copies.csv
said_again() { awk -F, '$1 == 1 && NR < 12 { a = a $3 } $1 == 1 { b = b $4 } END { print a == b, b }'; }
same "copies made up" "1 gggacadgdd" "$(said_again <copies.csv)"
same "their delay" "1,train,go," "$(sed -n 14p copies.csv)"
done_with 0 "$rondo" train --config "$repository/datasets/copy/copy.conf" --data steps.rondo --run dry \
  --dry-run

# What is spoken in recordings is written as it is spoken, and equal texts are in one split.
mkdir sounds
python3 -c 'import sys, wave
for name, seconds in ("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 21), ("f", 1):
    with wave.open(f"sounds/{name}.wav", "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000 * seconds))'
printf '%s\n' '; A comment' '' "a: Press 1, or * -- at 5 P.M. [beep]" 'b: dial 500' 'c: (a tone)' \
  'd: press one or star at five PM' 'e: too long' "f: It's you!" 'g: nothing' | gzip >texts.gz
SOUNDS=sounds TEXTS=texts.gz done_with 0 "$repository/datasets/prompts/list_prompts.py" .
same "prompts" "a press one or star at five pm,d press one or star at five pm,f it's you" \
  "$(sed -n '2,$s|^sounds/\(.\).wav\t\(.*\)\t.*|\1 \2|p' prompts.tsv | paste -sd,)"
same "splits of equal texts" 1 "$(grep -c 'press' <(grep press prompts.tsv | cut -f2,3 | uniq))"

# A tree in which nothing needs to be installed or built.
mkdir -p tree/datasets/toy tree/build/release bin
cp -r "$repository/launch" tree/
ln -s "$rondo" tree/build/release/rondo
printf '#!/bin/sh\nexit 0\n' >bin/cmake
printf '#!/bin/sh\necho installed\n' >bin/dpkg-query
printf '#!/bin/sh\nexec "%s" "$@"\n' "$(command -v "${mpirun[0]}")" >bin/mpirun
cat >tree/datasets/toy/toy.recipe <<'END'
# A comment.
title: made-up words
time: a second
shows: that recipes work
path: a text
data: toy.rondo
config: toy.conf
use: generate --checkpoint {run} --prompt "to be" --length 20 --temperature 0.7 --top-k 5 --seed 1
END
cat >tree/datasets/toy/toy.conf <<'END'
lanes = 8
block = 2
window = 16
hidden = 16
epochs = 1
END
cat >tree/datasets/toy/prepare <<'END'
#!/bin/sh
exec "$RONDO" prepare --input "$2" --output "$1/toy.rondo"
END
chmod +x bin/* tree/datasets/toy/prepare
quickstart=(env PATH="$PWD/bin:$PATH" QUICKSTART_RANKS=2 tree/launch/quickstart)

# said CODE PATTERN COMMAND...: ends with CODE, and the last line of standard error matches PATTERN.
said() {
  local code=$1 pattern=$2
  shift 2
  done_with "$code" "$@"
  checks=$((checks + 1))
  tail -n 1 "$scratch/stderr" | grep -qE -- "$pattern" ||
    note_failure "$*: no \"$pattern\" in \"$(tail -n 1 "$scratch/stderr")\""
}
said 2 'no recipe "tyo"; there are toy$' "${quickstart[@]}" tyo
said 2 'no recipe "kjv"; there are toy$' "${quickstart[@]}" --steps 4
said 2 'toy needs a PATH behind it: a text$' "${quickstart[@]}" toy --steps 4
said 2 'there is no "/.*/nowhere"; PATH is a text$' "${quickstart[@]}" toy nowhere
said 75 'Stopped after step 3; launch/quickstart toy goes on from there$' \
  "${quickstart[@]}" toy text.txt --steps 4 --max-steps 3
done_with 0 "${quickstart[@]}" toy --steps 4
same "the table" 1 "$(grep -c 'on test: ' "$scratch/stdout")"
same "the command to go on" 1 \
  "$(grep -c '^to go on:    launch/quickstart toy --steps 8$' "$scratch/stdout")"
same "the command to use it" 1 "$(grep -c \
  '^to use it:   build/release/rondo generate --checkpoint build/quickstart/toy/run --prompt' \
  "$scratch/stdout")"
digest=$("$rondo" inspect tree/build/quickstart/toy/run --digest)
done_with 0 "$rondo" train --config tree/datasets/toy/toy.conf --data \
  tree/build/quickstart/toy/toy.rondo --run alone --steps 4
same "the weights" "$("$rondo" inspect alone --digest)" "$digest"

# A table of the recipe's own, which gets what it needs.
echo 'eval: --best' >>tree/datasets/toy/toy.recipe
printf '#!/bin/sh\nshift\necho "shown: $*"\n' >tree/datasets/toy/show
chmod +x tree/datasets/toy/show
done_with 0 "${quickstart[@]}" toy --steps 4
same "the recipe's own table" 1 "$(grep -cx \
  'shown: build/quickstart/toy/run build/quickstart/toy/toy.rondo --best' "$scratch/stdout")"

# Descriptions that cannot be used.
echo 'titel: a slip' >>tree/datasets/toy/toy.recipe
said 2 'toy.recipe line 10: "titel: a slip" is not "key: value" with one of' \
  "${quickstart[@]}" --list
sed -i '/^titel/d; /^time/d' tree/datasets/toy/toy.recipe
said 2 'toy.recipe lacks a line "time: ...' "${quickstart[@]}" --list
finish
