#!/usr/bin/env bash
# sweep.sh RONDO MPIRUN...: seeds, folds and grids as one job. However a sweep's ranks are shared out,
# and however often it is killed or stopped, each member ends at the digests of a run of its own.
# RONDO_MEMBERS (4), RONDO_RANKS (2) and RONDO_KILLS (1): how large it is, and how often it is killed.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

members=${RONDO_MEMBERS:-4}
ranks=${RONDO_RANKS:-2}
kills=${RONDO_KILLS:-1}

awk -v state=7 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    print "word,kind"
    for (row = 0; row < 240; ++row) {
      word = ""
      for (n = 2 + below(9); n > 0; --n) word = word substr("abcd", 1 + below(4), 1)
      print word "," (word ~ /[ab]$/ ? "early" : "late")
    }
  }' >words.csv
done_with 0 "$rondo" prepare --task classify --input words.csv --source word:char --target kind \
  --output words.rondo

steps=1500
reports=$((members * steps / 20)) # of all members
keys=(--data words.rondo --lanes 6 --block 2 --window 12 --rate 0.003 --steps "$steps"
  --validate-every 500 --checkpoint-every 100 --report-every 20 --threads 1)
hidden="40 56"
echo "hidden = $hidden
seed = $(seq -s ' ' $((members / 2)))" >grid.sweep
names=()
for h in $hidden; do
  for s in $(seq $((members / 2))); do
    names+=("hidden=$h,seed=$s")
    done_with 0 "$rondo" train "${keys[@]}" --hidden "$h" --seed "$s" --run "alone/hidden=$h,seed=$s"
  done
done
digests_in() { for name in "${names[@]}"; do echo "$name $(digests "$1/$name")"; done; }
expected=$(digests_in alone)

# Nothing is begun that is not wanted, and what cannot be is said first.
sweep=(train "${keys[@]}" --sweep grid.sweep --run sweep)
done_with 0 "${mpirun[@]}" -n 2 "$rondo" "${sweep[@]}" --dry-run
same "members of a dry run" "$(printf '  %s\n' "${names[@]}")" "$(tail -n +2 "$scratch/stdout")"
[ ! -e sweep ] || note_failure "a dry run made a folder"
refused_on_ranks 'hidden=40,seed=1: --eval-lanes 5 is not a multiple' \
  train "${keys[@]}" --eval-lanes 5 --sweep grid.sweep --run sweep
printf 'fold = 1/3 9/3\n' >wrong.sweep
refused_on_ranks 'wrong.sweep line 1: --fold takes K/N' train "${keys[@]}" --sweep wrong.sweep --run sweep
refused_on_ranks 'alone/hidden=40,seed=1 already holds a run; add --resume' \
  train "${keys[@]}" --sweep grid.sweep --run alone
refused 'alone/hidden=40,seed=1 holds a run, and a sweep needs a folder of its own' \
  "$rondo" train "${keys[@]}" --sweep grid.sweep --run alone/hidden=40,seed=1

# Killed, a rank at a time, each time somewhere else, and begun again on other ranks.
saved() { cat sweep/*/metrics.jsonl 2>/dev/null | grep -c '"split":"train"'; }
at_target() { (($(saved) >= target)); }
over() { ! kill -0 "$launcher" 2>/dev/null; }
struck() { at_target || over; }
for ((kill = 1; kill <= kills; ++kill)); do
  target=$((reports * kill / (kills + 2)))
  "${mpirun[@]}" -n "$ranks" "$rondo" "${sweep[@]}" --resume >"$scratch/stdout" 2>"$scratch/stderr" &
  launcher=$!
  eventually struck || die "the sweep did not get to kill $kill: $(tail "$scratch/stderr")"
  mapfile -t pids < <(rank_pids)
  ((${#pids[@]} == ranks)) || die "the sweep was over before kill $kill"
  kill -KILL "${pids[kill % ranks]}"
  eventually no_ranks || note_failure "ranks went on after kill $kill"
  wait "$launcher" && note_failure "a sweep that was killed ended well"
done

# A stop of one rank is everybody's: all members that are under way, which would take minutes, end at once
# and have their checkpoint.
endless=(train "${keys[@]/$steps/10000000}" --sweep grid.sweep --run endless)
"${mpirun[@]}" -n "$ranks" "$rondo" "${endless[@]}" >"$scratch/stdout" 2>"$scratch/stderr" &
launcher=$!
all_report() { (($(grep -l '"split":"train"' endless/*/metrics.jsonl 2>/dev/null | wc -l) == ranks)); }
eventually all_report || die "the endless sweep did not start: $(tail "$scratch/stderr")"
mapfile -t pids < <(rank_pids)
kill -TERM "${pids[-1]}"
eventually over || kill -KILL "$launcher"
wait "$launcher"
same "exit code of a sweep that was stopped" 75 $?
same "the way to go on" 1 "$(grep -c "^rondo: 0 of $members members are finished; the same command with --resume" \
  "$scratch/stderr")"
