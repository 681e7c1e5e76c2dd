#!/usr/bin/env bash
# tables.sh RONDO MPIRUN...: tables that `rondo prepare` refuses, ten and more of each format and of
# series: one sentence that says what is wrong and where, and nothing is left behind.
# H5IMPORT: HDF5's h5import, which makes arrays of text files; empty: the format hdf5 is left out.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

printf 'v,kind\n1,x\n2,y\n' >good.csv
done_with 0 "$rondo" prepare --task classify --input good.csv --target kind --validation 0 --test 0 \
  --output existing.rondo

# refuses TASK SAYS ARGUMENTS...
refuses() {
  refused "$2" "$rondo" prepare --task "$1" --output existing.rondo --validation 0 --test 0 "${@:3}"
}
bytes() { od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g'; }

# Of a sequence in a line: cells with commas and with tabs between them.
table() {
  printf '%b' "$2" >table.csv
  refuses classify "table\.csv$1" --input table.csv --target kind "${@:3}"
  ((tabs)) || return
  printf '%b' "${2//,/'\t'}" >table.tsv
  refuses classify "table\.tsv$1" --input table.tsv --target kind "${@:3}"
}
tabs=1
table " is empty" ""
table ": its first line names columns, and no line follows" 'v,kind\n'
table ", line 3 has 1 cells, and there are 2 columns" 'v,kind\n1,x\n2\n'
table ", line 2 has 3 cells, and there are 2 columns" 'v,kind\n1,x,y\n'
table ", line 1 names the column 'v' twice" 'v,v,kind\n1,2,x\n'
table ", line 3, cell 1: the quotation mark" 'v,kind\n1,x\n"2,y\n'
table ", line 2, cell 2: a quotation mark ends the cell and more text follows" 'v,kind\n1,"x"y\n'
table ", line 2, column 'v': \"one\" is no finite number" 'v,kind\none,x\n' --source v:real
table ", line 3, column 'v': \"inf\" is no finite number" 'v,kind\n1,x\ninf,y\n' --source v:real
table ", line 3, column 'v': the value is missing" 'v,kind\n1,x\n,y\n'
table ", line 3, column 'kind': the value is missing" 'v,kind\n1,x\n2,\n'
table ", line 3, cell 1: there is a NUL byte" 'v,kind\n1,x\n2\0,y\n'
table ", line 2, column 'v': byte 2 of the cell is not valid UTF-8" 'v,kind\na\xe9,x\n'
table " is text in UTF-16" "$(printf 'v,kind\n1,x\n' | iconv -t UTF-16 | bytes)"
table " is a zip archive" 'PK\x03\x04'
table ": all sequences of the train split are of one class" 'v,kind\n1,x\n2,x\n'
tabs=0
refuses classify "--source: there is no column \"v2\"; did you mean v\?" --input good.csv --target kind --source v2
refuses classify "does not go with --task classify" --input good.csv --target kind --level char

# A line a sequence, paired with another file's.
lines() {
  printf '%b' "$2" >source.txt
  printf '%b' "$3" >target.txt
  refuses classify "$1" --input source.txt --target-input target.txt
}
lines "source\.txt is empty" "" 'x\n'
lines "target\.txt is empty" 'a\n' ""
lines "source\.txt, line 1, column 'source': the value is missing" '\n\n' 'x\ny\n'
lines "target\.txt, line 2: the value is missing" 'a\nb\n' 'x\n\n'
lines "source\.txt ends before target\.txt, line 3" 'a\nb\n' 'x\ny\nz\n'
lines "target\.txt ends before source\.txt, line 2" 'a\nb\nc\n' 'x\n'
lines "source\.txt, line 2: byte 2 of the line is NUL" 'a\nb\0\n' 'x\ny\n'
lines "target\.txt, line 2: byte 2 of the line is not valid UTF-8" 'a\nb\n' 'x\ny\xc3(\n'
lines "source\.txt: all sequences of the train split are of one class" 'a\nb\n' 'x\nx\n'
lines "source\.txt is text in UTF-16" "$(printf 'a\n' | iconv -t UTF-16 | bytes)" 'x\n'
lines "target\.txt is compressed by gzip" 'a\n' '\x1f\x8b\x08'
lines "source\.txt is a picture" '\x89PNG\r\n\x1a\n' 'x\n'

# A folder a class.
folder() {
  rm -rf classes
  mkdir -p classes/good classes/bad
  echo yes >classes/good/1.txt
  echo no >classes/bad/1.txt
  eval "$2"
  refuses classify "$1" --input classes
}
folder "classes/good/1\.txt\.gz is compressed by gzip" 'gzip -n classes/good/1.txt'
folder "classes/good/2\.txt, column 'text': the value is missing" ': >classes/good/2.txt'
folder "classes/good/2\.txt, line 2: byte 2 of the line is not valid UTF-8" 'printf "a\nb\351\n" >classes/good/2.txt'
folder "classes/good/2\.txt, line 1: byte 2 of the line is NUL" 'printf "a\0\n" >classes/good/2.txt'
folder "classes/good/2\.jpg has no text beside it" 'printf "\377\330\377\340" >classes/good/2.jpg'
folder "classes/README stands in no class's folder" 'echo words >classes/README'
folder "classes/ugly holds no files" 'mkdir classes/ugly'
folder "all sequences of the train split are of one class" 'rm -r classes/bad'
folder "classes holds no files" 'rm -r classes/bad classes/good'
folder "classes/test is named like a split" 'mkdir -p classes/test/good; echo a >classes/test/good/1.txt'
folder "classes/good/link" 'ln -s nowhere classes/good/link'
folder "classes/.* is a link back|Too many levels" 'ln -s ../../classes classes/good/back'
rm -rf classes
mkdir -p classes/good classes/bad
echo yes | tee classes/good/1.txt >classes/bad/1.txt
echo >classes/bad/.DS_Store
done_with 0 "$rondo" prepare --task classify --input classes --validation 0 --test 0 --output classes.rondo
grep -q '^rondo: classes/bad/.DS_Store is hidden and was left out$' "$scratch/stderr" ||
  note_failure "a hidden file is left out without a word"
refuses classify "good\.csv is no folder" --input good.csv --format folder

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

# Arrays of NumPy: a.npy, and a.npz that holds it.
array() {
  local header="{'descr': '$1', 'fortran_order': $2, 'shape': $3, }"
  printf '\x93NUMPY\x01\x00\x76\x00%-117s\n%b' "$header" "$4"
}
cmake=$(command -v cmake) || die "there is no cmake, which packs archives"
numpy() {
  refuses regress "a\.npy$1" --input a.npy --source x0 --target x0
  "$cmake" -E tar cf a.npz --format=zip a.npy
  refuses regress "a\.npz/a\.npy$1" --input a.npz --source a --target a
  rm a.npz
}
two='\0\0\0\0\0\0\xf0?\0\0\0\0\0\0\0@'
wrong_array() {
  array "${@:2}" >a.npy
  numpy "$1"
}
echo words >a.npy && numpy ": it is no array of NumPy"
: >a.npy && numpy ": it is no array of NumPy"
printf '\x93NUMPY\x04\x00\x76\x00' >a.npy && numpy ": its version is none of 1, 2 and 3"
printf '\x93NUMPY\x01\x00\x76\x00{' >a.npy && numpy ": its header is damaged"
wrong_array ": 3 items of 8 bytes do not fill it" '<f8' False '(3,)' "$two"
wrong_array ": 1 items of 8 bytes do not fill it" '<f8' False '(1,)' "$two"
wrong_array ": it is in Fortran's order" '<f8' True '(2, 1)' "$two"
wrong_array ": elements of the type '\|O' are not read" '|O' False '(2,)' "$two"
wrong_array ": elements of the type '>f8' are not read" '>f8' False '(2,)' "$two"
wrong_array ": elements of the type '<c16' are not read" '<c16' False '(1,)' "$two"
wrong_array ": it has 4 dimensions" '<f8' False '(1, 1, 1, 2)' "$two"
wrong_array ": an item has no elements, or too many" '<f8' False '(2, 0)' ""
wrong_array ": its header is damaged" '<f8' False '(99999999999999999999,)' "$two"
array '<f8' False '(2,)' "$two" >a.npy
"$cmake" -E tar cf whole.npz --format=zip a.npy
head -c 100 whole.npz >a.npz
refuses regress "a\.npz is no whole zip archive" --input a.npz --source a --target a
echo words >a.npz
refuses regress "a\.npz is no whole zip archive" --input a.npz --source a --target a
cp a.npy b.npy
array '<f8' False '(1, 2)' "$two" >c.npy
"$cmake" -E tar cf a.npz --format=zip b.npy c.npy
refuses regress "a\.npz/b\.npy has 2 items and a\.npz/c\.npy has 1" --input a.npz --target b
refuses regress "did you mean x0\?" --input a.npy b.npy --target y0

# Arrays in an HDF5 file: hdf5 NAME=DIMENSIONS=CLASS=VALUES...
hdf5() {
  local array parts sizes files=()
  rm -f a.h5
  for array in "$@"; do
    IFS="=" read -ra parts <<<"$array"
    read -ra sizes <<<"${parts[1]}"
    printf '%s\n' "PATH ${parts[0]}" "INPUT-CLASS ${parts[2]}" "RANK ${#sizes[@]}" \
      "DIMENSION-SIZES ${parts[1]}" >"${parts[0]//\//.}.conf"
    tr ' ' '\n' <<<"${parts[3]}" >"${parts[0]//\//.}.txt"
    files+=("${parts[0]//\//.}.txt" -c "${parts[0]//\//.}.conf")
  done
  "$H5IMPORT" "${files[@]}" -outfile a.h5 >"$scratch/h5import" 2>&1 || die "h5import: $(cat "$scratch/h5import")"
}
wrong_hdf5() { refuses regress "$1" --input a.h5 "${@:2}"; }
if [[ -n ${H5IMPORT:-} ]]; then
  x='x=3 2 2=TEXTFP=1 2 3 4 5 6 7 8 9 10 11 12' y='y=3=TEXTIN=1 2 3'
  hdf5 "$x" "$y"
  done_with 0 "$rondo" prepare --task regress --input a.h5 --target y --validation 0 --test 0 --output arrays.rondo
  size=$(stat -c %s a.h5)
  cp a.h5 whole.h5
  for cut in 0 100 $((size / 2)) $((size - 1)); do
    head -c "$cut" whole.h5 >a.h5
    wrong_hdf5 "a\.h5 is no whole HDF5 file: HDF5 says: .*: copy or save it again" --target y
  done
  cp good.csv a.h5
  wrong_hdf5 "a\.h5 is no whole HDF5 file" --target y
  cp existing.rondo a.h5
  wrong_hdf5 "a\.h5 is a file of rondo's own, which is no table" --target y
  hdf5 "$x" "$y"
  wrong_hdf5 "did you mean y\?" --target yy
  wrong_hdf5 "there is no column \"train/x\"; the columns are x, y" --source train/x --target y
  wrong_hdf5 "--task regress needs --target NAME: the columns are x, y"
  wrong_hdf5 "'x' holds numbers: its kind is real or class, not word" --source x:word --target y
  hdf5 "$x" "train/y=4=TEXTIN=1 2 3 4"
  wrong_hdf5 "a\.h5/train/y has 4 items and a\.h5/x has 3: they are read together" --target train/y
  hdf5 "x=1 1 1 2=TEXTFP=1 2" "y=1=TEXTIN=1"
  wrong_hdf5 "a\.h5/x: it has 4 dimensions: \[N\], \[N, width\] and \[N, T, width\] are read" --target y
  hdf5 "x=3=TEXTFP=1 nan 2" "y=3=TEXTIN=1 2 3"
  wrong_hdf5 "a\.h5, item 1, column 'x': the value is missing" --target y
  hdf5 "x=3=TEXTFP=1 inf 2" "y=3=TEXTIN=1 2 3"
  wrong_hdf5 "a\.h5, item 1, column 'x': .*no finite number" --target y
fi

# Series, a row a time: of one in several columns, and of several one below the other.
series() {
  printf '%b' "$2" >series.csv
  refuses forecast "series\.csv$1" --input series.csv --time t --target y "${@:3}"
  # The same behind a first series, two lines further down.
  { echo "g,$(head -n 1 series.csv)" && printf 'a,1,5\na,2,6\n' && tail -n +2 series.csv | sed 's/^/b,/'; } >long.csv
  local line=${1#, line }
  refuses forecast "long\.csv, line $((${line%%,*} + 2)),${line#*,}" --input long.csv --group g --time t \
    --target y "${@:3}"
}
series ", line 4, column 't': 2 is the time of" 't,y\n1,1\n2,2\n2,3\n'
series ", line 3, column 't': 1 comes before 2" 't,y\n2,1\n1,2\n'
series ", line 5, column 't': 5 follows the time of" 't,y\n1,1\n2,2\n3,2\n5,2\n'
series ", line 4, column 't': 2\.5 follows" 't,y\n0,1\n1,2\n2.5,2\n'
series ", line 4, column 't': \"later\" is no time" 't,y\n1,1\n2,2\nlater,3\n'
series ", line 3, column 't': the time is missing" 't,y\n1,1\n,2\n'
series ", line 3, column 't': 2024-01-01 is a day" 't,y\n1,1\n2024-01-01,2\n'
series ", line 3, column 'y': the value is missing" 't,y\n1,1\n2,\n3,1\n'
series ", line 3, column 'y': \"inf\" is no finite number" 't,y\n1,1\n2,inf\n3,1\n'
series ", line 3, column 'y': \"much\" is no finite number" 't,y\n1,1\n2,much\n3,1\n'
series ", line 3, column 'y': \"1e999\" is no finite number" 't,y\n1,1\n2,1e999\n3,1\n'
series ", line 4, column 't': 2000002 follows .* by 2e\+06, .*: that is no gap but another series" \
  't,y\n1,1\n2,1\n2000002,1\n' --missing mask
series ", line 3, column 't': \"2024-02-30\" is no time" 't,y\n2024-02-29,1\n2024-02-30,1\n'
series ", line 4, column 't': 2024-01-02 is the time of" 't,y\n2024-01-01,1\n2024-01-02,1\n2024-01-02,2\n'
printf 't,y,x\n1,1,a\n2,3,b\n' >series.csv
refuses forecast "--source x: a series has numbers at each step, not class" --input series.csv --time t \
  --target y --source x
refuses forecast "the column 'y' has one use: --known or --target" --input series.csv --time t --target y --known y

# A class for each step of a line.
printf 'v,kind\nab,xy\nab,x\n' >table.csv
refused "table\.csv, line 3, column 'kind': there is 1 for the 2 steps of 'v', and each step has one" "$rondo" \
  prepare --task label --input table.csv --output existing.rondo --validation 0 --test 0 --target kind
finish
