#!/usr/bin/env bash
# forecast.sh RONDO MPIRUN...: series, from a table to how they go on: windows and carried state, several
# series and targets, what is known of the future, missing values, forecasts that are fed back, backtests;
# the bits are the same on any number of ranks, after a stop and after a kill, what is forecast is what
# came, and the numbers are pinned.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# metric NAME: of the last `eval --json`.
metric() { sed 's/"numbers".*//' "$scratch/stdout" | sed -n "s/.*\"$1\":\(-\{0,1\}[0-9.e-]*\).*/\1/p"; }
# holds CONDITION [NAME=VALUE...]: a condition of awk's.
holds() {
  checks=$((checks + 1))
  awk "${@:2}" "BEGIN { exit !($1) }" || note_failure "not so: $*"
}

# pinned WHAT DIGEST FILE: its forecasts are the same on every machine.
pinned() { same "$1: the numbers on every machine" "$2" "$(sha256sum <"$3" | cut -c1-16)"; }
# streamed RUN TABLE FILE: a stream's forecasts are those of the file.
streamed() {
  "$rondo" predict --checkpoint "$1" --input - <"$2" >from-stream || note_failure "stream: ended with $?"
  same "$1: a stream's forecasts" "$(cat "$3")" "$(cat from-stream)"
}

# Hours of two weeks and more: a day's rhythm on a level that wanders, and another series beside it.
awk -v state=7 '
  function below(limit) { state = (state * 1103 + 12345) % 65536; return int(state / 16) % limit }
  BEGIN {
    print "hour,load,heat"
    for (row = 0; row < 480; ++row) {
      level += (below(101) - 50) / 100
      of_day = row % 8
      printf "2024-02-%02d %02d:00,%.2f,%.2f\n", 1 + int(row / 24), row % 24,
        50 + level + 3 * (of_day < 4 ? of_day : 8 - of_day), 20 - level / 2 + (of_day == 3)
    }
  }' >power.csv
done_with 0 "$rondo" prepare --task forecast --input power.csv --time hour --target load heat --validation 48 \
  --test 96 --context 64 --output power.rondo
grep -q '^  target  load..heat .* the table being one series in the order of hour' "$scratch/stdout" ||
  note_failure "the series is not told"
same "splits" "train 1 336 0 validation 1 48 64 test 1 96 64" \
  "$(awk '/^(train|validation|test) / { print $1, $2, $3, $4 }' "$scratch/stdout" | paste -sd' ')"

done_with 0 "$rondo" eval --baseline --data power.rondo --split test --horizon 8 --season 8 --json
same "baselines" 4 "$(wc -l <"$scratch/stdout")"
done_with 0 "$rondo" eval --baseline --data power.rondo --split train --json
holds 'mase > 0.999999 && mase < 1.000001' -v mase="$(head -n 1 "$scratch/stdout" | sed 's/.*"metrics":[^}]*"mase":\([0-9.]*\).*/\1/')"
done_with 0 "$rondo" eval --baseline --data power.rondo --split test --horizon 8 --season 8 --json
seasonal=$(grep 'seasonal naive' "$scratch/stdout" | sed 's/.*"scaled_mse":\([0-9.]*\).*/\1/')