same "members that were stopped" "$ranks" "$(find endless -name 'checkpoint-*' | cut -d/ -f2 | sort -u | wc -l)"
same "locks of a stopped sweep" "" "$(find endless -name lock -o -name '.taken*')"
done_with 75 "${mpirun[@]}" -n "$ranks" "$rondo" "${sweep[@]}" --resume --max-steps 1
before=$(digests_in sweep 2>/dev/null)
refused 'seed=1: the run was started with dropout-input = 0 and cannot be resumed with 0.5' \
  "$rondo" "${sweep[@]}" --resume --dropout-input 0.5
same "digests after what was refused" "$before" "$(digests_in sweep 2>/dev/null)"

# To the end, with two ranks a member; then there is nothing left to do.
(cat grid.sweep; echo "ranks = 2") >pairs.sweep
done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train "${keys[@]}" --sweep pairs.sweep --run sweep --resume
same "digests of the members and of runs alone" "$expected" "$(digests_in sweep)"
same "the table of the members" "$members" "$(grep -c "^[0-9 ]* *sweep/hidden=.* finished " "$scratch/stdout")"
lasting() { computed "$1" | grep -v '"split":"train"'; } # a stop has a report of its own
for name in "${names[@]}"; do
  same "checks and validations of $name" "$(lasting "alone/$name")" "$(lasting "sweep/$name")"
done
done_with 0 "$rondo" "${sweep[@]}" --resume
same "members that were finished already" "$members" \
  "$(grep -c 'the run is finished: step' "$scratch/stderr")"
same "digests after that" "$expected" "$(digests_in sweep)"
done_with 0 "$rondo" compare sweep
grep -q '^ *hidden  embedding  seed$' "$scratch/stdout" || note_failure "the keys that vary are no columns"
grep -q '^over seeds:$' "$scratch/stdout" || note_failure "no figures over seeds"
refused 'is the folder of a sweep' "$rondo" train "${keys[@]}" --run sweep

# Folds: each sequence is held out once, and all models vote.
echo "fold = 1/3 2/3 3/3" >folds.sweep
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --data words.rondo --lanes 6 --window 12 --steps 60 \
  --validate-every 60 --sweep folds.sweep --run folds
held=0
for fold in 1 2 3; do
  done_with 0 "$rondo" eval --checkpoint "folds/fold=$fold-3" --data words.rondo --split validation --json
  held=$((held + $(sed -n 's/.*"targets": *\([0-9]*\).*/\1/p' "$scratch/stdout" | head -n 1)))
done
done_with 0 "$rondo" inspect words.rondo --json
same "sequences that were held out" "$(sed -n '/"train"/,/}/s/.*"targets": *\([0-9]*\).*/\1/p' \
  "$scratch/stdout" | head -n 1)" "$held"
done_with 0 "$rondo" predict --checkpoint folds --input words.csv --output voted.tsv
done_with 0 "$rondo" predict --checkpoint folds/fold=1-3 folds/fold=2-3 folds/fold=3-3 --input words.csv \
  --output listed.tsv
same "answers of a sweep and of its members" "$(cat listed.tsv)" "$(cat voted.tsv)"
finish
