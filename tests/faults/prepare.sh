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
echo precious >existing.rondo

prepare() {
  refused "$1" "$rondo" prepare --task text --level char --output out.rondo "${@:2}"
}
prepare "missing\.txt" --input missing.txt
prepare "missing\.txt" --input good.txt missing.txt
prepare "empty" --input empty.txt
prepare "empty-folder" --input empty-folder
prepare "invalid\.txt, line 2, byte offset 16:" --input invalid.txt
prepare "torn\.txt.* line 1" --input good.txt torn.txt
prepare "utf16\.txt.* line 1" --input utf16.txt
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
    --target kind "${@:3}"
}
table "table\.csv is empty" ""
table "table\.csv, line 3 has 1 cells, and there are 2 columns" 'v,kind\n1,x\n2\n'
table "table\.csv, line 3, cell 1: the quotation mark" 'v,kind\n1,x\n"2,y\n'
table "table\.csv, line 2, column 'v': \"one\" is no finite number" 'v,kind\none,x\n' --source v:real
table "did you mean v1\?" 'v1,kind\n1,x\n' --source v2
table "does not go with --task classify" 'v,kind\n1,x\n' --level char
refused "--group does not go with --task text" "$rondo" prepare --input good.txt --group id \
  --output out.rondo
refused "task.*images" "$rondo" prepare --input good.txt --task images --output out.rondo
# An output that cannot be written, also for root: below a file, below nothing, a folder's place.
refused "good\.txt" "$rondo" prepare --input good.txt --output good.txt/out.rondo
refused "nowhere" "$rondo" prepare --input good.txt --output nowhere/out.rondo
refused "folder" "$rondo" prepare --input good.txt --output folder
# A file that is there stays as it was when its replacement fails.
refused "invalid\.txt" "$rondo" prepare --input invalid.txt --output existing.rondo
# The input is not overwritten by the output.
refused "good\.txt" "$rondo" prepare --input good.txt --output good.txt
finish
