#!/usr/bin/env bash
# slurm_jobs.sh RONDO MPIRUN...: the job scripts of launch/slurm, edited in their two lines, under a real
# Slurm on four nodes. However its jobs end, a run ends at the weights, the state and the reported losses
# of the undisturbed run of one process.
#
# RONDO_SLURM_CASES ("preempted") is what is tried:
#   preempted  jobs of an urgent partition take a node each, RONDO_PREEMPTIONS (3) times: the job is
#              warned, requeued, and goes on with one node less each time
#   terminated the same where Slurm gives preempted jobs no signal of their own, but SIGTERM alone
#   one-node   the script for one node: stopped by hand, as launch/slurm/README.md says, and gone on with
#   node       a node dies for good, then that of the batch shell and of rank 0: Slurm requeues (to be
#              the last case)
#   crash      a rank is killed: requeued after progress, not without; a refused key: not requeued
#   cancelled  scancel: a checkpoint, not requeued; submitted again, under mpirun, it goes on
#   limit      the warning before the time limit stops a job without --requeue with a checkpoint
#   seeds      an array of jobs, a run a seed
#   sweep      seeds as one job, two nodes a member: preempted, loses a rank, stopped by hand
#   pmi        srun with an interface of processes that is not rondo's: refused by all, with the advice
# shellcheck disable=SC2317 # cases are called by their names
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/cluster/hosts.sh
source "$here/hosts.sh"
# shellcheck source=tests/cluster/slurm.sh
source "$here/slurm.sh"
# shellcheck source=tests/e2e/lib.sh
source "$here/../e2e/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$here/../e2e/whole_run.sh"
# shellcheck source=tests/cluster/members.sh
source "$here/members.sh"

read -r -a cases <<<"${RONDO_SLURM_CASES-preempted}"
rhythm=20 # steps between checkpoints

# Links that are slow enough for Slurm to keep up with a small model's steps.
slow=20mbit
hosts_up "$slow" head n1 n2 n3 n4
trap 'hosts_down; end_test' EXIT
slurm_up head n1 n2 n3 n4 || die "Slurm did not start: $(tail -n 3 "$RONDO_CLUSTER"/slurm/*.log)"

# A tree as somebody may have copied it: no sources.
tree=$scratch/tree
mkdir -p "$tree/build/release"
cp -r "$here/../../launch" "$tree"
ln -s "$rondo" "$tree/build/release/rondo"

whole_run 400 "$rhythm"
keys+=(--threads 1)

