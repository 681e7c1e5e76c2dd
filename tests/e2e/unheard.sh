#!/usr/bin/env bash
# unheard.sh RONDO MPIRUN...: nobody takes what rondo says: the reader of a pipe has ended, the disk of a
# log is full, the stream is closed from the start, the terminal is gone. Training goes on and its files
# tell; launch/rondo-run and launch/slurm/train go on too, and pass on the signals that they get. Results
# that nobody takes are an error.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/e2e/lib.sh
source "$here/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$here/whole_run.sh"

whole_run 60 0
keys+=(--threads 1)

# ---- a program alone -------------------------------------------------------------------------------
as_heard() { # run exit-code
  same "exit code of $1" 0 "$2"
  as_whole "$1" "$1"
  same "$1: messages in its files" "" "$(grep -rl 'rondo: ' "$1")"
}
"$rondo" train "${keys[@]}" --run reader 2>&1 | true
as_heard reader "${PIPESTATUS[0]}"
"$rondo" train "${keys[@]}" --run full >/dev/full 2>&1
as_heard full $?
"$rondo" train "${keys[@]}" --run closed <&- >&- 2>&-
as_heard closed $?
# Without a reader, ranks' messages are mpirun's to lose. It does not kill them for it.
"${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" --run ranks >/dev/full 2>&1
as_heard ranks $?

# unwritten COMMAND...: a result that cannot be written ends with a sentence and 1.
unwritten() {
  done_with 1 bash -c '"$@" >/dev/full' - "$@"
  same "$*" "rondo: standard output cannot be written: No space left on device" "$(<"$scratch/stderr")"
}
unwritten "$rondo" --version
unwritten "$rondo" inspect whole --json
unwritten "$rondo" eval --checkpoint whole --data data.rondo --split validation
unwritten "$rondo" generate --checkpoint whole --prompt "e" --length 10000000000
done_with 1 bash -c '"$@" >&-' - "$rondo" inspect whole
same "a closed standard output" "rondo: standard output cannot be written: Bad file descriptor" \
  "$(<"$scratch/stderr")"
# What was made stays made.
unwritten "$rondo" prepare --input text.txt --output again.rondo
same "a data set whose summary nobody takes" "$(sha256sum <data.rondo)" "$(sha256sum <again.rondo)"

