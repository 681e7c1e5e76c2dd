#include "comm/launcher.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "rondo/comm/session.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// The number in an environment variable, or 0.
int number_in(const char* variable) {
  const char* text = std::getenv(variable);
  int number = 0;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), number);
  return number;
}

// The processes that srun has started this one with; 0 where srun did not. mpirun inside of a Slurm
// job counts more than the job. A batch script has SLURM_NTASKS and SLURM_PROCID too, and a program
// that it starts by its name alone is rightly alone: only the variables of a step tell.
int tasks_of_srun() {
  if (number_in("OMPI_COMM_WORLD_SIZE") > 0 || std::getenv("SLURM_STEP_ID") == nullptr) return 0;
  return number_in("SLURM_STEP_NUM_TASKS");
}

constexpr std::string_view advice =
    "rondo: MPI could not start, for srun offers no way to find the other processes that it knows: "
    "start them with `srun --mpi=pmix`\n";

[[noreturn]] void watch_start(int line) {
  char byte = 0;
  ssize_t count = -1;
  do {
    count = ::read(line, &byte, 1);
  } while (count < 0 && errno == EINTR);
  if (count == 0) count = ::write(STDERR_FILENO, advice.data(), advice.size());
  ::_exit(0);
}

// Whether a launcher has left its sign. (A single task of srun may be a shell at a terminal.)
bool was_launched() {
  for (const char* sign : {"OMPI_COMM_WORLD_SIZE", "PMIX_NAMESPACE", "PMI_RANK", "PMI_FD"}) {
    if (std::getenv(sign) != nullptr) return true;
  }
  return tasks_of_srun() > 1;
}

}  // namespace

void settle_for_alone() {
  if (was_launched()) return;
  ::setenv("OMPI_MCA_ess_singleton_isolated", "true", 0);
  ::setenv("OMPI_MCA_orte_create_session_dirs", "false", 0);
}

StartWitness::StartWitness() {
  // Other process managers than PMIx leave no trace that tells whether the library knows them.
  const bool in_doubt = tasks_of_srun() > 1 && std::getenv("PMIX_NAMESPACE") == nullptr;
  int ends[2];
  if (!in_doubt || number_in("SLURM_PROCID") != 0 ||
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return;
  }
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[1]);
    watch_start(ends[0]);
  }
  ::close(ends[0]);
  line_ = ends[1];
}

StartWitness::~StartWitness() {
  if (line_ < 0) return;
  ::send(line_, "", 1, MSG_NOSIGNAL);
  ::close(line_);
  while (child_ > 0 && ::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) continue;
}

void check_launcher(const Communicator& world) {
  if (world.size() > 1) return;
  const int by_srun = tasks_of_srun();
  if (by_srun > 1) {
    throw_input(
        "srun started {} processes, but each finds itself alone, so that they would be {} runs "
        "instead of one: start them with `srun --mpi=pmix`",
        by_srun, by_srun);
  }
  const int by_open_mpi = number_in("OMPI_COMM_WORLD_SIZE");
  const int by_mpirun = by_open_mpi > 0 ? by_open_mpi : number_in("PMI_SIZE");
  if (by_mpirun <= 1) return;
  throw_input(
      "mpirun started {} processes, but each finds itself alone, so that they would be {} runs "
      "instead of one: rondo was built with {}, start it with that library's mpirun",
      by_mpirun, by_mpirun, mpi_library());
}

}  // namespace rondo
