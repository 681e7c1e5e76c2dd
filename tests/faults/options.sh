#!/usr/bin/env bash
# options.sh RONDO MPIRUN...: commands, options and configuration files that are wrong.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

text 1 100 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo

refused "command.*--help" "$rondo"
refused "\"trian\".*train" "$rondo" trian
refused "\"trian\".*train" "${mpirun[@]}" -n 1 "$rondo" trian

# A right command line but for one value; wrong type, impossible value, unknown name.
train() { refused "$1" "$rondo" train --data data.rondo --run run --steps 10 "${@:2}"; }
train "--window.*\"zero\"" --window zero
train "--window.*\"0\"" --window 0
train "--window.*\"-8\"" --window -8
train "--window.*\"8\.5\"" --window 8.5
train "--window-varies" --window-varies=sometimes
refused "--steps 200000000 .*100000000.*vary" "$rondo" train --data data.rondo --run run \
  --window-varies --steps 200000000
train "--hidden.*\"99999999999999999999\"" --hidden 99999999999999999999
train "--rate.*\"inf\"" --rate inf
train "--rate.*\"nan\"" --rate nan
train "--rate.*\"0\"" --rate 0
train "--rate.*\"0,01\"" --rate 0,01
train "--dropout.*\"1\"" --dropout 1
train "--dropout.*\"-0\.1\"" --dropout -0.1
train "--clip-norm.*\"nan\"" --clip-norm nan
train "--clip-value.*\"-1\"" --clip-value -1
train "--clip-value.*\"one\"" --clip-value one
train "--cell.*lstm.*\"lsmt\"" --cell lsmt
train "--optimizer.*adamw.*\"adamx\"" --optimizer adamx
train "--schedule.*plateau.*\"plato\"" --schedule plato
train "--average.*\"1\"" --average 1
train "--average.*\"-0\.5\"" --average -0.5
train "--average-patience.*\"0\"" --average-patience 0
train "--optimizer asgd listens.*--validate-every" --optimizer asgd
train "--average and --optimizer asgd" --optimizer asgd --average 0.9 --validate-every 5
train "--smoothing.*\"1\"" --smoothing 1
train "--initial-range.*\"-1\"" --initial-range -1
train "--decay-factor.*\"0\"" --decay-factor 0
train "--decay-factor.*\"1\.5\"" --decay-factor 1.5
train "--decay-after.*\"0\"" --decay-after 0
train "--decay-every.*\"x\"" --decay-every x
train "--decay-patience.*\"0\"" --decay-patience 0
train "--patience.*\"-1\"" --patience -1
train "--schedule plateau listens.*--validate-every" --schedule plateau
train "--patience listens.*--validate-every" --patience 3
train "--initialization identity.*lstm" --initialization identity
train "--initialization.*glorot.*\"glorod\"" --initialization glorod
train "--chrono-span.*tanh" --cell tanh --chrono-span 100
train "--chrono-span 2 " --chrono-span 2
train "--embedding 8 .*--hidden 16" --tied --hidden 16 --embedding 8
train "--tied" --tied=perhaps
train "--residual.*--layers" --residual
train "--bidirectional is of no use to the task .text." --bidirectional
train "--projection.*\"-1\"" --projection -1
train "--projection.*\"half\"" --projection half
train "--projection is for .*lstm-projected, not lstm" --projection 8
train "lstm-projected needs --projection" --cell lstm-projected
train "--projection 16 .*--hidden 16" --cell lstm-projected --hidden 16 --projection 16
for key in input output embedding weights; do train "--dropout-$key.*\"1\"" "--dropout-$key" 1; done
train "--dropout-locked" --dropout-locked=0.5
for key in zoneout zoneout-cell; do
  train "--$key.*\"1\"" "--$key" 1
  train "--$key.*\"-0\.1\"" "--$key" -0.1
  train "--$key.*\"nan\"" "--$key" nan