# Windows, each target apart.
keys=(--data power.rondo --state fresh --horizon 8 --look-back 32 --segment 4 --channels apart --cell gru --hidden 16
  --lanes 24 --block 4 --rate 0.01 --steps 160 --validate-every 80 --checkpoint-every 40 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run whole
for ranks in 2 3; do
  done_with 0 "${mpirun[@]}" -n "$ranks" "$rondo" train "${keys[@]}" --run "on-$ranks"
  same "digests on $ranks ranks" "$(digests whole)" "$(digests "on-$ranks")"
done
done_with 75 "$rondo" train "${keys[@]}" --run stopped --max-steps 100
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train --run stopped --resume
same "digests after a stop" "$(digests whole)" "$(digests stopped)"
same "figures after a stop" "$(computed whole)" "$(computed stopped)"
done_with 0 "$rondo" eval --checkpoint whole --data power.rondo --split test --json
holds 'mse < seasonal && targets == 2 * 8 * (96 - 8 + 1)' -v mse="$(metric scaled_mse)" -v seasonal="$seasonal" \
  -v targets="$(metric targets)"
figures=$(cat "$scratch/stdout")
done_with 0 "${mpirun[@]}" -n 2 "$rondo" eval --checkpoint whole --data power.rondo --split test --json
same "figures of eval on 2 ranks" "$figures" "$(cat "$scratch/stdout")"
# By time and by rows ahead, beside the baselines.
done_with 0 "${mpirun[@]}" -n 2 "$rondo" eval --checkpoint whole --data power.rondo --split test --backtest 3 --json
same "a backtest's figures" "$figures" "$(head -n 1 "$scratch/stdout" | sed 's/,"folds":.*\(,"numbers":\)/\1/')"
same "its slices, of the model and three baselines" "11 11 11 11" \
  "$(awk -F'"first"' '{ print NF - 1 }' "$scratch/stdout" | xargs)"
done_with 0 "$rondo" eval --checkpoint whole --data power.rondo --split test --backtest 3
same "the table of a backtest" "1 - 30 31 - 60 61 - 89 1 2 3 4 5 6 7 8" \
  "$(sed -n 's/^  \([0-9]\+\( - [0-9]*\)\?\)  .*/\1/p' "$scratch/stdout" | xargs)"

# How it goes on: a line an hour, from a file and from a stream.
done_with 0 "$rondo" predict --checkpoint whole --input power.csv
cp "$scratch/stdout" ahead.tsv
same "the head" $'hour\tload forecast\theat forecast' "$(head -n 1 ahead.tsv)"
same "hours ahead" "9 2024-02-21 00:00 2024-02-21 07:00" \
  "$(awk -F'\t' 'NR == 2 { first = $1 } END { print NR, first, $1 }' ahead.tsv)"
streamed whole power.csv ahead.tsv
for _ in 1 2; do # forecasts may be replaced, a table not
  done_with 0 "$rondo" predict --checkpoint whole whole --input power.csv --output two.tsv
done
same "two equal votes" "$(cat ahead.tsv)" "$(cat two.tsv)"
refused "power\.csv is one of the inputs" "$rondo" predict --checkpoint whole --input power.csv --output power.csv
pinned "windows" 2a9f232ca5f17b55 ahead.tsv

# Carried: each series is walked through once; quantiles.
keys=(--data power.rondo --horizon 4 --cell gru --hidden 16 --lanes 8 --block 4 --window 24 --rate 0.01 --steps 80
  --loss quantile --quantiles 0.1,0.5,0.9 --seed 5 --threads 1)
done_with 0 "$rondo" train "${keys[@]}" --run carried
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" --run carried-on-2
same "digests of carried state on 2 ranks" "$(digests carried)" "$(digests carried-on-2)"
for run in whole carried; do
  done_with 0 "$rondo" inspect "$run" --gradient-reach --data power.rondo
  grep -qE '^(windows hold whole|a window of|gradients reach further)' "$scratch/stdout" ||
    note_failure "$run: how far gradients reach is not told"
done
# Killed behind a checkpoint.
"${mpirun[@]}" -n 2 "$rondo" train "${keys[@]}" --run killed --checkpoint-every 30 --report-every 1 \
  --hang-rank 1 --hang-at 50 </dev/null >/dev/null 2>&1 &
launcher=$!
eventually has_reached killed 49 || note_failure "step 49 was not reached"
holds_step_30() { (($(checkpoint_step killed) == 30)); }  # its file is written while steps go on
eventually holds_step_30 || note_failure "the checkpoint of step 30 was not written"
mapfile -t pids < <(rank_pids)
kill -KILL "${pids[@]}"
wait "$launcher" 2>/dev/null
eventually no_ranks || note_failure "a rank went on"
same "where it was killed" 30 "$(checkpoint_step killed)"
done_with 0 "$rondo" train --run killed --resume
same "digests after a kill" "$(digests carried)" "$(digests killed)"
done_with 0 "$rondo" eval --checkpoint carried --data power.rondo --split test --json
holds 'targets == 2 * 4 * (96 - 4 + 1) && covered > 0.5 && interval == 0.8' -v targets="$(metric targets)" \
  -v covered="$(metric coverage)" -v interval="$(metric interval)"
done_with 0 "$rondo" predict --checkpoint carried --input power.csv --output carried.tsv
streamed carried power.csv carried.tsv
pinned "carried state" f6e17f030cfd63e1 carried.tsv
done_with 0 "$rondo" predict --checkpoint carried --input power.csv --json
same "intervals" "4 4 4" "$(sed 's/.*"answer":{"load":\[\([^]]*\)\].*"low":{"load":\[\([^]]*\)\].*"high":{"load":\[\([^]]*\)\].*/\1 \2 \3/' \
  "$scratch/stdout" | awk '{ print split($1, a, ","), split($2, b, ","), split($3, c, ",") }')"

# One row ahead, fed back: with windows and with carried state what a model of one row says, row by row.
# fed_back NAME KEYS...
fed_back() {
  local keys=(--data power.rondo --cell gru --hidden 16 --lanes 8 --block 4 --window 24 --rate 0.01 --steps 40
    --seed 5 --threads 1 "${@:2}")
  done_with 0 "$rondo" train "${keys[@]}" --horizon 1 --run "$1-one"
  done_with 0 "$rondo" train "${keys[@]}" --horizon 4 --horizon-from feedback --run "$1-fed"
  same "$1: weights" "$("$rondo" inspect "$1-one" --digest)" "$("$rondo" inspect "$1-fed" --digest)"
  done_with 0 "$rondo" train "${keys[@]}" --horizon 4 --horizon-from feedback --eval-lanes 4 --run "$1-narrow"
  cp power.csv grown.csv
  for _ in 1 2 3 4; do
    done_with 0 "$rondo" predict --checkpoint "$1-one" --input grown.csv
    sed -n '2s/\t/,/gp' "$scratch/stdout" >>grown.csv
  done
  done_with 0 "$rondo" predict --checkpoint "$1-fed" --input power.csv
  same "$1: rows ahead" 5 "$(wc -l <"$scratch/stdout")"
  paste -d' ' <(tail -n 4 grown.csv | tr ',' ' ') <(tail -n 4 "$scratch/stdout" | tr '\t' ' ') |
    awk '{ exit !($1 $2 == $5 $6 && ($3 - $7) ^ 2 < 1e-8 && ($4 - $8) ^ 2 < 1e-8) }' ||
    note_failure "$1: what is fed back is not what a model of one row says: $(cat grown.csv "$scratch/stdout" | tail -n 9)"
  cp "$scratch/stdout" "$1.tsv"
  streamed "$1-fed" power.csv "$1.tsv"
  # The same bits anywhere.
  done_with 0 "$rondo" eval --checkpoint "$1-fed" --data power.rondo --json --threads 1
  local figures
  figures=$(sed 's/.*"split"//' "$scratch/stdout")
  holds 'targets == 2 * 4 * (96 - 4 + 1)' -v targets="$(metric targets)"
  for threads in 1 2; do
    done_with 0 "${mpirun[@]}" -n 2 "$rondo" eval --checkpoint "$1-fed" --data power.rondo --json --threads "$threads"
    same "$1: figures on 2 ranks" "$figures" "$(sed 's/.*"split"//' "$scratch/stdout")"
  done
  done_with 0 "$rondo" eval --checkpoint "$1-narrow" --data power.rondo --json
  same "$1: figures of fewer lanes" "$figures" "$(sed 's/.*"split"//' "$scratch/stdout")"
  # Of one origin, what predict says and what came.
  done_with 0 "$rondo" prepare --task forecast --columns-from "$1-fed" --input power.csv --validation 0 --test 4 \
    --output last.rondo
  head -n -4 power.csv >short.csv
  done_with 0 "$rondo" predict --checkpoint "$1-fed" --input short.csv --output short.tsv
  done_with 0 "$rondo" eval --checkpoint "$1-fed" --data last.rondo --json
  holds 'targets == 8 && (mae - own) ^ 2 < 1e-8' -v targets="$(metric targets)" -v mae="$(metric mae)" -v own="$(
    paste -d' ' <(tail -n 4 power.csv | tr ',' ' ') <(tail -n 4 short.tsv | tr '\t' ' ') |
      awk 'function size(x) { return x < 0 ? -x : x } { sum += size($3 - $7) + size($4 - $8) } END { print sum / 8 }' OFMT=%.9g)"
}
fed_back fresh --state fresh --look-back 16 --segment 2 --channels apart
fed_back carried-on --subtract season --season 8
pinned "windows, fed back" e67b41b6110c682b fresh.tsv
pinned "carried state, fed back" 4cf98fb8b7daf322 carried-on.tsv

