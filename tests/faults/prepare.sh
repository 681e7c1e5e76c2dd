#!/usr/bin/env bash
# prepare.sh RONDO MPIRUN...: input that `rondo prepare` refuses, and what it leaves behind: nothing.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

text 1 40 >good.txt
: >empty.txt
mkdir folder empty-folder
text 2 40 >folder/one.txt
printf 'good line\nand a \303\050 bad one\n' >invalid.txt
printf 'one line that ends inside of a character \303' >torn.txt
printf '\377\376h\000i\000' >utf16.txt
echo precious >thesis.txt
: >nothing.txt
done_with 0 "$rondo" prepare --input folder --output existing.rondo
ln -s existing.rondo link.rondo
ln -s thesis.txt link.txt
ln -s nowhere torn.rondo
mkfifo pipe

prepare() {
  refused "$1" "$rondo" prepare --task text --level char --output out.rondo "${@:2}"
}
prepare "missing\.txt" --input missing.txt
prepare "missing\.txt" --input good.txt missing.txt
prepare "empty" --input empty.txt
prepare "empty-folder" --input empty-folder
prepare "invalid\.txt, line 2, byte offset 16:" --input invalid.txt
prepare "torn\.txt.* line 1" --input good.txt torn.txt
prepare "utf16\.txt is text in UTF-16.* with: iconv -f UTF-16 -t UTF-8 utf16\.txt > utf16\.utf8\.txt$" \
  --input utf16.txt
gzip -c good.txt >"a book.txt.gz"
prepare "is compressed by gzip.* with: gzip -dc 'a book.txt.gz' > 'a book.txt'$" --input "a book.txt.gz"
refused "standard input is text in UTF-16.* FILE > FILE\.utf8\.txt$" bash -c \
  '"$0" prepare --input - --output out.rondo <utf16.txt' "$rondo"
prepare "standard input .* only once" --input - --test-input -
mkdir circle
ln -s ../circle circle/back
prepare "circle/back is a link back" --input circle
prepare "good\.txt/below" --input good.txt/below
prepare "validation" --input good.txt --validation 1.5
prepare "validation.*nan" --input good.txt --validation nan
prepare "test.*-0\.1" --input good.txt --test -0.1
prepare "validation|test" --input good.txt --validation 0.7 --test 0.7
prepare "--inptu.*--input" --inptu good.txt

refused "--output" "$rondo" prepare --input good.txt
refused "--input" "$rondo" prepare --output out.rondo
refused "level.*syllable" "$rondo" prepare --input good.txt --level syllable --output out.rondo
refused "documents takes files, lines, paragraphs or stream, not \"verses\"" "$rondo" prepare \
  --input good.txt --documents verses --output out.rondo
refused "document-separator .* --documents stream" "$rondo" prepare --input good.txt \
  --documents stream --document-separator --- --output out.rondo
refused "--group does not go with --task text" "$rondo" prepare --input good.txt --group id \
  --output out.rondo
refused "task.*images" "$rondo" prepare --input good.txt --task images --output out.rondo
# An output that cannot be written, also for root: below a file, below nothing, a folder's place.
refused "good\.txt" "$rondo" prepare --input good.txt --output good.txt/out.rondo
refused "nowhere" "$rondo" prepare --input good.txt --output nowhere/out.rondo
refused "folder" "$rondo" prepare --input good.txt --output folder
# A file that is there stays as it was when its replacement fails.
refused "invalid\.txt" "$rondo" prepare --input invalid.txt --output existing.rondo
# Nor is anything but a data set replaced: the input, anybody's file, what links lead to or the
# links, pipes, devices.
refused "good\.txt is one of the inputs" "$rondo" prepare --input good.txt --output good.txt
for theirs in thesis.txt nothing.txt; do
  refused "$theirs is there and is not a data set of rondo's" "$rondo" prepare --input good.txt \
    --output "$theirs"
done
for link in link.rondo link.txt torn.rondo; do
  refused "$link is a link" "$rondo" prepare --input good.txt --output "$link"
done
refused "pipe is a pipe or a device" "$rondo" prepare --input good.txt --output pipe
# (Never a device of the machine's: root would replace it if the check were broken.)
done_with 0 "$rondo" prepare --input good.txt --output existing.rondo

# Standard input is a text like any other.
done_with 0 "$rondo" prepare --input good.txt --output named.rondo
"$rondo" prepare --input - --output piped.rondo <good.txt >/dev/null
same "text from standard input" "$("$rondo" eval --baseline --data named.rondo)" \
  "$("$rondo" eval --baseline --data piped.rondo)"

# Whatever ends it leaves nothing behind, be it standard input that is kept meanwhile.
ulimit -c 0
mkfifo stream
exec 3<>stream
before=$(snapshot)
kept() { compgen -G '.standard-input.*.tmp' >/dev/null; }
for signal in HUP INT QUIT TERM USR1; do
  env --default-signal "$rondo" prepare --input - --output out.rondo <stream 2>"$scratch/stderr" &
  pid=$!
  eventually kept || die "standard input is not kept"
  kill -s "$signal" "$pid"
  wait "$pid" 2>/dev/null
  code=$?
  same "exit code after $signal" $((128 + $(kill -l "$signal"))) "$code"
  same "what is said" "rondo: stopped by SIG$signal; what was not finished is removed" \
    "$(cat "$scratch/stderr")"
  same "files after $signal" "$before" "$(snapshot)"
done
text 3 3000 >long.txt
before=$(snapshot)
done_with 1 bash -c 'ulimit -f 8; exec "$@"' - "$rondo" prepare --input long.txt --output out.rondo
same "a file beyond the limit" 1 "$(grep -c "^rondo: cannot write .*File too large" "$scratch/stderr")"
same "files beyond the limit" "$before" "$(snapshot)"
finish
