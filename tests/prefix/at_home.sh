#!/usr/bin/env bash
# at_home.sh PACKAGE...: builds and runs the rondo in ~/rondo with libraries in ~/libraries alone, where
# these Debian packages are unpacked: what people do on a cluster, whose libraries lie in folders of
# their own (modules). To be run by an ordinary user on a system that has none of them (ordinary_user.sh).
set -euo pipefail
cd

die() {
  echo "$*" >&2
  exit 1
}

((EUID != 0)) || die "root is no ordinary user"
installed=$(find /usr /opt \( -name hdf5.h -o -name mpi.h -o -name highway.h -o -name philox.h -o -name evp.h \
  -o -name program_options.hpp -o -name 'libmpi.so*' -o -name 'libhdf5*.so*' -o -name 'libfmt.so*' \) 2>/dev/null)
[[ ! $installed ]] || die "this system has libraries of rondo's: $installed"

rondo/tests/support/unpack_packages.sh libraries "$(dpkg --print-architecture)" "$@" libgtest-dev
prefix=$HOME/libraries/usr
# Debian's Open MPI does not know that it has moved: here is what a module would set for it.
mpi=(env OPAL_PREFIX="$prefix" LD_LIBRARY_PATH="$prefix/lib/$(gcc -print-multiarch)")

"${mpi[@]}" cmake -S rondo -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
  -DMPI_CXX_COMPILER="$prefix/bin/mpicxx.openmpi" -DMPIEXEC_EXECUTABLE="$prefix/bin/mpirun.openmpi"
cmake --build build --target rondo manual mpi_digest unit_io

foreign=$("${mpi[@]}" ldd build/rondo | grep -E 'not found|libhdf5|libmpi|libfmt|libhwy|libboost' |
  grep -v "$prefix") || true
[[ ! $foreign ]] || die "not from $prefix: $foreign"
"${mpi[@]}" build/rondo --version
# As installed, and found by its libraries' folder, not by the environment's.
cmake --install build --component program --prefix "$HOME/.local"
env OPAL_PREFIX="$prefix" .local/bin/rondo --version
"${mpi[@]}" ctest --test-dir build --output-on-failure -R '^(unit\.io|mpi\.digest\.[13]|e2e\.same_results)$' |
  tee tests.log
grep -q '100% tests passed, 0 tests failed out of 4' tests.log || die "a test did not run"
