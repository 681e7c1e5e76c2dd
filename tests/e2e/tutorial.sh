#!/usr/bin/env bash
# tutorial.sh RONDO MPIRUN...: each command of datasets/TUTORIAL.md, in its order, as a reader runs it.
# shellcheck source=tests/e2e/lib.sh
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib.sh" "$@"

# What a reader has on the PATH: rondo, rondo-run, an mpirun that starts two processes anywhere.
mkdir "$scratch/bin"
ln -s "$rondo" "$scratch/bin/rondo"
ln -s "$here/../../launch/rondo-run" "$scratch/bin/rondo-run"
printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v "${mpirun[0]}") ${mpirun[*]:1}" >"$scratch/bin/mpirun"
chmod +x "$scratch/bin/mpirun"
PATH=$scratch/bin:$PATH

# Each block of commands is a file; in it the first that fails ends it.
awk -v to="$scratch/block" '
  /^```sh$/ { file = sprintf("%s-%02d", to, ++blocks); print "set -e" >file; next }
  /^```$/ { file = ""; next }
  file { print >file }' "$here/../../datasets/TUTORIAL.md"
blocks=("$scratch"/block-*)
((${#blocks[@]} > 6)) || note_failure "only ${#blocks[@]} blocks of commands were found"
for block in "${blocks[@]}"; do
  done_with 0 bash "$block" || sed 's/^/    /' "$block"
  cat "$scratch/stdout" >>"$scratch/all"
done

# What the text promises of it.
accuracy=$(grep -oE 'accuracy [0-9.]+' "$scratch/all" | head -n 1 | cut -d' ' -f2)
awk -v share="${accuracy:-0}" 'BEGIN { exit share < 80 }' ||
  note_failure "the network is right in ${accuracy:-no} % of the test's gestures"
grep -q '^\(circle\|line\|zigzag\)	' "$scratch/all" || note_failure "predict said no gesture"
finish
