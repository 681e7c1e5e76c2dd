// The life of a process as an MPI rank: one object initialises and finalises MPI, one function
// turns whatever goes wrong on any rank into every rank's end.
//
// A program started without mpirun is a world of one rank, and needs no other program for that.
// Ranks that share a core wait politely only if the MPI library is told so before it starts, in
// Open MPI by the environment variable OMPI_MCA_mpi_yield_when_idle=1: that is the launch scripts'
// duty, not this object's.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "rondo/comm/communicator.hpp"

namespace rondo {

// How much rank threads may call the MPI library, as MPI_Init_thread granted it.
enum class ThreadLevel { single, funneled, serialized, multiple };

// Initialises MPI on construction, finalises it on destruction; at most one in the life of a
// process. While an exception unwinds, MPI stays unfinalised: MPI_Finalize would wait for ranks
// that do not come, whereas mpirun ends the others when this process exits. Floating-point modes
// are the caller's to set, after construction (an MPI library may change them). Messages above
// `message_limit` bytes, at most INT_MAX, are cut.
class MpiSession {
 public:
  static constexpr std::size_t default_message_limit = std::size_t{1} << 30;

  MpiSession(int& argc, char**& argv, std::size_t message_limit = default_message_limit);
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;

  // All ranks; lives as long as the session, as do the messages of communicators derived from
  // it: those are cheap to hold, but their resources come back only at the session's end.
  Communicator& world();
  ThreadLevel thread_level() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Runs `body` in a session and returns the exit code for main, the largest of all ranks' codes, the
// same on every rank. An exception on a rank is printed to standard error as one line, "rondo: rank
// R on HOST: sentence" ("rondo: sentence" where the world is one rank), and ends all ranks at once
// with the Error's code (1 for other exceptions), never 0. An AgreedError (communicator.hpp), which
// all ranks throw, is printed by rank 0 alone, and all ranks end together with its code. Where the
// MPI library then takes more than 15 s to end, the process ends without it, with that code.
int run_session(int argc, char** argv, const std::function<int(Communicator&)>& body);

// Runs `work`, which may be far from done with its messages when it throws. Where that happens on a
// rank of several, all ranks end here, as run_session says, before anything of this rank is
// destroyed: messages may be under way into memory that unwinding would free, and a destructor may
// wait for a file or another thread. What all ranks throw together (AgreedError), and what a rank
// alone throws, passes on. `last` is what this rank still does before it ends the ranks, once its
// sentence is said; it throws nothing, and takes seconds at most.
void end_at_once(
    Communicator& world, const std::function<void()>& work,
    const std::function<void()>& last = [] {});

// Throws InputError where a launcher started several processes as one job but this one finds itself
// alone in its world: an `srun` without a matching process manager, or the mpirun of another MPI
// library than the one rondo was built with. Such a job would be N runs instead of one.
void check_launcher(const Communicator& world);

// Name and version of the MPI library, one line.
std::string mpi_library();

}  // namespace rondo
