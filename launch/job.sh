# shellcheck shell=bash disable=SC2034,SC2154 # what it sets and uses is the caller's
# Shell functions that launch/rondo-run and launch/slurm/train share: how a training is started so that
# it can be started again. To be sourced by bash. Needs the program rondo and nothing else of the tree.
# Uses `program`, the caller's name in messages (`speaker`, if set, in those of say). Defines, beside
# what each says: outlive_readers, say, fail, take, start_job, use_mpi_settings, find_rondo, take_keys,
# read_state, is_finished.
#
# A shell that handles signals must expand no $(...) and no <(...) itself: bash up to 5.2 parses them as
# it expands them, and a trap that comes meanwhile is not run but a syntax error ("unexpected EOF while
# looking for matching `)'"), which ends the shell. It takes what a command says through a pipe, whose
# last part is no shell of its own here; within the other parts of a pipe no signal is handled.
shopt -s lastpipe

# outlive_readers: to be called first of all. From then on standard error, the caller's and that of the
# jobs that it starts, goes through a process that passes it on as long as somebody takes it: whoever
# reads may end, the terminal be closed, the disk of a log be full, the stream be closed from the start.
# That costs messages, and never what looks after the ranks, or what they are started with: an mpirun
# that cannot write ends them.
outlive_readers() {
  # A stream that is closed would be that of the next file to be opened.
  [[ -e /dev/fd/0 ]] || exec </dev/null
  [[ -e /dev/fd/1 ]] || exec >/dev/null
  [[ -e /dev/fd/2 ]] || exec 2>/dev/null
  trap '' PIPE
  coproc messages { pass_on; }
  passes_on=$messages_PID
  local from=${messages[0]} to=${messages[1]}
  exec 2>&"$to" {from}<&- {to}>&-
  trap end_messages EXIT
}
pass_on() {
  trap '' INT QUIT HUP TERM USR1 USR2 XCPU
  local line
  exec 3>&2 >/dev/null 2>&1 # the shell's own word on a line that it cannot write
  while IFS= read -r line || [[ $line ]]; do printf '%s\n' "$line" >&3 || true; done
}
# What was said is out before the caller ends; but whoever holds the stream still may go on.
end_messages() {
  local tries=0
  exec 2>/dev/null
  while kill -0 "$passes_on" && ((++tries < 50)); do sleep 0.1; done
}

# say MESSAGE...
say() { printf '%(%F %T)T %s: %s\n' -1 "${speaker-$program}" "$*" >&2 || true; }

# fail SENTENCE [CODE]
fail() {
  printf '%s: %s\n' "$program" "$1" >&2 || true
  exit "${2:-1}"
}

# take NAME COMMAND...: the variable NAME becomes what COMMAND says, without the end of its last line;
# returns the command's exit code. What a terminal sends to all that it has started is the caller's.
take() {
  local -n taken=$1
  { trap '' INT HUP; "${@:2}"; } | { IFS= read -r -d '' taken || taken=${taken%$'\n'}; }
}

# start_job COMMAND...: in the background, and sets `job` to its process. The signals that are passed on
# to it must not end it before it handles them, so it begins with ignoring them, and whoever has one for
# it sends it again and again: one that comes too early is lost.
start_job() {
  local process
  (
    trap '' USR1 USR2
    exec "$@"
  ) </dev/null >&2 &
  process=$!
  # Until the line above has ignored them. What comes meanwhile finds no job to be passed on to.
  sleep 0.1 2>/dev/null &
  wait $! || true
  job=$process
}