# Several series, what is known of the future, gaps.
awk 'BEGIN {
  print "shop,day,sold,open"
  for (shop = 0; shop < 3; ++shop) for (day = 1; day <= 60; ++day) {
    if (shop == 1 && day == 20) continue
    open = day % 7 != 3
    print "s" shop "," day "," (day > 56 ? "" : open * (10 + shop + day % 4)) "," open
  }
}' >shops.csv
awk -F, 'NR == 1 || $2 <= 56' shops.csv >gap.csv
refused "gap\.csv, line 77, column 'day': 21 follows the time of .*line 76 by 2, and rows are 1 apart: fill the gap" \
  "$rondo" prepare --task forecast --input gap.csv --group shop --time day --target sold --known open --output shops.rondo
done_with 0 "$rondo" prepare --task forecast --input shops.csv --group shop --time day --target sold --known open \
  --missing mask --output shops.rondo
done_with 0 "$rondo" train --data shops.rondo --horizon 3 --subtract none --cell gru --hidden 12 --lanes 4 --window 16 \
  --rate 0.01 --steps 60 --loss gaussian --run shops --threads 1
done_with 0 "$rondo" train --data shops.rondo --horizon 3 --horizon-from feedback --cell gru --hidden 12 --lanes 4 \
  --window 16 --rate 0.01 --steps 60 --run shops-fed --threads 1