done
train "--zoneout-cell .*--cell tanh" --cell tanh --zoneout-cell 0.1
train "--initial-state.*zero or trained.*\"random\"" --initial-state random
train "--activation-penalty.*\"-1\"" --activation-penalty -1
train "--temporal-penalty.*\"nan\"" --temporal-penalty nan
train "--label-smoothing.*\"1\"" --label-smoothing 1
train "--label-smoothing.*\"-0\.1\"" --label-smoothing -0.1
train "--keep.*\"0\"" --keep 0
train "--seed.*\"-1\"" --seed -1
train "--resume" --resume=perhaps
train "--steps.* twice" --steps 20
train "--window wants a value" --window
train "\"--windw\".*--window" --windw 8
train "\"-w\"" -w 8
train "\"extra\"" extra
train "--block 5 .*--lanes 12" --lanes 12 --block 5
train "--eval-lanes 9 .*block" --lanes 12 --block 4 --eval-lanes 9
train "--steps.*--epochs" --epochs 2
refused "--steps.*--epochs" "$rondo" train --data data.rondo --run run
refused "--run" "$rondo" train --data data.rondo --steps 10
refused "--data" "$rondo" train --run run --steps 10
refused "neon|vector" "$rondo" train --data data.rondo --run run --steps 10 --vector \
  "$(uname -m | sed 's/x86_64/neon/; s/aarch64/avx2/')"

# On ranks: said once, by one of them; mpirun's own exit code, and the ranks'.
refused "--window.*\"zero\"" "${mpirun[@]}" -n 2 "$rondo" train --run run --window zero
refused_on_ranks "--window.*\"zero\"" train --data data.rondo --run run --steps 10 --window zero
refused_on_ranks "\"--windw\".*--window" train --data data.rondo --run run --windw 8
refused_on_ranks "\"--spilt\".*--split" eval --baseline --data data.rondo --spilt test

# A configuration file: the sentence names file and line.
config() {
  printf '%b' "$2" >bad.conf
  refused "bad\.conf line $1" "$rondo" train --data data.rondo --run run --config bad.conf
}
config "3: \"windw\".*window" '# a comment\nsteps = 10\nwindw = 8\n'
config "2: .*window.*\"zero\"" 'steps = 10\nwindow = zero\n'
config "1: .*rate.*\"-1\"" 'rate = -1\nsteps = 10\n'
config "2: .*name = value" 'steps = 10\nwindow\n'
config "1: .*sections" '[model]\nhidden = 8\n'
config "3: .*steps.*twice" 'steps = 10\n\nsteps = 20\n'
config "2: .*quotes" 'steps = 10\ndata = "data.rondo"\n'
# A "#" in a name, a mark of byte order, other line ends: a run of that name, and no other.
printf '\357\273\277# first\r\nrun = hash/lr#1 # behind it\r\nsteps = 2\r\n' >good.conf
small=(--data data.rondo --hidden 8 --lanes 16 --window 8 --threads 1)
done_with 0 "$rondo" train "${small[@]}" --config good.conf
same "the run's folder" "lr#1" "$(ls hash)"
mkfifo silent
refused "silent.*nothing comes from it" "$rondo" train "${small[@]}" --config silent
done_with 0 "$rondo" train "${small[@]}" --run piped --config <(echo "steps = 2")

# Options without effect are listed, once, where they were given.
told() { grep -a "^rondo: .*without effect" "$scratch/stderr"; }
done_with 0 "${mpirun[@]}" -n 2 "$rondo" train "${small[@]}" --block 8 --run idle --steps 2 \
  --dropout 0.5 --momentum 0.5 --rate 0.01
same "idle keys" "rondo: without effect here: --dropout (it is between layers, and there is one), \
--momentum (sgd and nesterov have it)" "$(told)"
done_with 0 "$rondo" train --run idle --resume --steps 3 --init-from piped
same "idle on resume" "rondo: without effect here: --init-from (the weights are the checkpoint's)" \
  "$(told)"
done_with 0 "$rondo" generate --checkpoint idle --prompt e --length 3 --temperature 0 --seed 5
same "idle in generate" "rondo: without effect here: --seed (--temperature 0 draws nothing)" "$(told)"
rm -r hash piped idle silent
refused "missing\.conf" "$rondo" train --data data.rondo --run run --config missing.conf
refused "\." "$rondo" train --data data.rondo --run run --config .
finish
