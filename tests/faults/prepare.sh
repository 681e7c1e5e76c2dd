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
table() {
  printf '%b' "$2" >table.csv
  refused "$1" "$rondo" prepare --task classify --input table.csv --output existing.rondo \
    --validation 0 --test 0 --target kind "${@:3}"
}
table "table\.csv is empty" ""
table "table\.csv, line 3 has 1 cells, and there are 2 columns" 'v,kind\n1,x\n2\n'
table "table\.csv, line 3, cell 1: the quotation mark" 'v,kind\n1,x\n"2,y\n'
table "table\.csv, line 2, column 'v': \"one\" is no finite number" 'v,kind\none,x\n' --source v:real
table "did you mean v1\?" 'v1,kind\n1,x\n' --source v2
table "does not go with --task classify" 'v,kind\n1,x\n' --level char
mkdir -p classes/good classes/bad
echo yes >classes/good/1.txt
echo no >classes/bad/1.txt
echo >classes/bad/.DS_Store
done_with 0 "$rondo" prepare --task classify --input classes --validation 0 --test 0 --output classes.rondo
grep -q '^rondo: classes/bad/.DS_Store is hidden and was left out$' "$scratch/stderr" ||
  note_failure "a hidden file is left out without a word"
gzip -n classes/good/1.txt
refused "classes/good/1\.txt\.gz is compressed by gzip" "$rondo" prepare --task classify \
  --input classes --validation 0 --test 0 --output existing.rondo
refused "invalid\.txt, line 2: byte 7 of the line is not valid UTF-8" "$rondo" prepare \
  --task classify --input good.txt --target-input invalid.txt --output existing.rondo
# Words with their classes, a line each.
tokens() {
  printf '%b' "$3" >"tokens.$2"
  refused "$1" "$rondo" prepare --task label --input "tokens.$2" --output existing.rondo \
    --validation 0 --test 0 "${@:4}"
}
word() { printf '%s\\t%s\\t_\\t%s\\t_\\t_\\t_\\t_\\t_\\t_\\n' "$@"; }
conllu() { tokens "tokens\.conllu$1" conllu "$2" --target upos; }
first=$(word 1 a X)
conllu " is empty" ""
conllu " holds no words" '# text = nothing\n\n'
conllu ", line 2 has 4 cells, and a word of CoNLL-U has ten" "$first"'2\tb\tb\tY\n'
conllu ", line 2 has 1 cells, and a word of CoNLL-U has ten" "$first"'2 b b Y _ _ 0 root _ _\n'
conllu ", line 2, column 'id': \"b\" is neither" "$first$(word b b Y)"
conllu ", line 2, column 'id': 1 stands where 2 is due" "$first$(word 1 b Y)"
conllu ", line 3, column 'id': 2-1 stands where 2 is due" "# text\n$first$(word 2-1 b _)"
conllu ", line 2, column 'form': the cell is empty" "$first$(word 2 "" Y)"
conllu ", line 2, column 'upos': the value is missing" "$first$(word 2 b _)"
conllu ", line 2: byte 3 of the line is not valid UTF-8" "$first"'2\t\xff\n'
conllu ", line 1: byte 3 of the line is NUL" '1\t\0\n'
conllu ": all steps of the train split are of one class" "$first"
conll() { tokens "$1" conll "$2" --columns word,tag --target tag; }
conll "tokens\.conll is empty" ""
conll "tokens\.conll holds no words" '-DOCSTART- O\n\n'
conll "tokens\.conll, line 3 has 3 cells, and there are 2 columns" 'a O\n\nb X Y\n'
conll "tokens\.conll, line 2 has 1 cells" 'a O\nb\n'
conll "tokens\.conll, line 2: byte 1 of the line is not valid UTF-8" 'a O\n\xe9 X\n'
conll "tokens\.conll, line 2: byte 2 of the line is NUL" 'a O\nb\0 X\n'
conll "tokens\.conll: all steps of the train split are of one class" 'a O\n'
tokens "did you mean tag\?" conll 'a O\nb X\n' --columns word,tag --target tags
tokens "names the column 'tag' twice" conll 'a O O\nb X X\n' --columns word,tag,tag --target tag
tokens "'sentence' is the column of the sentences' numbers" conll 'a O\nb X\n' \
  --columns sentence,tag --target tag
utf16=$(printf 'a O\nb X\n' | iconv -t UTF-16 | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g')
conll "tokens\.conll is text in UTF-16" "$utf16"
printf 'v,kind\nab,xy\nab,x\n' >table.csv
refused "table\.csv, line 3, column 'kind': there is 1 for the 2 steps of 'v', and each step has one" "$rondo" \
  prepare --task label --input table.csv --output existing.rondo --validation 0 --test 0 --target kind
# Series: what their times and numbers may not be.
series() {
  printf '%b' "$2" >series.csv
  refused "series\.csv$1" "$rondo" prepare --task forecast --input series.csv --output existing.rondo \
    --validation 0 --test 0 --time day --target y "${@:3}"
}
series " is empty" ""
series ", line 3, column 'y': the value is missing: fill" 'day,y\n1,1\n2,\n3,1\n'
series ", line 3, column 'y': the value is missing: fill" 'day,y\n1,1\n2,NaN\n3,1\n'
series ", line 3, column 'y': \"-inf\" is no finite number" 'day,y\n1,1\n2,-inf\n3,1\n'
series ", line 3, column 'y': \"1e999\" is no finite number" 'day,y\n1,1\n2,1e999\n3,1\n'
series ", line 4, column 'y': \"much\" is no finite number" 'day,y\n1,1\n2,1\n3,much\n'
series ", line 3 has 1 cells, and there are 2 columns" 'day,y\n1,1\n2\n3,1\n'
gap=", line 4, column 'day': 4 follows the time of series\.csv, line 3 by 2, and rows are 1 apart: fill the gap"
series "$gap" 'day,y\n1,1\n2,1\n4,1\n'
series ", line 4, column 'day': 2000002 follows .* by 2e\+06, .*: that is no gap but another series" \
  'day,y\n1,1\n2,1\n2000002,1\n' --missing mask
series ", line 4, column 'day': 3\.5 follows the time of series\.csv, line 3 by 1\.5, and rows are 1 apart" \
  'day,y\n1,1\n2,1\n3.5,1\n'
series ", line 4, column 'day': 2024-01-02 is the time of series\.csv, line 3 too" \
  'day,y\n2024-01-01,1\n2024-01-02,1\n2024-01-02,2\n'
series ", line 4, column 'day': 1 comes before 2, the time of series\.csv, line 3: sort the table" \
  'day,y\n0,1\n2,1\n1,1\n'
series ", line 3, column 'day': the time is missing" 'day,y\n1,1\n,1\n'
series ", line 3, column 'day': \"tomorrow\" is no time" 'day,y\n1,1\ntomorrow,1\n'
series ", line 3, column 'day': \"2024-02-30\" is no time" 'day,y\n2024-02-29,1\n2024-02-30,1\n'
series ", line 3, column 'day': 2024-01-02 is a day, and the time of series\.csv, line 2 is a number" \
  'day,y\n1,1\n2024-01-02,1\n'
series ", line 4, column 'rain': \"wet\" is no finite number" 'day,rain,y\n1,0,1\n2,0,1\n3,wet,1\n' --source rain:real
series ", line 5, column 'day': 1 comes before 2" 'shop,day,y\na,1,1\na,2,1\nb,2,1\nb,1,1\n' --group shop
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
