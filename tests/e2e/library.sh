#!/usr/bin/env bash
# library.sh RONDO MPIRUN...: a program outside of rondo's tree takes rondo as its library, found by CMake
# and by pkg-config, shared and as an archive, and gives the answers of `rondo predict`, every digit.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

# What is installed may be moved.
done_with 0 cmake --install "$(dirname "$rondo")" --component library --prefix "$scratch/first" ||
  die "nothing is installed"
prefix=$scratch/prefix
mv "$scratch/first" "$prefix"
shared=$(find "$prefix" -name librondo.so.0)
same "what librondo.so gives away" "" \
  "$(nm -DC --defined-only "$shared" | grep -v ' rondo::Model::' | grep -v ' A RONDO_0$')"
same "libraries of MPI" "" "$(ldd "$shared" | grep -i mpi)"
same "files that name the build" "" "$(grep -rlF "$(dirname "$rondo")" "$prefix" | head -n 3)"

# The program, in all ways.
done_with 0 cmake -S "$prefix/share/rondo/example" -B built -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
done_with 0 cmake --build built || cat "$scratch/stdout" "$scratch/stderr"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name rondo.pc)")
export PKG_CONFIG_PATH
say_of() { pkg-config "$@" rondo; }
# shellcheck disable=SC2046
c++ -std=c++17 "$prefix/share/rondo/example/main.cpp" $(say_of --cflags --libs) \
  -Wl,-rpath,"$(say_of --variable=libdir)" -o built/by_pkg_config || note_failure "pkg-config --libs"
# shellcheck disable=SC2046
c++ -std=c++17 "$prefix/share/rondo/example/main.cpp" $(say_of --cflags) $(say_of --variable=archive) \
  $(say_of --variable=archive_libs) -o built/by_pkg_config_static || note_failure "the archive by pkg-config"
for program in follow by_pkg_config; do
  ldd "built/$program" | grep -q librondo.so.0 || note_failure "$program does not use the shared library"
done
same "programs with rondo inside that need it all the same" "" \
  "$(ldd built/follow_static built/by_pkg_config_static | grep librondo)"

# The letters of words, step by step, and their classes.
kinds 60 >kinds.csv
done_with 0 "$rondo" prepare --task classify --input kinds.csv --source word:char --target kind --output kinds.rondo
done_with 0 "$rondo" train --run run --data kinds.rondo --cell gru --hidden 13 --lanes 8 --steps 12 --threads 1
done_with 0 "$rondo" predict --checkpoint run --input kinds.csv --json
sed 's/.*"probabilities":{//; s/}}$//; s/"[^"]*"://g; s/,/ /g' "$scratch/stdout" |
  awk '{ for (i = 1; i <= NF; ++i) printf "%.17g\t", $i; print "" }' >expected
tail -n +2 kinds.csv | sed 's/,.*//; s/./&\n/g' >steps
awk '/^$/ { print n; next } { ++n }' steps >ends # lines of answers behind whole words
for program in follow follow_static by_pkg_config by_pkg_config_static; do
  "built/$program" run <steps >said || note_failure "$program: ended with $?"
  same "what $program says of" "$(sed -n 's/.*"probabilities":{"\([a-z]*\)":[^,]*,"\([a-z]*\)":[^,]*,"\([a-z]*\)".*/\1 \2 \3 /p;q' "$scratch/stdout")" \
    "$(head -n 1 said | tr '\t' ' ')"
  same "answers of $program" "$(cat expected)" "$(tail -n +2 said | awk 'NR == FNR { ends[$1]; next } FNR in ends' ends -)"
done
same "answers" 60 "$(wc -l <expected)"

done_with 1 built/follow nowhere
same "of a run that is not there" 1 "$(grep -c 'nowhere' "$scratch/stderr")"
printf 'a\n?\n' | built/follow run >/dev/null 2>said
same "of a symbol that is none" "follow: '?' is no symbol of 'word'" "$(cat said)"
finish
