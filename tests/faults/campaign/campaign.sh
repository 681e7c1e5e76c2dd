#!/usr/bin/env bash
# campaign.sh RONDO MPIRUN...: faults drawn from a seed. Each strikes, at a step of its own, a run of 3 or
# 4 ranks on three hosts under launch/rondo-run, seconds long. The run recovers within the fault's bound,
# and ends at the weights, the state and the reported losses of the undisturbed run of one process.
#
# RONDO_FAULT_COUNT (6) faults: one of each kind that this machine can run (kinds.sh), and again from the
# first kind on; RONDO_FAULT_SEED (1) chooses where they hit. RONDO_FAULT_ONLY: the numbers of those to
# try, all without it. RONDO_FAULT_WORKERS (2) are at work side by side: they wait more than they compute.
# RONDO_FAULT_TABLE names a file for the table, too.
#
# The table has for each kind of fault: how many; seconds from the fault until the job was over, or what
# it had to say was said (for an exception: from its sentence until the job was over); seconds from the
# fault until a further step was reported, or that there is none; steps that were done again. Each as median
# and maximum.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/e2e/lib.sh
source "$here/../../e2e/lib.sh" "$@"
# shellcheck source=tests/e2e/whole_run.sh
source "$here/../../e2e/whole_run.sh"
# shellcheck source=tests/cluster/hosts.sh
source "$here/../../cluster/hosts.sh"
# shellcheck source=tests/faults/campaign/kinds.sh
source "$here/kinds.sh"

count=${RONDO_FAULT_COUNT:-6}
seed=${RONDO_FAULT_SEED:-1}
isolated=() # what keeps a worker's mounts from others
export RONDO_CAMPAIGN=$PWD RONDO_CAMPAIGN_HOSTS=no RONDO_CAMPAIGN_DISK=no
! hosts_can_run >/dev/null || RONDO_CAMPAIGN_HOSTS=yes
if unshare --mount mount -t tmpfs rondo-test /mnt 2>/dev/null; then
  RONDO_CAMPAIGN_DISK=yes
  isolated=(unshare --mount)
fi

# A run of some seconds: between hosts because of their links, on this machine because of its length.
rate=30mbit longer=1
[ "$RONDO_CAMPAIGN_HOSTS" = yes ] || longer=10
rhythm=$((4 * longer)) # steps between checkpoints
validation_rhythm=$((8 * longer)) sample_rhythm=$((16 * longer))
whole_run $((36 * longer)) "$rhythm" --validate-every "$validation_rhythm" \
  --sample-every "$sample_rhythm"
declare -p rate rhythm validation_rhythm sample_rhythm steps keys expected >setting

# The same faults for a seed, whichever of them are tried.
read -r -a kinds < <(kinds_here "$RONDO_CAMPAIGN_HOSTS" "$RONDO_CAMPAIGN_DISK")
RANDOM=$seed
for ((number = 1; number <= count; ++number)); do
  fault="$number ${kinds[(number - 1) % ${#kinds[@]}]} $RANDOM $RANDOM $RANDOM $RANDOM"
  [ -n "${RONDO_FAULT_ONLY-}" ] && [[ " $RONDO_FAULT_ONLY " != *" $number "* ]] || echo "$fault"
done >faults

exec 8<faults
workers=()
for ((worker = 1; worker <= ${RONDO_FAULT_WORKERS:-2}; ++worker)); do
  # Should this process be killed, none goes on.
  setpriv --pdeathsig TERM "${isolated[@]}" bash "$here/worker.sh" "$rondo" "${mpirun[@]}" &
  workers+=($!)
done
for worker in "${workers[@]}"; do
  wait "$worker" || note_failure "a worker found something, see above"
done

same "faults that were tried" "$(cut -d ' ' -f 1 faults | xargs)" "$(cut -f 1 results | sort -n | xargs)"
sort -n results | awk -F '\t' -f "$here/table.awk" | tee table
[ -z "${RONDO_FAULT_TABLE-}" ] || cp table "$RONDO_FAULT_TABLE"
finish
