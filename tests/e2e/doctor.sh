#!/usr/bin/env bash
# doctor.sh RONDO MPIRUN...: rondo doctor alone and on ranks, on healthy and on broken ground.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# verdict CHECK: what the JSON on $scratch/stdout says about a check.
verdict() {
  grep -A 1 "\"name\": \"$1\"" "$scratch/stdout" | sed -n 's/^ *"verdict": "\(.*\)"$/\1/p'
}

# digest: of the small training, as the table says it.
digest() { sed -n 's/^same bits *good *a small training ends at \([0-9a-f]*\) everywhere$/\1/p' "$scratch/stdout"; }

text 1 300 >text.txt
done_with 0 "$rondo" prepare --task text --level char --input text.txt --output data.rondo

done_with 0 "$rondo" doctor --megabytes 1 --threads 1
alone=$(digest)
same "length of the digest" 12 "${#alone}"
done_with 0 "${mpirun[@]}" -n 3 "$rondo" doctor --megabytes 1 --threads 1 --data data.rondo --run run
same "the digest of three ranks" "$alone" "$(digest)"
same "files left behind" "data.rondo text.txt" "$(find . -type f -printf '%f\n' | sort | xargs)"

done_with 0 "${mpirun[@]}" -n 2 "$rondo" doctor --megabytes 1 --threads 1 --data data.rondo --json
for check in programs "same bits" data network "run folder"; do
  same "$check" good "$(verdict "$check")"
done

# A data set that is missing, and a folder that cannot be one, are bad; the others are judged still.
done_with 1 "${mpirun[@]}" -n 2 "$rondo" doctor --megabytes 1 --threads 1 --data none.rondo --json
same "a missing data set" bad "$(verdict data)"
same "bits beside a missing data set" good "$(verdict "same bits")"
done_with 1 "$rondo" doctor --megabytes 1 --threads 1 --run text.txt/run --json
same "a file in the run folder's place" bad "$(verdict "run folder")"

# More threads than processors are a warning that says what to do.
done_with 0 "$rondo" doctor --megabytes 1 --threads $((2 * $(nproc) + 1))
same "too many threads" 1 "$(grep -c '^cores *warning' "$scratch/stdout")"
same "its advice" 1 "$(grep -c -- '^ *-> .*--threads\|^ *-> .*--bind-to none' "$scratch/stdout")"

refused_on_ranks 'megabytes' doctor --megabytes 0
refused_on_ranks 'did you mean --megabytes' doctor --megabyte 1

finish
