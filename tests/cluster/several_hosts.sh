#!/usr/bin/env bash
# several_hosts.sh RONDO MPIRUN...: plain mpirun on several hosts, of Open MPI or of MPICH, as users start
# it: hosts named in the call, in a file, a rank a processor, and one a host with threads. All end at the
# weights, the state and the reported losses of the run of one process, and ranks are bound so that their
# threads have processors.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/cluster/hosts.sh
source "$here/hosts.sh"
# shellcheck source=tests/e2e/lib.sh
source "$here/../e2e/lib.sh" "$@"

hosts_up 1gbit head n1 n2 n3 n4
trap 'hosts_down; end_test' EXIT
on_head=("$hosts_agent" head cd "$PWD" "&&")

# Each library's own words for the same thing.
if "${mpirun[0]}" --version 2>&1 | grep -q HYDRA; then
  launch=("${mpirun[0]}" -launcher rsh -launcher-exec "$hosts_agent")
  named=-hosts file=-f slots="n1:2 n2:2" a_host="-ppn 1" bound="-bind-to core" free="-bind-to none"
  export UCX_TLS=tcp,self # hosts of one machine would find its shared memory
else
  launch=("${mpirun[0]}")
  named=--host file=--hostfile slots="n1@slots=2 n2@slots=2" a_host="--map-by ppr:1:node"
  bound="--bind-to core" free="--bind-to none"
  # As mpirun reaches hosts: for version 4, and from 5 on.
  export OMPI_MCA_plm_rsh_agent=$hosts_agent PRTE_MCA_plm_ssh_agent=$hosts_agent
fi
tr ' @' '\n ' <<<"$slots" >hosts.txt

text 1 600 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=("$rondo" train --data data.rondo --cell lstm --layers 2 --hidden 40 --lanes 12 --block 2 --window 32
  --dropout 0.2 --rate 0.01 --schedule cosine --steps 20 --report-every 5 --validate-every 10)
done_with 0 "${train[@]}" --run whole --threads 1
expected=$(digests whole)
processors=$(nproc)

# ends_alike NAME "RANKS x THREADS" OPTIONS OF mpirun...
ends_alike() {
  local name=$1 expected_ranks=$2
  shift 2
  done_with 0 "${on_head[@]}" "${launch[@]}" "$@" "${train[@]}" --run "$name" || return
  same "$name: ranks and threads" "$expected_ranks" \
    "$(sed -n 's/.* \([0-9]* ranks x [0-9]*\) thread.*/\1/p' "$scratch/stderr")"
  same "$name: digests" "$expected" "$(digests "$name")"
  same "$name: metrics.jsonl" "$(computed whole)" "$(computed "$name")"
}
# Options are words without blanks.
# shellcheck disable=SC2086
{
  ends_alike four-hosts "4 ranks x $processors" -n 4 $named n1:1,n2:1,n3:1,n4:1 $free
  ends_alike two-a-host "4 ranks x $((processors > 1 ? processors / 2 : 1))" -n 4 $named n1:2,n2:2 $free
  ends_alike host-file "4 ranks x 1" -n 4 $file hosts.txt $bound
  ends_alike one-a-host "2 ranks x $processors" -n 2 $file hosts.txt $a_host $free
}
finish
