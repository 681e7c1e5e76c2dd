# shellcheck shell=bash
# Real Slurm on the hosts that hosts.sh has made; to be sourced after it. Needs Debian's slurm-wlm, munge
# and libpmix2, but none of their services: all daemons are this cluster's own, run as root on its hosts
# and go with them.
#
#   slurm_up CONTROLLER NODE...   starts the controller on one host and a node of 2 processors on each
#                                 other one; returns when all are idle
#   slurm COMMAND...              one of Slurm's commands, where the controller is
#   job_state JOB                 PENDING, RUNNING, ...; at last the state in which it left the queue
#   job_field JOB FIELD           what `scontrol show job` calls so
#   slurm_setting KEY [VALUE]     changes a line of slurm.conf; without VALUE, as if it were not there
#
# Partitions: `normal`, which jobs get, and `urgent`, whose jobs preempt those of `normal`: these get
# their own signal (--signal), have 30 s, and are requeued.

# slurm_can_run: whether this machine can do it; else says in a word why not.
slurm_can_run() {
  hosts_can_run || return 1
  local program
  for program in slurmctld slurmd srun sbatch munged; do
    command -v "$program" >/dev/null ||
      { echo "Slurm is not installed (slurm-wlm munge libpmix2)"; return 1; }
  done
}

configure_slurm() {
  local folder=$1 node
  shift
  cat <<END
ClusterName=rondo
SlurmctldHost=$slurm_controller
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A requeued job waits until its first start's credentials have expired, minutes by default.
AuthInfo=socket=$folder/munge/socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n/slurmd.pid
SlurmdSpoolDir=$folder/%n/spool
# Plain processes: no control groups, no binding, no accounting.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/finished-jobs
# What a machine of another size pretends to have.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=pmix
# Everything a production system does in minutes, in seconds.
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
MinJobAge=300
KillWait=5
SlurmdTimeout=10
MessageTimeout=10
ReturnToService=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
END
  for node in "$@"; do echo "NodeName=$node CPUs=2 RealMemory=4000 State=UNKNOWN"; done
  local nodes
  nodes=$(IFS=,; echo "$*")
  echo "PartitionName=normal Nodes=$nodes Default=YES MaxTime=INFINITE PriorityTier=1 GraceTime=30"
  echo "PartitionName=urgent Nodes=$nodes MaxTime=INFINITE PriorityTier=10 PreemptMode=OFF"
}

# daemon HOST NAME COMMAND...: in the background, with a log in the cluster's folder.
daemon() {
  local host=$1 log=$RONDO_CLUSTER/slurm/$2.log
  shift 2
  on "$host" "$@" </dev/null >>"$log" 2>&1 &
  disown $!
}

slurm_up() {
  slurm_controller=$1
  shift
  local folder=$RONDO_CLUSTER/slurm node
  mkdir -p "$folder/state" "$folder/munge"
  head -c 1024 /dev/urandom >"$folder/munge/key"
  chmod 600 "$folder/munge/key"
  for node in "$slurm_controller" "$@"; do
    mkdir -p "$folder/$node/spool"
    configure_slurm "$folder" "$@" >"$folder/$node/slurm.conf"
    # PMIx' sockets of two nodes must not meet in one folder.
    mkdir -p "$folder/$node/pmix"
    echo "PMIxCliTmpDirBase=$folder/$node/pmix" >"$folder/$node/mpi.conf"
  done
  export SLURM_CONF=$folder/$slurm_controller/slurm.conf
  daemon "$slurm_controller" munged munged --foreground --force --key-file "$folder/munge/key" \
    --socket "$folder/munge/socket" --pid-file "$folder/munge/pid" --seed-file "$folder/munge/seed" \
    --log-file "$folder/munge/log"
  local tries=0
  until [ -S "$folder/munge/socket" ]; do ((++tries < 500)) && sleep 0.02 || return 1; done
  daemon "$slurm_controller" slurmctld slurmctld -D -c -f "$SLURM_CONF"
  for node in "$@"; do
    daemon "$node" "$node" slurmd -D -N "$node" -f "$folder/$node/slurm.conf"
  done
  tries=0
  until [ "$(slurm sinfo -h -N -p normal -t idle -o %N 2>/dev/null | wc -l)" = $# ]; do
    ((++tries < 300)) && sleep 0.1 || return 1
  done
}

slurm() { on "$slurm_controller" timeout 30 "$@"; }

job_field() { slurm scontrol --oneliner show job "$1" 2>/dev/null | sed -n "s/.* $2=\([^ ]*\) .*/\1/p"; }
job_state() { job_field "$1" JobState; }

slurm_setting() {
  sed -i "s|^#\{0,1\}$1=.*|$([ -n "${2-}" ] || echo "#")$1=${2-}|" "$RONDO_CLUSTER"/slurm/*/slurm.conf
  slurm scontrol reconfigure
}
