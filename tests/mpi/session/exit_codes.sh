#!/bin/bash
# exit_codes.sh PROGRAM MPIRUN...: which code and which message each way to end has, as a script or a
# person would see them. PROGRAM is session_program; MPIRUN... is mpirun with its options.
set -u
program=$1; shift
failures=0

# expect CODE LINES PATTERN COMMAND...: within 60 s the command exits with CODE (a pattern too; "any": with
# some code in time), and exactly LINES lines of its output begin with "rondo: ", all of them matching
# PATTERN; no rank goes on.
expect() {
  local code=$1 lines=$2 pattern=$3; shift 3
  local output status said
  output=$(timeout 60 "$@" 2>&1 </dev/null); status=$?
  said=$(grep -c '^rondo: ' <<<"$output")
  [ "$code" != any ] || [ "$status" = 124 ] || code=$status
  if ! [[ $status =~ ^$code$ ]] || [ "$said" != "$lines" ] || grep -q 'went on' <<<"$output" ||
    [ "$(grep '^rondo: ' <<<"$output" | grep -cE "$pattern")" != "$lines" ]; then
    echo "FAILED: $*: exit code $status (expected $code), $said lines (expected $lines of" \
      "\"$pattern\"), output:"
    echo "$output"
    failures=$((failures + 1))
  fi
}

run=("$@" -n 3 "$program")
expect 0 0 '' "${run[@]}" fine
expect 75 0 '' "${run[@]}" stopped-on-one
expect 2 1 "^rondo: rank 2 on [^ ]+: the data is missing$" "${run[@]}" agreed
# What all ranks find alike is no rank's own.
expect 1 1 '^rondo: the disk is full$' "${run[@]}" agreed-failure
expect 2 1 "^rondo: rank 2 on [^ ]+: the shard is damaged$" "${run[@]}" input-on-one
expect 1 1 "^rondo: rank 2 on [^ ]+: the disk is full$" "${run[@]}" failure-on-one
expect 1 1 "^rondo: rank 2 on [^ ]+: something else$" "${run[@]}" other-on-one
expect 1 1 "^rondo: rank 2 on [^ ]+: out of memory" "${run[@]}" memory-on-one
expect 1 1 "^rondo: rank 2 on [^ ]+: an exception of unknown type$" "${run[@]}" unknown-on-one
# With destructors on the way that would never return.
expect 1 1 "^rondo: rank 2 on [^ ]+: the disk is full$" "${run[@]}" failure-in-the-midst
expect 2 1 "^rondo: rank 2 on [^ ]+: the data is missing$" "${run[@]}" agreed-in-the-midst
# A library whose MPI_Abort never returns: the rank ends all the same, by SIGALRM after 4 s, and with it
# the job. (The code is 128 and the signal's number, of which some launchers tell the number alone.)
begin=$SECONDS
expect '(142|14)' 1 "^rondo: rank 2 on [^ ]+: the disk is full$" "${run[@]}" abort-hangs
((SECONDS - begin <= 20)) || {
  echo "FAILED: a rank whose MPI_Abort hangs ended after $((SECONDS - begin)) s"
  failures=$((failures + 1))
}
# Inside of a Slurm step, mpirun's own ranks are no lonely ones.
expect 0 0 '' env SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 "${run[@]}" launcher

# What the launcher makes of ranks that end without MPI is its own; that they end is rondo's.
expect any 1 '^rondo: MPI does not come to its end' "${run[@]}" hangs-at-the-end
expect 0 1 '^rondo: MPI does not come to its end' "$program" hangs-at-the-end

# Without mpirun: no rank to name, no other rank to end.
expect 0 0 '' "$program" fine
expect 75 0 '' "$program" stopped-on-one
expect 2 1 '^rondo: the data is missing$' "$program" agreed
expect 2 1 '^rondo: the shard is damaged$' "$program" input-on-one
expect 1 1 '^rondo: something else$' "$program" other-on-one
expect 1 1 '^rondo: the disk is full$' "$program" failure-in-the-midst
# It needs nothing that only several processes need: no ssh, no daemon of the library's, no folder.
expect 0 0 '' env PATH=/nonexistent TMPDIR=/proc "$program" fine

# Started as one of several, yet alone.
expect 2 1 'srun started 4 processes.*srun --mpi=pmix' \
  env SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 "$program" launcher
expect 2 1 'mpirun started 3 processes' env PMI_SIZE=3 OMPI_COMM_WORLD_SIZE=3 "$program" launcher
# Rightly alone: in a batch script, or a step of one task.
expect 0 0 '' env SLURM_NTASKS=4 SLURM_PROCID=0 "$program" launcher
expect 0 0 '' env SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=1 SLURM_NTASKS=4 "$program" launcher

[ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }
