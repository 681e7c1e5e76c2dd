#!/usr/bin/env bash
# memory.sh RONDO MPIRUN...: what --dry-run says that a run needs is what it takes at its peak, within
# 10 % or 50 MB, whichever is more, checkpoints included.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# kilobytes PID: the most that a process has had in memory so far; nothing once it has ended.
kilobytes() {
  sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$1/status" 2>/dev/null
}

# peak COMMAND...: sets `peak`, in MB, of the rank of a command that takes most. Looks often: what
# counts has been reached long before a run's last moment.
peak() {
  local pid most=0 now
  "$@" >"$scratch/stdout" 2>"$scratch/stderr" &
  local command=$!
  while kill -0 "$command" 2>/dev/null; do
    for pid in $(rank_pids); do
      now=$(kilobytes "$pid")
      ((${now:-0} <= most)) || most=$now
    done
    sleep 0.02
  done
  wait "$command" || note_failure "$* ended with $?: $(tail -n 3 "$scratch/stderr")"
  peak=$((most * 1024 / 1000000))
}

# known_beforehand NAME RANKS KEYS...: compares plan and run.
known_beforehand() {
  local name=$1 ranks=$2
  shift 2
  local train=("${mpirun[@]}" -n "$ranks" "$rondo" train --data data.rondo --run "$name" --threads 1
    --steps 6 --validate-every 6 --checkpoint-every 6 "$@")
  done_with 0 "${train[@]}" --dry-run
  local planned waiting peak difference allowed
  planned=$(sed -n 's/^memory *\([0-9]*\) MB at the most.*/\1/p' "$scratch/stdout")
  # That one checkpoint waits for another is a matter of the disk's speed.
  waiting=$(sed -n 's/^ *a checkpoint that waits for another *\([0-9]*\)\..*/\1/p' "$scratch/stdout")
  peak "${train[@]}"
  difference=$((peak > planned ? peak - planned : planned - ${waiting:-0} - peak))
  allowed=$((peak / 10 > 50 ? peak / 10 : 50))
  checks=$((checks + 1))
  echo "$name: $planned MB planned, $peak MB taken"
  ((peak > 0 && difference <= allowed)) ||
    note_failure "$name: $planned MB planned, $peak MB taken, $allowed MB allowed between them"
}

text 1 4000 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
known_beforehand small 1 --hidden 64 --lanes 16 --window 16
known_beforehand wide 1 --hidden 1024 --lanes 64 --window 8
known_beforehand long 2 --cell gru --layers 2 --hidden 256 --lanes 64 --window 64
known_beforehand average 2 --hidden 700 --average 0.999 --window-varies --lanes 32 --window 16
# In groups: twice the lanes, the same activations.
known_beforehand groups 1 --cell gru --layers 2 --hidden 256 --lanes 128 --window 64 --memory 60
finish
