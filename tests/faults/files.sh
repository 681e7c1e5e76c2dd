#!/usr/bin/env bash
# files.sh RONDO MPIRUN...: data sets and checkpoints that are missing, damaged or of another kind.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"

model=(--hidden 16 --lanes 16 --block 8 --window 8)
text 1 400 >text.txt
text 2 400 | tr o q >other.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
done_with 0 "$rondo" prepare --input other.txt --output other.rondo
done_with 0 "$rondo" train --data data.rondo --run run "${model[@]}" --steps 20
checkpoint=run/checkpoint-000000000020.h5
mkdir folder empty-run

# flip FILE OFFSET COPY: a copy with one bit changed.
flip() {
  cp "$1" "$3"
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf "\\x$(printf %x $((byte ^ 4)))" | dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}
size_of() { stat -c %s "$1"; }
# Cut in the front block, behind it, and by one byte; a flipped bit in front, middle and at the end.
for file in data.rondo:data "$checkpoint":check; do
  from=${file%:*} to=${file#*:}
  size=$(size_of "$from")
  head -c 100 "$from" >"$to-cut-front"
  head -c $((size / 2)) "$from" >"$to-cut-half"
  head -c $((size - 1)) "$from" >"$to-cut-byte"
  { cat "$from"; echo; } >"$to-longer"
  flip "$from" 60 "$to-flip-front"
  flip "$from" $((size / 2)) "$to-flip-middle"
  flip "$from" $((size - 1)) "$to-flip-end"
  : >"$to-empty"
done
damages=(cut-front cut-half cut-byte longer flip-front flip-middle flip-end empty)

for damage in "${damages[@]}"; do
  refused "data-$damage" "$rondo" train --data "data-$damage" --run new "${model[@]}" --steps 9
  refused "data-$damage" "$rondo" eval --checkpoint run --data "data-$damage" --split train
  refused "data-$damage" "$rondo" eval --baseline --data "data-$damage"
  refused "check-$damage" "$rondo" eval --checkpoint "check-$damage" --data data.rondo
  refused "check-$damage" "$rondo" generate --checkpoint "check-$damage" --prompt a
  refused "check-$damage" "$rondo" inspect "check-$damage"
  refused "check-$damage" "$rondo" train --data data.rondo --run new "${model[@]}" --steps 9 \
    --init-from "check-$damage"
done
refused_on_ranks "data-flip-middle" train --data data-flip-middle --run new "${model[@]}" --steps 9
refused_on_ranks "check-cut-byte" eval --checkpoint check-cut-byte --data data.rondo
refused "data-cut-half" "$rondo" inspect data-cut-half

# Missing files, folders in the place of files.
refused_on_ranks "nothing\.rondo" train --data nothing.rondo --run new "${model[@]}" --steps 9
refused_on_ranks "'folder' is a folder" train --data folder --run new "${model[@]}" --steps 9
refused_on_ranks "nothing\.h5" eval --checkpoint nothing.h5 --data data.rondo
refused_on_ranks "nothing\.rondo" eval --checkpoint run --data nothing.rondo
refused "nothing\.h5" "$rondo" generate --checkpoint nothing.h5 --prompt a
refused "empty-run" "$rondo" generate --checkpoint empty-run --prompt a
refused "nothing" "$rondo" inspect nothing
refused "empty-run" "$rondo" inspect empty-run
refused "nothing" "$rondo" train --data data.rondo --run new "${model[@]}" --steps 9 \
  --init-from nothing

# Places that the system refuses or that no file is in: said in one sentence by every command.
ln -s circle circle
long=$(printf 'x%.0s' {1..300})
mkfifo pipe
# refuses_place PATTERN PLACE [COMMAND...]: COMMAND runs rondo, as another user perhaps.
refuses_place() {
  local says=$1 at=$2 run=("${@:3}" "$rondo")
  refused "$says" "${run[@]}" prepare --input "$at" --output new.rondo
  refused "$says" "${run[@]}" prepare --input text.txt --output new.rondo --vocabulary-from "$at"
  refused "$says" "${run[@]}" train --data "$at" --run new "${model[@]}" --steps 9
  refused "$says" "${run[@]}" train --data data.rondo --run "$at" "${model[@]}" --steps 9
  refused "$says" "${run[@]}" train --data data.rondo --run "$at" --resume
  refused "$says" "${run[@]}" train --data data.rondo --run new "${model[@]}" --steps 9 \
    --init-from "$at"
  refused "$says" "${run[@]}" eval --checkpoint "$at" --data data.rondo
  refused "$says" "${run[@]}" eval --checkpoint run --data "$at"
  refused "$says" "${run[@]}" eval --baseline --data "$at"
  refused "$says" "${run[@]}" generate --checkpoint "$at" --prompt a
  refused "$says" "${run[@]}" inspect "$at"
  refused "$says" "${run[@]}" inspect run --gradient-reach --data "$at"
  refused "$says" "${run[@]}" compare "$at"
}
# As an output. Never a device of the machine's: root would replace it if the check were broken.
refuses_output() {
  refused "$1" "${@:3}" "$rondo" prepare --input text.txt --output "$2"
  refused "$1" "${@:3}" "$rondo" compare run --svg "$2"
  refused "$1" "${@:3}" "$rondo" inspect run --gradient-reach --data data.rondo --svg "$2"
}
ln -s nowhere torn
refused "torn" "$rondo" train --data data.rondo --run torn "${model[@]}" --steps 9
refuses_place "circle.*(Too many levels of symbolic links|is a link|neither)" circle
refuses_output "circle.*(Too many levels of symbolic links|is a link|neither)" circle
refuses_place "circle.*(Too many levels of symbolic links|neither)" circle/below
refuses_output "circle.*(Too many levels of symbolic links|neither)" circle/below
refuses_place "xxx.*(File name too long|neither)" "$long"
refuses_output "xxx.*(File name too long|neither)" "$long"
refuses_place "pipe.*(pipe or a device|Not a directory|neither|no folder)" pipe
refuses_output "pipe.*(pipe or a device|Not a directory|neither|no folder)" pipe
refuses_place "/dev/zero.*(pipe or a device|Not a directory|neither|no folder)" /dev/zero
refused "circle.*Too many levels" "$rondo" train --run new --config circle
refused "File name too long" "$rondo" train --run new --config "$long"
# A folder that another user may not enter. Root may enter any, and becomes nobody for it, who may not
# come where the program lies.
mkdir closed
cp data.rondo closed/below
cp "$rondo" rondo-for-all
own_rondo=$rondo
rondo=$PWD/rondo-for-all
user=(env)
if [ "$(id -u)" = 0 ]; then
  user=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp)
  chmod 755 "$scratch"
  chmod 777 .
