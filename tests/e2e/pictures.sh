#!/usr/bin/env bash
# pictures.sh RONDO MPIRUN...: tables of pictures, PNG and JPEG, from files to texts and classes: the bits
# are the same with and without the decoder's vector code and on any number of ranks, predict reads the
# files themselves, and bad files are refused with their place.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

"$RONDO_MAKE_FILES" . || die "there are no pictures"
figure() { sed -n "s/.*\"$1\":\([0-9.e+-]*\).*/\1/p" "$scratch/stdout"; }

done_with 0 "$rondo" prepare --task transduce --input words.tsv --target text:char --split-by split --output words.rondo
grep -q '^  source  path  *image 10 numbers a step: pictures of 10 x any pixels, each column of 10 x 1 gray pixels is a step (kind guessed)$' \
  "$scratch/stdout" || note_failure "the pictures are not told"
grep -q '^scale of path in the train split: mean 0\.' "$scratch/stdout" || note_failure "their scale is not told"

# The decoder's vector code gives the bits of its plain code.
digest=$(sha256sum <words.rondo)
for force in JSIMD_FORCENONE JSIMD_FORCESSE2; do
  done_with 0 env $force=1 "$rondo" prepare --task transduce --input words.tsv --target text:char --split-by split \
    --output plain.rondo
  same "digest with $force" "$digest" "$(sha256sum <plain.rondo)"
done

# Read column by column and said letter by letter.
keys=(--data words.rondo --hidden 24 --embedding 8 --lanes 6 --block 2 --window 48 --rate 0.01 --steps 240
  --bidirectional --attention general --validate-every 80 --checkpoint-every 80 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run reader
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train "${keys[@]}" --run on-3
same "digests on 3 ranks" "$(digests reader)" "$(digests on-3)"
done_with 0 "$rondo" eval --checkpoint reader --data words.rondo --split test --json
awk -v wrong="$(figure cer)" 'BEGIN { exit !(wrong != "" && wrong < 0.1) }' ||
  note_failure "the letters are not read: $(figure cer) of them wrong"
same_answers=$(figure exact_match)

# predict reads the files, from a table, a list or a line, and says what eval counted.
awk -F'\t' -v OFS='\t' 'NR == 1 || $3 == "test"' words.tsv >test.tsv
done_with 0 "$rondo" predict --checkpoint reader --input test.tsv
cp "$scratch/stdout" answers
same "texts that predict reads right" "$(printf %.6g "$same_answers")" \
  "$(paste <(tail -n +2 test.tsv | cut -f2) <(cut -f1 answers | tr -d ' ') | awk -F'\t' '{ right += ($1 == $2) } END { print right / NR }')"
tail -n +2 test.tsv | cut -f1 >test.list
done_with 0 "$rondo" predict --checkpoint reader --input test.list --format lines
same "texts of a list" "$(cat answers)" "$(cat "$scratch/stdout")"
"$rondo" predict --checkpoint reader --input - <test.list >from-lines || note_failure "lines: ended with $?"
same "texts of lines" "$(cat answers)" "$(cat from-lines)"
mapfile -t files <test.list
done_with 0 "${mpirun[@]}" -n 2 "$rondo" predict --checkpoint reader --input "${files[@]}" --output texts.out
same "texts of the files themselves" "$(cat answers)" "$(cat texts.out)"

# A whole picture is what a caption is of.
done_with 0 "$rondo" prepare --task caption --input words.tsv --target text:char --split-by split --picture-height 10 \
  --picture-width 34 --picture-steps whole --output captions.rondo
done_with 0 "$rondo" train --data captions.rondo --lanes 6 --block 2 --hidden 24 --embedding 8 --rate 0.01 --steps 60 \
  --seed 5 --run captions
done_with 0 "$rondo" predict --checkpoint captions --input "${files[@]}"
same "captions" "${#files[@]}" "$(wc -l <"$scratch/stdout")"

# Pairs in a folder are the same pictures and texts.
mkdir pairs
tail -n +2 words.tsv | while IFS=$'\t' read -r path text split; do
  [ "$split" = test ] || continue
  cp "$path" pairs
  name=${path##*/}
  echo "$text" >"pairs/${name%.*}.gt.txt"
done
done_with 0 "$rondo" prepare --task transduce --input pairs --columns-from reader --test-input pairs --output pairs.rondo

# The other ways to read: classes of whole pictures, patches and colours.
awk -F'\t' -v OFS='\t' 'NR == 1 || length($2) == 1' words.tsv >letters.tsv
for how in "whole" "rows" "patches --picture-patch 5 --picture-colours rgb"; do
  # shellcheck disable=SC2086
  done_with 0 "$rondo" prepare --task classify --input letters.tsv --target text --split-by split --picture-height 10 \
    --picture-width 10 --picture-steps $how --output letters.rondo
  rm -rf letters
  done_with 0 "$rondo" train --data letters.rondo --lanes 4 --block 4 --hidden 16 --window 16 --rate 0.01 --steps 100 \
    --seed 3 --run letters
  done_with 0 "$rondo" eval --checkpoint letters --data letters.rondo --split train --json
  awk -v right="$(figure accuracy)" 'BEGIN { exit !(right != "" && right > 0.9) }' ||
    note_failure "$how: letters are not told apart: $(figure accuracy)"
done
done_with 0 "$rondo" prepare --task transduce --input words.tsv --target text:char --split-by split --picture-height 12 \
  --output higher.rondo
refused 'prepare the table anew with --columns-from' "$rondo" eval --checkpoint reader --data higher.rondo --split test

# Bad files and options.
bad() {
  refused "$1" "$rondo" prepare --task transduce --input "$2" --target text:char --validation 0 --test 0 \
    --output refused.rondo "${@:3}"
}
table() { printf 'path\ttext\n%s\ta\n%s\tb\n' words/0.png "$1" >bad.tsv; }
table words/none.png
bad "bad.tsv, line 3, column 'path': the picture words/none.png does not exist" bad.tsv
echo 'no picture' >words/text.png
table words/text.png
bad "line 3, column 'path': words/text.png is neither a PNG nor a JPEG: convert it" bad.tsv
: >words/empty.png
table words/empty.png
bad 'words/empty.png is empty, but is to be a picture' bad.tsv
head -c 200 words/0.png >words/short.png
table words/short.png
bad 'words/short.png: the PNG is damaged' bad.tsv
head -c 300 words/1.jpg >words/short.jpg
table words/short.jpg
bad 'words/short.jpg: the JPEG is damaged' bad.tsv
table words
bad 'words is no file, but is to be a picture' bad.tsv --source path:image
table ''
bad "line 3, column 'path': the path of a file is missing" bad.tsv --source path:image
bad '--picture-steps takes columns, rows, patches or whole' words.tsv --picture-steps lines
bad '--picture-height takes a whole number from 0 to 8192' words.tsv --picture-height -3
bad '--sound-bands is for columns of the kind audio, and there is none' words.tsv --sound-bands 3
mv pairs/9.gt.txt 9.kept
refused 'pairs/9.jpg has no text beside it: write pairs/9.txt' "$rondo" prepare --task transduce --input pairs --output refused.rondo
mv 9.kept pairs/9.gt.txt
mv pairs/19.jpg kept
refused 'pairs/19.gt.txt has no picture beside it' "$rondo" prepare --task transduce --input pairs --output refused.rondo

finish