# submit SCRIPT RUN [SBATCH OPTIONS... -- MORE KEYS]: sets `job` and `log`.
submit() {
  local script=$1 run=$2 options=()
  shift 2
  while (($#)) && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  links "$slow"
  sed -e "s|^rondo=\$HOME/rondo|rondo=$tree|" -e "s|--config book.conf --data book.rondo|$(
    printf '%s ' "${keys[@]}" "$@")|" -e "s|runs/book|$run|" -e "s|-node 4|-node 1|" "$tree/launch/slurm/$script" >"$script"
  # Options of the command line win over those of the script.
  [ "$script" = preemptible.sbatch ] || options=(--ntasks-per-node=1 --cpus-per-task=2 "${options[@]}")
  job=$(slurm sbatch --parsable --time=20 "${options[@]}" "$script") || die "sbatch $script"
  log=rondo-$job.log
  job_of_run=$run
}
in_state() { [ "$(job_state "$1")" = "$2" ]; }
await_state() {
  eventually in_state "$job" "$1" ||
    die "$2: job $job is $(job_state "$job"), not $1: $(tail -n 5 "$log")"
}
await() {
  eventually has_reached "$job_of_run" "$1" || die "step $1 was not reached: $(tail "$log")"
}
requeued() { [ "$(job_field "$job" Restarts)" = "$1" ] && in_state "$job" PENDING; }
# await_restart NUMBER WHAT: the job has been requeued so often, and starts again.
await_restart() {
  eventually requeued "$1" || die "$2: not requeued: $(job_state "$job"), $(tail -n 5 "$log")"
  await_state RUNNING "$2"
}
# The number of ranks of each start of the job.
ranks() { sed -n 's/.* \([0-9]*\) ranks\{0,1\} x [0-9]* thread.*/\1/p' "$log" | xargs; }
links() { for host in n1 n2 n3 n4; do shape "$host" "$1"; done; }
# saved_all WHAT: the newest checkpoint of the run is of its last reported step.
saved_all() {
  eventually no_ranks || note_failure "$1: ranks went on"
  same "$1: newest checkpoint and last reported step" "$(last_step "$job_of_run")" \
    "$(checkpoint_step "$job_of_run")"
}
# completes WHAT: the job ends well, and with it its run.
completes() {
  links 1gbit
  await_state COMPLETED "$1"
  as_whole "$1" "$job_of_run"
}

requeues_said() { grep -c ': requeued$' "$log"; }
has_said_requeued() { [ "$(requeues_said)" = "$1" ]; }

# preempt RUN TIMES: an urgent job takes a node, again and again.
preempt() {
  local time last urgent=() times=$2
  submit preemptible.sbatch "$1" --
  for ((time = 1; time <= times; ++time)); do
    last=$(last_step "$1")
    await $((last + 15))
    urgent+=("$(slurm sbatch --parsable --partition=urgent --nodes=1 --exclusive --output=/dev/null \
      --wrap 'sleep 600')")
    await_restart "$time" "$1, preemption $time"
    # Slurm may have put the job back before it has answered the shell that asked for it.
    eventually has_said_requeued "$time" || true
    same "said to be requeued" "$time" "$(requeues_said)"
  done
  completes "$1"
  same "ranks of each start" "$(seq -s " " 4 -1 $((4 - times)))" "$(ranks)"
  # Each start went on where the one before had stopped: no step was computed twice.
  same "steps where starts began" "-1 $(sed -n 's/^rondo: stopped at step \([0-9]*\) of.*/\1/p' "$log" |
    xargs)" "$(sed -n 's/.* start [0-9]* of this job, .* is of step //p' "$log" | xargs)"
  slurm scancel "${urgent[@]}"
}
warnings() { grep -c ': Slurm ends this job soon' "$log"; }
try_preempted() {
  preempt preempted "${RONDO_PREEMPTIONS:-3}"
  same "warnings" "${RONDO_PREEMPTIONS:-3}" "$(warnings)"
}

try_terminated() {
  slurm_setting SlurmctldParameters
  preempt terminated 2
  same "warnings of the batch shell where Slurm gives none" 0 "$(warnings)"
  slurm_setting SlurmctldParameters preempt_send_user_signal
}

try_one-node() {
  submit one-node.sbatch one-node --ntasks-per-node=2 --cpus-per-task=1 --
  await 30
  slurm scancel --batch --signal=USR1 "$job"
  await_state FAILED "scancel --batch --signal=USR1"
  same "exit code when stopped by hand" 75:0 "$(job_field "$job" ExitCode)"
  saved_all "stopped by hand"
  submit one-node.sbatch one-node --ntasks-per-node=2 --cpus-per-task=1 --
  completes one-node
  same "ranks" 2 "$(ranks)"
}

try_node() {
  submit preemptible.sbatch node --
  await 30
  host_dies n3
  await_restart 1 "death of n3"
  await $(($(checkpoint_step node) + 30))
  host_dies n1
  await_restart 2 "death of n1"
  completes node
  same "ranks of each start" "4 3 2" "$(ranks)"
}

kill_rank() { rank_pids | head -n 1 | xargs kill -KILL; }
try_crash() {
  submit preemptible.sbatch refused -- --laness 12
  await_state FAILED "a refused key"
  same "exit code of a refused key" 2:0 "$(job_field "$job" ExitCode)"
  same "a refused key is no reason to requeue" 1 "$(grep -c 'not requeued: there is no newer' "$log")"
  submit preemptible.sbatch crash --
  await $((rhythm / 2))
  same "nothing but the first weights is saved" 0 "$(checkpoint_step crash)"
  kill_rank
  await_state FAILED "a crash without progress"
  submit preemptible.sbatch crash --
  await $((rhythm * 2 + 5))
  kill_rank
  await_restart 1 "a crash after progress"
  completes crash
}

