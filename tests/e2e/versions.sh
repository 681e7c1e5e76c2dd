#!/usr/bin/env bash
# versions.sh RONDO MPIRUN...: ranks of two versions of rondo under one mpirun are refused, whichever
# comes first, by every rank and in one sentence; ranks of the other version alone train.
#
# RONDO_OF_ANOTHER_VERSION is a program that differs from RONDO in its version alone.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

other=$RONDO_OF_ANOTHER_VERSION
this_rank=("${rank[@]}")
other_rank=("$scratch/rank" "$other")

text 1 300 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --hidden 16 --lanes 6 --block 2 --window 8 --threads 1 --steps 2)

# A rank on its own, one of two programs, and a number of ranks that is no power of two.
differs() { echo "rank $1 was started with another version of rondo than rank 0; all ranks must agree"; }
refused "$(differs 1)" "${mpirun[@]}" -n 2 "$by_rank" 1 "${this_rank[@]}" "${train[@]}" --run run \
  else "${other_rank[@]}" "${train[@]}" --run run
refused "$(differs 2)" "${mpirun[@]}" -n 3 "$by_rank" 2 "${other_rank[@]}" "${train[@]}" --run run \
  else "${this_rank[@]}" "${train[@]}" --run run

done_with 0 "${mpirun[@]}" -n 2 "$other" "${train[@]}" --run run
done_with 0 "$rondo" train "${train[@]:1}" --run whole
same "digests of the two versions" "$(digests whole)" "$(digests run)"

eval=(eval --checkpoint run --data data.rondo)
refused "$(differs 1)" "${mpirun[@]}" -n 2 "$by_rank" 1 "${this_rank[@]}" "${eval[@]}" \
  else "${other_rank[@]}" "${eval[@]}"

# The doctor has a table to print first.
done_with 1 "${mpirun[@]}" -n 2 "$by_rank" 1 "$rondo" doctor else "$other" doctor
checks=$((checks + 1))
grep -qE '^programs +bad +rank 1 on .* is rondo 0\.0\.0' "$scratch/stdout" ||
  note_failure "the doctor says: $(grep -A 1 '^programs' "$scratch/stdout")"
finish
