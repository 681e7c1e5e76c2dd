# shellcheck shell=bash
# What the tests of disturbed runs share, behind e2e/lib.sh: a run in the background that is watched
# by what it says, since what it writes is disturbed.

# begin COMMAND...: in the background; `launcher` is its process.
begin() {
  : >"$scratch/said" # at once: what the run before said is not this one's
  "$@" >"$scratch/stdout" 2>"$scratch/said" </dev/null &
  launcher=$!
}

over() { ! kill -0 "$launcher" 2>/dev/null; }
# said PATTERN: how many of the run's lines match.
said() { grep -cE -- "$1" "$scratch/said"; }
has_said() { (($(said "$1") >= $2)) || over; }
# hear PATTERN [TIMES]: until that many lines match; the run goes on.
hear() {
  eventually has_said "$1" "${2:-1}"
  checks=$((checks + 1))
  (($(said "$1") >= ${2:-1})) || die "not said: \"$1\": $(tail -n 3 "$scratch/said")"
  ! over || die "the run is over: $(tail -n 3 "$scratch/said")"
}
# said_step: of the last report on standard error, 0 without one.
said_step() {
  local step
  step=$(sed -n 's/^step \([0-9,]*\)\/.*/\1/p' "$scratch/said" | tail -n 1 | tr -d ,)
  echo "${step:-0}"
}
has_said_step() { (($(said_step) >= $1)) || over; }
# go_on STEPS: until the run has reported so many steps more.
go_on() {
  eventually has_said_step $(($(said_step) + $1))
  checks=$((checks + 1))
  ! over || die "the run is over: $(tail -n 3 "$scratch/said")"
}
# ended WHAT CODE: the run ends with CODE within the time limit.
ended() {
  eventually over || kill -KILL "$launcher"
  wait "$launcher"
  same "exit code after $1" "$2" $?
  eventually no_ranks || note_failure "$1: ranks went on"
}

# good_files RUN: the hashes of its checkpoints.
good_files() { sha256sum "$1"/checkpoint-*.h5; }
# stay_untouched WHAT HASHES: of what good_files had listed, nothing has changed.
stay_untouched() {
  checks=$((checks + 1))
  sha256sum --check --quiet - <<<"$2" || note_failure "$1: a good checkpoint was touched"
}
# as_undisturbed RUN REFERENCE OPTIONS...: the run was stopped where the undisturbed one, made here
# with the same options, is too. From its first line on, no line of its metrics is missing or there
# twice.
as_undisturbed() {
  done_with 75 "$rondo" "${@:3}" --run "$2" --max-steps "$(checkpoint_step "$1")"
  same "digests" "$(digests "$2")" "$(digests "$1")"
  computed "$1" >"$scratch/lines"
  same "lines of metrics.jsonl" "$(computed "$2" | tail -n "$(wc -l <"$scratch/lines")")" \
    "$(cat "$scratch/lines")"
}
