#!/usr/bin/env bash
# locks.sh RONDO MPIRUN...: who has the run's folder when launchers, ranks and jobs do not end together.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"
# shellcheck source=tests/faults/disturbed.sh
source "$(dirname "${BASH_SOURCE[0]}")/disturbed.sh"

text 1 600 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --cell lstm --hidden 48 --lanes 16 --block 4 --window 64
  --steps 1000000 --checkpoint-every 10 --report-every 1 --threads 1)

# The launcher is killed, and its ranks live on for a while (they stand still): whoever resumes waits
# for them and touches nothing; when they are gone, it goes on at once. Each rank has a session of its
# own: else the kernel ends stopped ranks by SIGHUP as soon as their launcher's death orphans them.
begin "${mpirun[@]}" -n 2 setsid -w "$rondo" "${train[@]}" --run run
go_on 25
mapfile -t ranks < <(rank_pids)
kill -STOP "${ranks[@]}"
# On a busy machine a thread that writes may go on until the one that heard the signal has its turn.
# shellcheck disable=SC2317 # called by `eventually`
stand_still() {
  local rank
  for rank in "${ranks[@]}"; do
    ! sed 's/.*) //' /proc/"$rank"/task/*/stat | grep -qv '^T' || return 1
  done
}
eventually stand_still || note_failure "the ranks did not stop"
kill -KILL "$launcher"
wait "$launcher" 2>/dev/null
before=$(snapshot)
begin "${mpirun[@]}" -n 3 "$rondo" train --run run --resume --threads 1
hear "rondo: waiting for the run folder 'run', in use by process (${ranks[0]}|${ranks[1]}) "
same "files while ranks of the killed launcher live" "$before" "$(snapshot)"
kill -CONT "${ranks[@]}"
hear "resumes at step"
# Its other rank may need a moment more, and remains as a zombie where nobody waits for it.
are_gone() { ! rank_pids | grep -qxF -e "${ranks[0]}" -e "${ranks[1]}"; }
eventually are_gone || note_failure "ranks of the killed launcher live on"
go_on 15
kill -USR2 "$launcher"
ended "the run that waited" 75

# A Slurm job that was requeued while ranks of its start before live on: the later start has the
# folder at once, and the ranks of the former, when they go on, end and change nothing.
begin env SLURM_JOB_ID=17 SLURM_RESTART_COUNT=0 "$rondo" train --run run --resume
hear "resumes at step"
go_on 15
former=$launcher
kill -STOP "$former"
mv "$scratch/said" former # it goes on writing there
begin env SLURM_JOB_ID=17 SLURM_RESTART_COUNT=1 "$rondo" train --run run --resume
hear "resumes at step"
go_on 15
kill -CONT "$former"
wait "$former"
same "exit code of the former start" 1 $?
same "the reason" 1 "$(grep -c '^rondo: this run has lost the lock' former)"
go_on 15
kill -USR2 "$launcher"
ended "the later start" 75

as_undisturbed run undisturbed "${train[@]}"
finish