fi
chmod 000 closed
refuses_place "closed/below.*(Permission denied|neither)" closed/below "${user[@]}"
refuses_output "closed/below.*(Permission denied|neither)" closed/below "${user[@]}"
chmod 755 closed
rondo=$own_rondo

# One kind of file in the place of the other, and neither.
refused_on_ranks "checkpoint" train --data "$checkpoint" --run new "${model[@]}" --steps 9
refused_on_ranks "data ?set" eval --checkpoint data.rondo --data data.rondo
refused "data ?set" "$rondo" generate --checkpoint data.rondo --prompt a
refused "text\.txt" "$rondo" generate --checkpoint text.txt --prompt a
refused "text\.txt" "$rondo" train --data text.txt --run new "${model[@]}" --steps 9
refused "checkpoint" "$rondo" eval --baseline --data "$checkpoint"

# What does not fit together.
refused "vocabulary" "$rondo" eval --checkpoint run --data other.rondo
refused "'trial' is no split" "$rondo" eval --checkpoint run --data data.rondo --split trial
refused "best" "$rondo" eval --checkpoint run --best --data data.rondo
refused "--checkpoint.*--baseline" "$rondo" eval --data data.rondo
refused "\"?W" "$rondo" generate --checkpoint run --prompt "uWu"
refused "UTF-8" "$rondo" generate --checkpoint run --prompt $'a\303('
refused "temperature.*\"nan\"" "$rondo" generate --checkpoint run --prompt a --temperature nan
refused "--length.*\"-1\"" "$rondo" generate --checkpoint run --prompt a --length -1
finish