# Settings of the MPI libraries, each by an environment variable, so that one that the user has set
# wins; a library ignores the other's. Open MPI 5 reads those of its launcher under another prefix.
set_default() { [[ -v $1 ]] || export "$1=$2"; }
set_launcher_default() {
  set_default "OMPI_MCA_$1" "$2"
  set_default "PRTE_MCA_$1" "$2"
}
use_mpi_settings() {
  # A host that vanishes, or a link that goes down for good, sends no sign of it: without these,
  # mpirun waits some 8 minutes for TCP to give up. With them it asks after 3 s of silence, five
  # times at 2 s, and ends the job 10 to 13 s after the loss. A link that is back within 8 s does no
  # harm; with three times, one that is back after 5 s may, if the last question fell in between.
  set_launcher_default oob_tcp_keepalive_time 3
  set_launcher_default oob_tcp_keepalive_intvl 2
  set_launcher_default oob_tcp_keepalive_probes 5
  # Ranks that wait for each other leave their core to threads that compute.
  set_default OMPI_MCA_mpi_yield_when_idle 1
  # An exit code of rondo's is no reason for a page of mpirun's own text.
  set_default OMPI_MCA_orte_execute_quiet 1
  # Containers: root may start ranks.
  if ((EUID == 0)); then
    set_default OMPI_ALLOW_RUN_AS_ROOT 1
    set_default OMPI_ALLOW_RUN_AS_ROOT_CONFIRM 1
    set_default PRTE_ALLOW_RUN_AS_ROOT 1
    set_default PRTE_ALLOW_RUN_AS_ROOT_CONFIRM 1
  fi
  # Not set, on purpose: odls_base_sigkill_timeout. It would give ranks longer between SIGTERM and
  # SIGKILL, but the survivors of a crash would hang as long; a job is stopped by SIGUSR2, which
  # mpirun and srun forward and nothing follows.
}

# find_rondo [PROGRAM]: sets `rondo` to an absolute path: of PROGRAM, or of the rondo beside this file,
# in build/release of its tree, in bin of the prefix that it is installed in, or on the PATH.
find_rondo() {
  local here tried found installed=
  if [[ ${1-} ]]; then
    # As given, where it is a path: a name may be a link to another file on each host.
    take rondo command -v -- "$1" || fail "there is no program $1" 2
    [[ $rondo == /* ]] || rondo=$PWD/$rondo
    return
  fi
  take here readlink -f "${BASH_SOURCE[0]}"
  here=${here%/*}
  take found command -v rondo || true
  [[ $here != */share/rondo/launch ]] || installed=${here%/share/rondo/launch}/bin/rondo
  for tried in "$here/rondo" "$here/../build/release/rondo" "$installed" "$found"; do
    [[ -f $tried && -x $tried ]] || continue
    take rondo readlink -f "$tried"
    return
  done
  fail "there is no program rondo beside it, in build/release of its tree, in bin where it is installed or on the PATH: build it" 2
}

# take_keys KEYS OF rondo train...: sets `keys` to them without --resume, which every start gets and
# rondo takes once, and `run` to the run's folder.
take_keys() {
  keys=() run=
  while (($#)); do
    case $1 in
      --resume) ;;
      --dry-run | --help) fail "$1 starts no training: give it to rondo train itself" 2 ;;
      --run=*) run=${1#*=} ;;&
      --run) run=${2-} ;;&
      *) keys+=("$1") ;;
    esac
    shift
  done
  [[ $run ]] || fail "the keys of rondo train must name the run's folder: --run FOLDER" 2
}

# json_value KEY JSON: the first value of that name in rondo's JSON, a line a value. (A here-string would
# be a file, on a disk that may be full.)
json_value() { printf '%s\n' "$2" | sed -n "s/^ *\"$1\": *\(.*[^,]\),\{0,1\}\$/\1/p" | sed -n 1p; }

# read_state: sets `step` (-1 without a good checkpoint; a run begins with one of step 0), `finished` and
# `limited` (whether the start that wrote the checkpoint had --max-steps or --max-minutes) from the
# newest good checkpoint.
read_state() {
  local state limit
  step=-1 finished=false limited=false
  take state "$rondo" inspect "$run" --json 2>/dev/null || return 0
  take step json_value step "$state"
  take finished json_value finished "$state"
  for limit in max-steps max-minutes; do
    take limit json_value "$limit" "$state"
    [[ $limit == 0 ]] || limited=true
  done
}

# is_finished CODE: whether a job that ended with CODE has brought the run to its end, after
# read_state. The code alone would trust a launcher with it; the checkpoint alone may speak of a
# shorter run than the one now asked for.
is_finished() { (($1 == 0)) && [[ $finished == true ]]; }