done_with 0 "$rondo" predict --checkpoint shops-fed --input shops.csv
same "days ahead, fed back" 10 "$(wc -l <"$scratch/stdout")"
done_with 0 "$rondo" predict --checkpoint shops --input shops.csv
cp "$scratch/stdout" shops.tsv
streamed shops shops.csv shops.tsv
same "days ahead of each series" "shop day s0 57 s0 58 s0 59 s1 57 s1 58 s1 59 s2 57 s2 58 s2 59" \
  "$(cut -f1,2 "$scratch/stdout" | paste -sd' \t' | tr '\t' ' ')"
grep -v ',5[89],\|,60,' shops.csv >unknown.csv
refused "series 1: 'open' must be known of the 3 rows that are forecast, and 1 row follow the last value" \
  "$rondo" predict --checkpoint shops --input unknown.csv

# What cannot be.
train=("$rondo" train --run refused --steps 9 --lanes 8)
refused "look-back is of --state fresh" "${train[@]}" --data power.rondo --horizon 4 --look-back 16
refused "look-back 30 is no multiple of --segment 4" "${train[@]}" --data power.rondo --state fresh --look-back 30 --segment 4
refused "no series in its split 'train' that is long enough: the longest has 336 rows, and a forecast of 8 needs 400 before it" \
  "${train[@]}" --data power.rondo --state fresh --horizon 8 --look-back 400
# The state that nobody chose is under the same rules.
refused "\-\-pool mean is made of all of a sequence's steps, and \-\-state carried" "$rondo" train --data power.rondo \
  --hidden 8 --lanes 16 --steps 2 --run refused --pool mean
refused "feeds back one number, and --loss gaussian says" "${train[@]}" --data power.rondo --horizon-from feedback --loss gaussian
done_with 0 "$rondo" prepare --task forecast --input power.csv --time hour --target load --source heat --output source.rondo
refused "feedback reads rows that are yet to come, and nobody knows 'heat' there" "${train[@]}" --data source.rondo \
  --horizon 4 --horizon-from feedback
refused "carried-on-one cannot vote with carried-on-fed: it forecasts in another way" "$rondo" predict \
  --checkpoint carried-on-fed carried-on-one --input power.csv
refused "carried cannot vote with whole: it forecasts in another way" "$rondo" predict --checkpoint whole carried --input power.csv
refused "known does not go with --task regress" "$rondo" prepare --task regress --input power.csv --target load --known heat \
  --output wrong.rondo
finish
