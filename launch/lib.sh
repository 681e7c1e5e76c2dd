# shellcheck shell=bash
# Shell functions that the scripts in launch/ share; to be sourced by bash, from anywhere.
# Defines: root (the repository), build_tools, product_libraries, product_packages, say,
# fail, require_packages, configure, physical_cores, use_mpi_settings.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian and Ubuntu packages that the product is built from and runs on.
build_tools=(g++ cmake ninja-build ccache pkg-config openssh-client)
product_libraries=(
  libopenmpi-dev openmpi-bin libhdf5-dev libhwy-dev librandom123-dev libeigen3-dev
  libboost-program-options-dev nlohmann-json3-dev libfmt-dev libssl-dev
  libsentencepiece-dev libzip-dev libspng-dev libturbojpeg0-dev libsndfile1-dev
  libprotozero-dev
)
product_packages=("${build_tools[@]}" "${product_libraries[@]}")

# A message that cannot be written is lost, and ends nothing.
say() { printf '\n== %s\n' "$*" >&2 || true; }

# fail SENTENCE [CODE]: one sentence to standard error, then the end.
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2 || true
  exit "${2:-1}"
}

# require_packages PACKAGE...: installs what is missing, by apt-get, and says what. Does nothing, and
# needs no network, when all are there. On a system without dpkg it leaves the question to CMake,
# which names each library that it does not find.
require_packages() {
  command -v dpkg-query >/dev/null || return 0
  local package status missing=() as_root=()
  for package in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || status=absent
    # "triggers-...": installed, while another installation is going on.
    [[ $status == installed || $status == triggers-* ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "these packages are missing and there is no sudo; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  # A fresh system has no package lists; an old one may have lists of versions that are gone.
  "${as_root[@]}" apt-get update -qq >&2 ||
    fail "apt-get update failed: are the package sources of this machine reachable?"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install ${missing[*]}"
}

# configure FOLDER [CMAKE ARGUMENTS...]: configures a build in FOLDER; CMake's output is shown when it
# fails. A folder that somebody has configured before keeps its generator.
configure() {
  local folder=$1 log=$1.configure.log generator=(-G Ninja)
  shift
  mkdir -p "$(dirname "$folder")"
  [[ ! -e $folder/CMakeCache.txt ]] || generator=()
  cmake -S "$root" -B "$folder" "${generator[@]}" "$@" >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}

# Processor cores that this process may use, hardware threads of one core counted once: two of them
# share the multiply-add units that training keeps busy.
physical_cores() {
  local allowed cores
  allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status 2>/dev/null) || true
  cores=$(lscpu -p=CPU,CORE,SOCKET 2>/dev/null | awk -F, -v allowed="$allowed" '
    BEGIN {
      ranges = split(allowed, list, ",")
      for (r = 1; r <= ranges; ++r) {
        ends = split(list[r], range, "-")
        for (cpu = range[1]; cpu <= range[ends]; ++cpu) mine[cpu + 0] = 1
      }
    }
    !/^#/ && (ranges == 0 || $1 in mine) { core[$2 "," $3] = 1 }
    END { for (c in core) ++count; print count + 0 }') || cores=0
  ((cores > 0)) || cores=$(nproc)
  printf '%s\n' "$cores"
}

# Settings for mpirun on this machine, by Open MPI's environment variables, which other MPI
# libraries ignore: root may start ranks (containers), ranks that wait for each other give their
# core away, and a rank that ends with an exit code of rondo's is no reason for a page of text.
use_mpi_settings() {
  export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_orte_execute_quiet=1
  if ((EUID == 0)); then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
