# shellcheck shell=bash
# What the end-to-end tests share. A test is called as `test.sh RONDO MPIRUN...`: the program, and
# mpirun with its options. It sources this file with its own arguments, works in an empty folder of
# its own, which goes when it ends, and ends with `finish`.
#
# Sets: rondo (absolute path), mpirun (array), rank (array: rondo as a rank whose exit code refused()
# learns), by_rank (a program that chooses what a rank is), scratch (folder for captured output;
# the current folder is $scratch/area).
set -u

rondo=$(realpath "$1")
mpirun=("${@:2}")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rondo-e2e.XXXXXX")
failures=0
checks=0
time_limit=${RONDO_TEST_SECONDS:-120} # for one command; sanitizers need more

mkdir "$scratch/area"
cd "$scratch/area" || exit 1
trap end_test EXIT

# mpirun ends a job with the first exit code that it sees, and kills the other ranks soon after. It
# sees none of these ranks' codes, which go to a file each; that of a killed rank says "killed".
codes=$scratch/codes
cat >"$scratch/rank" <<END
#!/bin/sh
echo killed >"$codes/\$\$"
"\$@"
echo \$? >"$codes/\$\$"
END
chmod +x "$scratch/rank"
rank=("$scratch/rank" "$rondo")

# by_rank N COMMAND... else COMMAND...: the first command on ranks below N, the second on the others.
# (mpirun's own way, a ":", ends with a segmentation fault in Debian 13's Open MPI 5.0.7.)
by_rank=$scratch/by_rank
cat >"$by_rank" <<'END'
#!/bin/bash
below=$1
first=()
for ((i = 2; i <= $#; ++i)); do
  [[ ${!i} != else ]] || break
  first+=("${!i}")
done
((${OMPI_COMM_WORLD_RANK:-$PMI_RANK} >= below)) || exec "${first[@]}"
exec "${@:i+1}"
END
chmod +x "$by_rank"

# No process of a test outlives it.
end_ranks() {
  local pids
  mapfile -t pids < <(rank_pids)
  ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}" 2>/dev/null
}
end_test() {
  end_ranks
  rm -rf "$scratch"
}

finish() {
  echo "$checks checks, $failures failed"
  ((failures == 0 && checks > 0))
  exit
}

note_failure() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# die SENTENCE: ends a test that cannot go on.
die() {
  echo "FAILED: $*"
  exit 1
}

# same WHAT EXPECTED ACTUAL
same() {
  checks=$((checks + 1))
  [ "$2" = "$3" ] || note_failure "$1: expected \"$2\", got \"$3\""
}

# text SEED LINES: made-up words, the same for a seed with any awk; ASCII but for an e-acute.
text() {
  awk -v state="$1" -v lines="$2" '
    function next_number(limit) {
      state = (state * 1103 + 12345) % 65536
      return int(state / 16) % limit
    }
    BEGIN {
      for (l = 0; l < lines; ++l) {
        line = ""
        words = 4 + next_number(7)
        for (w = 0; w < words; ++w) {
          number = next_number(40)
          word = number == 39 ? "\303\251t\303\251" : ""
          for (c = 0; c < 2 + number % 5; ++c) {
            word = word substr("etaoinshrdlu", 1 + (number * 7 + c * 5 + int(number / 3)) % 12, 1)
          }
          line = line (w ? " " : "") word
        }
        print line "."
      }
    }' </dev/null
}

# kinds ROWS: a table of words, and of each a class that its first and its last letter tell.
kinds() {
  awk -v state=5 -v rows="$1" '
    function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
    BEGIN {
      print "word,kind"
      for (i = 0; i < rows; ++i) {
        word = ""
        for (n = 1 + below(9); n > 0; --n) word = word substr("abcde", 1 + below(5), 1)
        print word "," (substr(word, 1, 1) < "c" ? "low" : substr(word, length(word)) < "c" ? "mid" : "high")
      }
    }' </dev/null
}

# Names, types and contents of everything in the current folder.
snapshot() {
  find . -printf '%y %p\n' | LC_ALL=C sort
  find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
}

# refused PATTERN COMMAND...: the command ends within the time limit with exit code 2, or where it
# starts ranks as "${rank[@]}", every one of them does; one line of standard error begins with
# "rondo: ", and it matches PATTERN (an extended regular expression); standard output is empty; no
# file or folder came, went or changed.
refused() {
  local pattern=$1
  shift
  local before after code said
  before=$(snapshot)
  rm -rf "$codes"
  mkdir "$codes"
  timeout "$time_limit" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
  code=$?
  [ -z "$(ls "$codes")" ] || code=$(sort -u "$codes"/* | xargs)
  after=$(snapshot)
  said=$(grep -a '^rondo: ' "$scratch/stderr")
  checks=$((checks + 1))
  local wrong=()
  [ "$code" = 2 ] || wrong+=("exit code $code")
  [ "$(grep -ac '^rondo: ' "$scratch/stderr")" = 1 ] || wrong+=("not one message")
  grep -aqE -- "$pattern" <<<"$said" || wrong+=("no \"$pattern\" in the message")
  [ "$1" != "$rondo" ] || [ "$(wc -l <"$scratch/stderr")" = 1 ] || wrong+=("not one line")
  [ ! -s "$scratch/stdout" ] || wrong+=("something on standard output")
  [ "$before" = "$after" ] || wrong+=("files changed:
$(diff <(echo "$before") <(echo "$after"))")
  if ((${#wrong[@]})); then
    note_failure "$*: $(printf '%s; ' "${wrong[@]}")"
    sed 's/^/    /' "$scratch/stdout" "$scratch/stderr"
  fi
}

# refused_on_ranks PATTERN ARGUMENTS...: `rondo ARGUMENTS` is refused alone and by each of two ranks.
refused_on_ranks() {
  local pattern=$1
  shift
  refused "$pattern" "$rondo" "$@"
  refused "$pattern" "${mpirun[@]}" -n 2 "${rank[@]}" "$@"
}

# done_with CODE COMMAND...: the command ends within the time limit with CODE. What it wrote is in
# $scratch/stdout and $scratch/stderr.
done_with() {
  local expected=$1 code
  shift
  timeout "$time_limit" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
  code=$?
  checks=$((checks + 1))
  [ "$code" = "$expected" ] && return
  note_failure "$*: exit code $code, expected $expected"
  sed 's/^/    /' "$scratch/stdout" "$scratch/stderr" | tail -20
  return 1
}

# The processes that run $rondo in this test's folder: the ranks, whoever started them.
rank_pids() {
  local process
  for process in /proc/[0-9]*; do
    [ "$process/exe" -ef "$rondo" ] && [ "$process/cwd" -ef "$scratch/area" ] &&
      echo "${process#/proc/}"
  done
}

# mpirun_of PROCESS: the mpirun that launch/rondo-run, which is this process, has started, in a session
# of its own: its name is no sign of it, Open MPI 5's mpirun turns into a prterun.
mpirun_of() {
  local process session
  for process in $(<"/proc/$1/task/$1/children"); do
    read -r _ _ _ _ _ session _ <"/proc/$process/stat"
    ((session != process)) || echo "$process"
  done 2>/dev/null
}

# eventually COMMAND...: polls until the command succeeds; fails at the time limit.
eventually() {
  local end=$((SECONDS + time_limit))
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.01
  done
}

no_ranks() { [ -z "$(rank_pids)" ]; }

# last_step RUN: the step of the last whole line of metrics.jsonl, 0 without one.
last_step() {
  local step
  step=$(sed -n 's/^{"step":\([0-9]*\),.*}$/\1/p' "$1/metrics.jsonl" 2>/dev/null | tail -n 1)
  echo "${step:-0}"
}

has_reached() { (($(last_step "$1") >= $2)); }

# checkpoint_step RUN: the step of the newest checkpoint, by its name; -1 without one.
checkpoint_step() {
  local files=("$1"/checkpoint-*.h5) name
  name=${files[-1]##*/checkpoint-}
  [ -e "${files[-1]}" ] && echo $((10#${name%.h5})) || echo -1
}

# digests RUN: of the weights and of the whole state, on one line.
digests() {
  echo "$("$rondo" inspect "$1" --digest) $("$rondo" inspect "$1" --digest-state)"
}

# computed RUN: of each line of metrics.jsonl what was computed, not measured; starts are left out.
computed() {
  local measured='tokens_per_second|gflops|seconds|share_of_peak|[a-z]+_share|rank_step_[a-z]+|slowest_rank'
  sed -E '/"configuration"/d; s/"('"$measured"')":(\[[^]]*\]|[^],}]*),?//g; s/,\}$/}/' "$1/metrics.jsonl"
}
