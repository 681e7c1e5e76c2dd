#!/usr/bin/env bash
# check_counts.sh PROGRAM VALGRIND COUNTS [--retake]: how many instructions each kernel takes under
# callgrind, against the committed counts. A kernel that takes over 5 % more has become slower; one
# that takes over 5 % less wants its count retaken, so that the bound stays close. --retake writes
# the file of counts anew and shows what changed.
set -euo pipefail

program=$1 valgrind=$2 counts=$3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rondo-instructions.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

"$valgrind" --tool=callgrind --instr-atstart=no --combine-dumps=yes \
  --callgrind-out-file="$scratch/callgrind" "$program" 2>"$scratch/messages" || {
  cat "$scratch/messages" >&2
  exit 1
}
# A dump for each kernel: its name is what triggered it, its total stands further below. What follows
# the last of them, to the program's end, has another trigger.
awk '/^desc: Trigger: / { name = /Client Request: / ? $NF : "" }
     /^totals: / && name != "" { print name, $2; name = "" }' "$scratch/callgrind" >"$scratch/counts"
[[ -s $scratch/counts ]] || { echo "FAILED: callgrind counted nothing"; exit 1; }

# KERNEL COMMITTED COUNTED, "-" for one that is not there.
grep -v '^#' "$counts" | LC_ALL=C sort >"$scratch/expected" || true
LC_ALL=C join -a 1 -a 2 -e - -o 0,1.2,2.2 "$scratch/expected" \
  <(LC_ALL=C sort "$scratch/counts") >"$scratch/both"
awk '{
    change = "new"
    if ($3 == "-") change = "gone"
    else if ($2 != "-") change = sprintf("%+.2f %%", 100 * ($3 / $2 - 1))
    printf "%-26s %10s %10s  %s\n", $1, $2, $3, change
  }' "$scratch/both"

if [[ ${4-} == --retake ]]; then
  { grep '^#' "$counts"; cat "$scratch/counts"; } >"$scratch/new"
  cp "$scratch/new" "$counts"
  exit 0
fi
awk '
  $2 == "-" || $3 == "-" || $3 > 1.05 * $2 || $3 < 0.95 * $2 { wrong = wrong " " $1 }
  END {
    if (wrong == "") exit 0
    print "FAILED: not within 5 % of the committed counts:" wrong
    print "After an intended change: cmake --build BUILD_FOLDER --target retake_instructions"
    exit 1
  }' "$scratch/both"