try_cancelled() {
  submit preemptible.sbatch cancelled --nodes=3 --
  await 30
  slurm scancel "$job"
  await_state CANCELLED scancel
  saved_all scancel
  eventually grep -q 'not requeued: the job was cancelled' "$log" ||
    note_failure "scancel: $(tail -n 3 "$log")"
  sleep 2
  same "restarts of a cancelled job" "0 CANCELLED" "$(job_field "$job" Restarts) $(job_state "$job")"
  sed -i 's|/train" --|/train" --launcher mpirun --|' "$tree/launch/slurm/several-nodes.sbatch"
  submit several-nodes.sbatch cancelled --nodes=2 --ntasks-per-node=2 --cpus-per-task=1 --
  completes "cancelled, then under mpirun"
}

try_limit() {
  submit several-nodes.sbatch limit --time=1 --signal=B:USR1@20 --
  links 5mbit # a minute is too short for all steps
  await_state FAILED "time limit"
  same "exit code at the time limit" 75:0 "$(job_field "$job" ExitCode)"
  saved_all "time limit"
}

try_seeds() {
  local seed
  submit seeds.sbatch seeds --array=1-3%2 --
  for seed in 1 2 3; do
    eventually in_state "${job}_$seed" COMPLETED || die "seed $seed: $(job_state "${job}_$seed")"
  done
  same "digests of seed 1" "$expected" "$(digests seeds-1)"
  same "different digests" 3 "$(for seed in 1 2 3; do digests "seeds-$seed"; done | sort -u | wc -l)"
}

try_sweep() {
  local urgent half
  lone_members 4 2
  half=$((members * steps / 2))
  submit preemptible.sbatch sweep -- --sweep seeds.sweep
  await_swept sweep $((half / 4)) "$log"
  urgent=$(slurm sbatch --parsable --partition=urgent --nodes=1 --exclusive --output=/dev/null \
    --wrap 'sleep 600')
  await_restart 1 "a sweep that is preempted"
  same "members that were stopped" 2 "$(grep -c '^rondo: seed=.: stopped at step' "$log")"
  await_swept sweep $(($(swept sweep) + half / 4)) "$log"
  kill_rank
  await_restart 2 "a sweep that loses a rank"
  slurm scancel "$urgent"
  await_swept sweep $(($(swept sweep) + 40)) "$log"
  slurm scancel --batch --signal=USR1 "$job"
  # As any warning, it brings the job back into the queue.
  await_restart 3 "a sweep that is stopped by hand"
  links 1gbit
  await_state COMPLETED sweep
  members_as_alone "a sweep under Slurm" sweep
  # The urgent job has a node until the third start has begun.
  same "members at a time, by start" "2 1 1" \
    "$(sed -n 's/^rondo: 4 members, \([12]\) at a time, .*/\1/p' "$log" | head -n 3 | xargs)"
}

# MPI libraries that do not know an interface end the process at their start (with 1), or find themselves
# alone (and are refused with 2).
try_pmi() {
  local pmi code srun=("$hosts_agent" head cd "$PWD" "&&" srun -N 2)
  local train=("$rondo" train "${keys[@]}" --run pmi --max-steps 1)
  for pmi in none pmi2; do
    timeout "$time_limit" "${srun[@]}" "--mpi=$pmi" "${train[@]}" >"$scratch/stdout" 2>&1
    code=$?
    checks=$((checks + 1))
    [[ $code == [12] ]] && grep -q '^rondo: .*start them with `srun --mpi=pmix`$' "$scratch/stdout" ||
      note_failure "srun --mpi=$pmi: exit code $code, $(tail -n 3 "$scratch/stdout")"
  done
  same "a refused run's folder" "" "$(ls -d pmi 2>/dev/null)"
  done_with 75 "${srun[@]}" --mpi=pmix "${train[@]}"
}

for case in "${cases[@]}"; do
  SECONDS=0
  "try_$case"
  echo "$case: $SECONDS s"
done
finish
