# shellcheck shell=bash disable=SC2034,SC2154
# exports.sh, read by tests of exports behind lib.sh: small models, the programs that C files become,
# and the names in ONNX files.

prepared() { done_with 0 "$rondo" prepare "$@" || die "prepare $*"; }

trained() { # [units=N] trained RUN DATA KEYS...
  done_with 0 "$rondo" train --run "$1" --data "$2" --hidden "${units:-13}" --lanes 8 --steps 12 --seed 3 --threads 1 \
    "${@:3}" || die "train $*"
}

# The compilers and flags that are here.
compilers=()
for compiler in gcc clang; do ! command -v $compiler >/dev/null || compilers+=($compiler); done
((${#compilers[@]})) || die "no C compiler"
# With RONDO_EVERY_LEVEL all levels, and every model by every compiler and for AArch64.
levels=(-O0 -O3) others=("${compilers[0]}")
[[ -z ${RONDO_EVERY_LEVEL:-} ]] || levels=(-O0 -O1 -O2 -O3) others=("${compilers[@]}")
fma=()
! grep -qw fma /proc/cpuinfo || fma=(-mfma)

# builds NAME COMPILER FLAGS...: NAME.c passes its own test.
builds() {
  done_with 0 "$2" "${@:3}" -Wall -Wextra -DRONDO_SELF_TEST "$1.c" -o "$1.test" -lm || return
  same "$2 ${*:3}: warnings" "" "$(cat "$scratch/stderr")"
  done_with 0 "./$1.test"
  same "$2 ${*:3}" "$1: the bits of rondo's outputs" "$(head -n 1 "$scratch/stdout")"
}
# On AArch64, where it can be emulated: the same file, the same golden vectors.
emulated=yes
for program in aarch64-linux-gnu-gcc qemu-aarch64; do command -v $program >/dev/null || emulated=; done
[ -n "$emulated" ] || echo "not run: AArch64 (gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user are not all installed)"
arm() {
  [ -n "$emulated" ] || return 0
  for level in -O0 -O3; do
    done_with 0 aarch64-linux-gnu-gcc $level -static -DRONDO_SELF_TEST "$1.c" -o "$1.arm" -lm || return
    done_with 0 qemu-aarch64 "./$1.arm"
    same "AArch64 $level" "$1: the bits of rondo's outputs" "$(head -n 1 "$scratch/stdout")"
  done
}
exported() { # exported NAME DATA KEYS...: trains, writes NAME.c, builds it by each compiler
  trained "$@"
  done_with 0 "$rondo" export "$1" --to c --output "$1.c" || return
  for compiler in "${others[@]}"; do builds "$1" "$compiler" -O3 "${fma[@]}"; done
  [[ -z ${RONDO_EVERY_LEVEL:-} ]] || arm "$1"
}

# int8 weights.
small() { # small NAME: NAME.c is written again as NAME8.c, whose words are in said
  done_with 0 "$rondo" export "$1" --to c --weights int8 --output "$1"8.c || return
  cp "$scratch/stderr" said
  for compiler in "${compilers[@]}"; do
    for flags in -O0 "-O3 -std=c99" "-O3 -std=gnu17 ${fma[*]}"; do
      # shellcheck disable=SC2086
      builds "$1"8 "$compiler" $flags
    done
  done
}

# What programs ask ONNX files by.
definitions=$(find /usr/include/onnx -name 'onnx-ml.proto' -o -name 'onnx.proto' | head -n 1)
onnx_names() { # onnx_names FILE WHO READS SAYS: of an export whose words are in said
  grep -qF "$2 reads $3, and says $4" said || note_failure "$1: $(cat said)"
  done_with 0 sh -c "protoc --decode=onnx.ModelProto --proto_path=/usr/include/onnx $definitions <$1"
  for name in ${3//,/} ${4//,/}; do
    grep -q "name: \"$name\"" "$scratch/stdout" || note_failure "$1: no $name in the file"
  done
}
classes="logits, probabilities"
