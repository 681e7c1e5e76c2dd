#!/usr/bin/env bash
# vanished_host.sh RONDO MPIRUN...: the lock of a host that is gone, which nobody can ask, is taken over
# when its counter has stood still for 90 s, and by one run alone.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

time_limit=$((time_limit + 300))
text 1 600 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --cell lstm --hidden 48 --lanes 16 --block 4 --window 64
  --steps 200 --checkpoint-every 10 --report-every 1 --threads 1)
done_with 0 "$rondo" "${train[@]}" --run whole
for run in vanished torn; do
  done_with 75 "$rondo" "${train[@]}" --run "$run" --max-steps 50
done
holder='"host":"vanished","boot_id":"1","pid_namespace":"pid:[1]","process":1,"start_time":1'
echo "{$holder,\"slurm_job\":\"\",\"slurm_restart\":0,\"supervisor\":\"\",\"start\":0,\"token\":\"t\",\"counter\":      42}" >vanished/lock
printf '{"host":"van' >torn/lock
before=$(snapshot)

# resume RUN NAME: in the background; its exit code goes to a file.
resume() {
  (
    "${mpirun[@]}" -n 2 "$rondo" train --run "$1" --resume >/dev/null 2>"$scratch/$2.said" </dev/null
    echo $? >"$scratch/$2.code"
  ) &
}
begun=$SECONDS
resume vanished first
resume vanished second
resume torn third
sleep 60
same "files after a minute" "$before" "$(snapshot)"
wait
took=$((SECONDS - begun))
((took >= 90 && took <= 150)) || note_failure "the locks were taken over after $took s"
for name in first second third; do
  same "exit code of the $name" 0 "$(cat "$scratch/$name.code")"
  same "the $name said that it waits, and for whom" yes "$(
    grep -qE "waiting for the run folder '(vanished|torn)', in use by (process 1 on host vanished|a process that)" \
      "$scratch/$name.said" && echo yes
  )"
done
same "runs that resumed at step 50 in the one folder" 1 \
  "$(cat "$scratch"/{first,second}.said | grep -c 'resumes at step 50')"
same "runs that found it finished" 1 \
  "$(cat "$scratch"/{first,second}.said | grep -c 'the run is finished')"
for run in vanished torn; do
  same "digests of $run" "$(digests whole)" "$(digests "$run")"
  same "lines of metrics.jsonl of $run" "$(computed whole)" "$(computed "$run")"
done
finish
