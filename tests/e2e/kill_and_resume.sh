#!/usr/bin/env bash
# kill_and_resume.sh RONDO MPIRUN...: a run that is killed again and again ends at the weights, the
# state and the reported losses of the run that was never killed.
#
# Every kill is a SIGKILL at a step drawn from a seed: of one rank, of the launcher, or of rank 0
# while a checkpoint's temporary file is there. After each the run is resumed with another number of
# ranks (1 to 6) and with one or two threads. A kill counts only if it hit between the first
# checkpoint and the last step, lost at least one finished step, which is done again, and, for the
# third kind, left the temporary file behind; else it is tried again.
# RONDO_KILLS (3) is how many must count, RONDO_KILL_SEED (1) chooses where they hit; RONDO_STATE, a
# regular expression for arrays that the last checkpoint of the run must hold, shows that the run had
# that state to lose.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$(dirname "${BASH_SOURCE[0]}")/whole_run.sh"

kills=${RONDO_KILLS:-3}
RANDOM=${RONDO_KILL_SEED:-1}
rhythm=20 # steps between checkpoints
most_tries=$((5 * kills))

# A kill is due within 80 steps of the resume, and hits a little later: that of a launcher, whose ranks
# learn of it in half a second or more, on a fast machine hundreds of steps. Where the run is over
# before all kills have hit, the next ones hit another run.
length=$((100 * (kills + 2)))
time_limit=$((time_limit + length)) # of the runs that nobody kills
whole_run "$length" "$rhythm"
done_with 0 "$rondo" inspect whole --json
same "arrays of the run" 1 "$(grep -cm 1 "\"name\": \"${RONDO_STATE:-parameters/}" \
  "$scratch/stdout")"

over() { ! kill -0 "$launcher" 2>/dev/null; }
at_target() { has_reached run "$target" || over; }

# strike KIND: waits for the moment, then kills.
strike() {
  eventually at_target || die "step $target was not reached: $(tail "$scratch/stderr")"
  case $1 in
    rank)
      local pids
      mapfile -t pids < <(rank_pids)
      ((${#pids[@]} == 0)) || kill -KILL "${pids[RANDOM % ${#pids[@]}]}"
      ;;
    launcher) kill -KILL "$launcher" ;;
    write)
      # Rank 0's process, by the lock. No other process may start in this loop: a temporary file
      # is there for a few milliseconds.
      local leader temporary
      leader=$(sed 's/.*"process":\([0-9]*\),.*/\1/' run/lock)
      while kill -0 "$leader"; do
        for temporary in run/.checkpoint-*.tmp; do
          [ ! -e "$temporary" ] || kill -KILL "$leader"
        done
      done
      ;;
  esac 2>/dev/null
}

# judge KIND: empty if the kill counts, else why not.
judge() {
  local temporary=(run/.checkpoint-*.tmp)
  if ((at_kill >= steps)); then
    echo "the run was over"
  elif ((saved < rhythm)); then
    echo "before the first checkpoint"
  elif ((at_kill <= saved)); then
    echo "no finished step was lost"
  elif [ "$1" = write ] && [ ! -e "${temporary[0]}" ]; then
    echo "the checkpoint was in its place already"
  fi
}

# The run goes on to its end, which is that of the undisturbed one.
end_run() {
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train --run run --resume ||
    die "the last resume did not end well"
  ((saved == steps)) || same "where the last start resumed" 1 \
    "$(grep -c "resumes at step $saved of $steps" "$scratch/stderr")"
  as_whole "the killed run" run
}

kinds=(rank launcher write)
ranks=2
counted=0
saved=0 at_kill=0 begun=
for ((try = 1; counted < kills; ++try)); do
  ((try <= most_tries)) || die "only $counted of $kills kills hit in $most_tries tries"
  kind=${kinds[counted % 3]}
  threads=$((1 + RANDOM % 2))
  target=$((saved + rhythm + 1 + RANDOM % (3 * rhythm)))
  # Until the run has resumed, metrics.jsonl ends at the step of the last kill: no sign of life.
  ((target > at_kill)) || target=$((at_kill + 1))
  command=("${mpirun[@]}" -n "$ranks" "$rondo")
  if [ -z "$begun" ]; then
    command+=(train "${keys[@]}" --run run --threads "$threads")
  else
    command+=(train --run run --resume --threads "$threads")
  fi
  "${command[@]}" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
  launcher=$!
  strike "$kind"
  # Whatever was killed, all ranks end by themselves, and soon.
  eventually over || note_failure "mpirun went on after its $kind was killed"
  eventually no_ranks || note_failure "ranks went on after the $kind was killed"
  wait "$launcher" 2>/dev/null
  [ -z "$begun" ] || same "where try $try resumed" 1 \
    "$(grep -c "resumes at step $saved of $steps" "$scratch/stderr")"
  begun=yes

  at_kill=$(last_step run)
  saved=$(checkpoint_step run)
  reason=$(judge "$kind")
  if [ -z "$reason" ]; then
    counted=$((counted + 1))
    echo "kill $counted: $kind, $ranks ranks x $threads threads, step $at_kill; resumes at $saved"
  else
    echo "try $try does not count ($kind, step $at_kill, saved $saved): $reason"
    if ((at_kill >= steps)); then
      end_run
      rm -rf run
      saved=0 at_kill=0 begun=
    fi
  fi
  ranks=$((1 + (ranks + RANDOM % 5) % 6)) # 1 to 6, another number than before
done

[ -z "$begun" ] || end_run
finish
