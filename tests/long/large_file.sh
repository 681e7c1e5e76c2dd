#!/usr/bin/env bash
# large_file.sh RONDO MPIRUN...: a text of more than 2^31 characters is prepared within little memory,
# its last lanes train on what stands behind 2^31, and damage there is found when it is read (data
# sets above 1 GB are not verified at start). Needs 5 GB of disk below TMPDIR (/tmp).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

time_limit=1200
characters=2600000000
memory=$((400 * 1024)) # kB of address space, libraries included

text 1 20000 | LC_ALL=C tr -d '\200-\377' >piece.txt
while cat piece.txt; do :; done 2>/dev/null | head -c "$characters" >large.txt
(
  ulimit -v "$memory"
  exec timeout "$time_limit" "$rondo" prepare --input large.txt --output large.rondo
) >"$scratch/stdout" 2>"$scratch/stderr"
same "exit code of prepare within $memory kB" 0 $?
[ -e large.rondo ] || die "$(cat "$scratch/stderr")"
rm large.txt

# tokens SPLIT: how many it has.
"$rondo" inspect large.rondo --json | tr -d ' \n' >"$scratch/described"
tokens() { sed "s/.*\"$1\":{[^}]*\"tokens\":\([0-9]*\).*/\1/" "$scratch/described"; }
training=$(tokens train) held_out=$(($(tokens validation) + $(tokens test)))
same "characters of all splits" "$characters" $((training + held_out))
((training > 1 << 31)) || note_failure "the training split has only $training characters"

# Lane 35 of 36 begins behind 2^31. The same bits on one rank and on three.
train=(train --data large.rondo --cell tanh --hidden 16 --lanes 36 --block 4 --window 32 --steps 4
  --checkpoint-every 0)
done_with 0 "$rondo" "${train[@]}" --run run
done_with 0 "${mpirun[@]}" -n 3 "$rondo" "${train[@]}" --run three-ranks
same "digests" "$(digests run)" "$(digests three-ranks)"

# A byte in every 256 kB around the last lane's first window, which the last rank alone reads. The
# splits' characters stand one after another at the end, but for a table of checksums.
begin=$(($(stat -c %s large.rondo) - held_out - training + training / 36 * 35))
for ((offset = begin - (1 << 20); offset < begin + (1 << 20); offset += 1 << 18)); do
  printf '\377' | dd of=large.rondo bs=1 seek="$offset" conv=notrunc status=none
done
done_with 2 "${mpirun[@]}" -n 3 "$rondo" "${train[@]}" --run damaged
same "the damage is named, by the rank that read it" 1 \
  "$(grep -c '^rondo: rank 2 .*large\.rondo.* damaged' "$scratch/stderr")"
finish