# ---- launch scripts --------------------------------------------------------------------------------
[[ $("${mpirun[0]}" --version 2>/dev/null) =~ (Open MPI|OpenRTE) ]] || finish # they are for that alone
launch=$scratch/launch
cp -r "$here/../../launch" "$launch"
ln -s "$rondo" "$launch/rondo"
for ((i = 0; i < ${#keys[@]}; ++i)); do
  [ "${keys[i]}" != --steps ] || keys[i + 1]=1000000 # until it is stopped
done

# begin COMMAND...: with nobody to take what it says, once it has said something.
begin() {
  # A group of its own, which gets a terminal's signals; a background command would ignore SIGINT.
  setsid env --default-signal=INT "$@" > >(head -n 1 >/dev/null) 2>&1 </dev/null &
  launcher=$!
}
# shellcheck disable=SC2317 # called by `eventually`
is_gone() { ! kill -0 "$1" 2>/dev/null; }
ended() { # what code run
  eventually is_gone "$launcher" || kill -KILL "$launcher"
  wait "$launcher"
  same "exit code after $1" "$2" $?
  eventually no_ranks || note_failure "$1: ranks went on"
  same "$1: newest checkpoint and last reported step" "$(last_step "$3")" "$(checkpoint_step "$3")"
}
await() { eventually has_reached "$1" $(($(last_step "$1") + 5)) || die "$1 does not move"; }

# fire: signals at every moment, also while the shell makes out what a command says.
# shellcheck disable=SC2317 # called by `eventually`
fire() { for _ in {1..20}; do kill -USR1 "$launcher" 2>/dev/null || true; done; }

train=("${keys[@]}" --run supervised)
rondo_run=("$launch/rondo-run" --mpirun "${mpirun[0]}" --hosts localhost:2 -- "${train[@]}")
for signal in INT HUP; do
  begin "${rondo_run[@]}"
  await supervised
  kill "-$signal" "-$launcher"
  ended "SIG$signal to rondo-run" 75 supervised
done
for stream in "2>/dev/full" "2>&-"; do
  begin bash -c "exec \"\$@\" $stream" - "${rondo_run[@]}"
  await supervised
  kill -TERM "$launcher"
  ended "SIGTERM to rondo-run $stream" 75 supervised
done

# From where rondo-run handles signals and asks for the newest checkpoint, to where it has started the job:
# ranks that start would be ended by such a signal. And then again.
# shellcheck disable=SC2016 # the script's own
printf '#!/bin/sh\n[ "$1" != inspect ] || touch "%s/asked"\nexec "%s" "$@"\n' "$scratch" "$rondo" >"$scratch/asked-rondo"
chmod +x "$scratch/asked-rondo"
# shellcheck disable=SC2317 # called by `eventually`
has_mpirun_under_fire() {
  fire
  [ "$(mpirun_of "$launcher")" ]
}
begin "${rondo_run[@]::3}" --rondo "$scratch/asked-rondo" "${rondo_run[@]:3}"
eventually test -e "$scratch/asked"
eventually has_mpirun_under_fire || note_failure "rondo-run under fire starts nothing"
await supervised
for _ in {1..100}; do
  fire
  sleep 0.01
done
await supervised
kill -TERM "$launcher"
ended "SIGTERM to rondo-run under fire" 75 supervised

# Slurm's part: the commands by which a job asks for its state and goes back into the queue.
mkdir "$scratch/slurm"
printf '#!/bin/sh\necho RUNNING\n' >"$scratch/slurm/squeue"
printf '#!/bin/sh\necho "$@" >>"%s/requeued"\n' "$scratch" >"$scratch/slurm/scontrol"
# An mpirun that takes its time: what comes now comes before anything handles it.
printf '#!/bin/sh\ntouch "%s/starting"\nsleep 1\nexec "%s" "$@"\n' "$scratch" \
  "$(command -v "${mpirun[0]}")" >"$scratch/slurm/mpirun"
chmod +x "$scratch"/slurm/*
export PATH=$scratch/slurm:$PATH SLURM_JOB_ID=7 SLURM_JOB_NODELIST=here
job=("$launch/slurm/train" --requeue --launcher mpirun --tasks-per-node 2 -- "${keys[@]}" --run job)
requeued() { # what
  same "$1: requeued" "requeue 7" "$(cat "$scratch/requeued" 2>/dev/null)"
  rm -f "$scratch/requeued" "$scratch/starting"
}
# shellcheck disable=SC2317 # called by `eventually`
handles_usr1() {
  local words
  mapfile -d '' words <"/proc/$launcher/cmdline"
  # Before it is the script it is a copy of this shell, which would end as the test does.
  [[ ${words[1]-} == */slurm/train ]] &&
    (($(sed -n 's/^SigCgt:\t/16#/p' "/proc/$launcher/status") >> 9 & 1))
}
# shellcheck disable=SC2317 # called by `eventually`
is_gone_under_fire() {
  fire
  is_gone "$launcher"
}
for when in before-the-ranks starting running under-fire; do
  begin "${job[@]}"
  case $when in
    under-fire)
      eventually handles_usr1
      eventually is_gone_under_fire
      ;;
    before-the-ranks) eventually handles_usr1 ;;
    starting) eventually test -e "$scratch/starting" ;;
    running) await job ;;
  esac
  [ $when = under-fire ] || kill -USR1 "$launcher"
  if [ $when = running ]; then
    ended "a warning, $when" 75 job
  else
    eventually is_gone "$launcher"
    wait "$launcher"
    eventually no_ranks || note_failure "a warning, $when: ranks went on"
  fi
  requeued "a warning, $when"
done
finish
