#!/usr/bin/env bash
# sounds.sh RONDO MPIRUN...: tables of wave and FLAC files, from files to classes: the bits are the same on
# any number of ranks, predict reads the files themselves, and bad files are refused with their place.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

"$RONDO_MAKE_FILES" . || die "there are no sounds"
figure() { sed -n "s/.*\"$1\":\([0-9.e+-]*\).*/\1/p" "$scratch/stdout"; }

done_with 0 "$rondo" prepare --task classify --input tones.tsv --target tone --split-by split --sound-bands 24 \
  --output tones.rondo
grep -q '^  source  path  *audio 24 numbers a step: sounds of 8000 samples a second, every 10 ms a window of 25 ms: 24 bands (mel) (kind guessed)$' \
  "$scratch/stdout" || note_failure "the sounds are not told"

keys=(--data tones.rondo --hidden 16 --lanes 6 --block 2 --window 48 --rate 0.01 --steps 120 --pool last
  --validate-every 40 --checkpoint-every 40 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run ear
done_with 0 "${mpirun[@]}" -n 3 "$rondo" train "${keys[@]}" --run on-3
same "digests on 3 ranks" "$(digests ear)" "$(digests on-3)"
done_with 0 "$rondo" eval --checkpoint ear --data tones.rondo --split test --json
right=$(figure accuracy)
awk -v right="$right" 'BEGIN { exit !(right > 0.85) }' || note_failure "tones are not told apart: $right"

# predict reads the files, from a table, a list, a line or by their names, and says what eval counted.
awk -F'\t' -v OFS='\t' 'NR == 1 || $3 == "test"' tones.tsv >test.tsv
done_with 0 "$rondo" predict --checkpoint ear --input test.tsv
cp "$scratch/stdout" answers
same "tones that predict hears right" "$(printf %.6g "$right")" \
  "$(paste <(tail -n +2 test.tsv | cut -f2) <(cut -f1 answers) | awk -F'\t' '{ right += ($1 == $2) } END { print right / NR }')"
tail -n +2 test.tsv | cut -f1 >test.list
done_with 0 "$rondo" predict --checkpoint ear --input test.list --format lines
same "tones of a list" "$(cat answers)" "$(cat "$scratch/stdout")"
"$rondo" predict --checkpoint ear --input - <test.list >from-lines || note_failure "lines: ended with $?"
same "tones of lines" "$(cat answers)" "$(cat from-lines)"
mapfile -t files <test.list
done_with 0 "${mpirun[@]}" -n 2 "$rondo" predict --checkpoint ear --input "${files[@]}" --output tones.out
same "tones of the files themselves" "$(cat answers)" "$(cat tones.out)"

# A folder a class, and known columns.
mkdir -p folders/{rises,falls,stays}
tail -n +2 test.tsv | while IFS=$'\t' read -r path tone _; do cp "$path" "folders/$tone"; done
done_with 0 "$rondo" prepare --task classify --input folders --target label --validation 0 --test 0 \
  --sound-features mfcc --sound-deltas 2 --sound-normalise recording --output folders.rondo
grep -q '^  source  path  *audio 39 numbers a step: .* 13 coefficients (mfcc) of 40 bands, their slopes and the slopes of these, normalised by recording' \
  "$scratch/stdout" || note_failure "the coefficients are not told"
done_with 0 "$rondo" prepare --task classify --input test.tsv --columns-from ear --split-by split --output again.rondo
done_with 0 "$rondo" eval --checkpoint ear --data again.rondo --split test --json
same "accuracy of what is prepared again" "$right" "$(figure accuracy)"

# Bad files and options.
bad() {
  refused "$1" "$rondo" prepare --task classify --input "$2" --target tone --validation 0 --test 0 --output refused.rondo \
    "${@:3}"
}
table() { printf 'path\ttone\n%s\ta\n%s\tb\n' tones/0.wav "$1" >bad.tsv; }
table tones/none.wav
bad "bad.tsv, line 3, column 'path': the sound file tones/none.wav does not exist" bad.tsv
echo 'no sound' >tones/text.wav
table tones/text.wav
bad "line 3, column 'path': tones/text.wav is no sound file that can be read, wave or FLAC" bad.tsv
: >tones/empty.wav
table tones/empty.wav
bad 'tones/empty.wav is empty, but is to be a sound file' bad.tsv
head -c 1000 tones/0.wav >tones/short.wav
table tones/short.wav
bad 'tones/short.wav is cut off: it tells of [0-9]+ bytes of sound and has 956' bad.tsv
head -c 900 tones/1.flac >tones/short.flac
table tones/short.flac
bad 'tones/short.flac is damaged or cut off' bad.tsv
{ head -c 44 tones/0.wav && tail -c +45 tones/0.wav | tr '\000-\377' '\000'; } >tones/silent.wav
table tones/silent.wav
bad 'tones/silent.wav is silent: all its samples are 0: leave it out' bad.tsv
# Bytes 22 and 24 of a wave file are its channels and its rate.
{ head -c 22 tones/0.wav && printf '\002' && tail -c +24 tones/0.wav; } >tones/stereo.wav
table tones/stereo.wav
bad 'tones/stereo.wav has 2 channels, and one is read: mix them, with: sox tones/stereo.wav -c 1 tones/stereo.new.wav' bad.tsv
{ head -c 24 tones/0.wav && printf '\200\076' && tail -c +27 tones/0.wav; } >tones/other.wav
table tones/other.wav
bad 'tones/other.wav has 16000 samples a second, and 8000 are read: resample it, with: sox tones/other.wav -r 8000' bad.tsv
table ''
bad "line 3, column 'path': the path of a file is missing" bad.tsv --source path:audio
bad '--sound-features takes mel or mfcc' tones.tsv --sound-features plp
bad '--sound-bands 300 are more than a window of 25 ms tells apart' tones.tsv --sound-bands 300
bad '--picture-height is for columns of the kind image, and there is none' tones.tsv --picture-height 3
refused 'tones/other.wav has 16000 samples a second, and 8000 are read' "$rondo" predict --checkpoint ear \
  --input tones/other.wav

finish
