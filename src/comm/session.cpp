#include "rondo/comm/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "comm/bounded_end.hpp"
#include "comm/launcher.hpp"
#include "comm/mpi.hpp"
#include "rondo/core/failure.hpp"
#include "rondo/core/streams.hpp"

namespace rondo {

struct MpiSession::State {
  int thread_level = MPI_THREAD_SINGLE;
  int exceptions_at_start = 0;
  std::vector<MPI_Comm> derived;  // in the order of their collective creation
  std::unique_ptr<Communicator> world;
};

MpiSession::MpiSession(int& argc, char**& argv, std::size_t message_limit)
    : state_(std::make_unique<State>()) {
  state_->exceptions_at_start = std::uncaught_exceptions();
  settle_for_alone();
  const StartWitness witness;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &state_->thread_level),
            "MPI_Init_thread");
  state_->world = make_mpi_communicator(MPI_COMM_WORLD, message_limit, state_->derived);
}

MpiSession::~MpiSession() {
  if (std::uncaught_exceptions() > state_->exceptions_at_start) return;
  for (MPI_Comm& handle : state_->derived) MPI_Comm_free(&handle);
  MPI_Finalize();
}

Communicator& MpiSession::world() { return *state_->world; }

ThreadLevel MpiSession::thread_level() const {
  switch (state_->thread_level) {
    case MPI_THREAD_MULTIPLE:
      return ThreadLevel::multiple;
    case MPI_THREAD_SERIALIZED:
      return ThreadLevel::serialized;
    case MPI_THREAD_FUNNELED:
      return ThreadLevel::funneled;
    default:
      return ThreadLevel::single;
  }
}

namespace {

// This rank's error becomes every rank's end. A rank alone has nobody to end, and returns its code:
// MPI_Abort would add a page of the library's own.
int end_all(
    Communicator& world, const Failure& failure, const std::function<void()>& last = [] {}) {
  if (world.size() == 1) {
    write_message("rondo: " + failure.sentence);
    return static_cast<int>(failure.code);
  }
  write_message(
      fmt::format("rondo: rank {} on {}: {}", world.rank(), world.host(), failure.sentence));
  last();
  world.abort(static_cast<int>(failure.code));
  std::terminate();  // not reached; g++ overlooks [[noreturn]] of a virtual function
}

// The largest of all ranks' codes; also the barrier before MPI_Finalize.
int common_code(Communicator& world, int code) {
  std::int64_t largest = code;
  world.maximum(std::span(&largest, 1));
  return static_cast<int>(largest);
}

}  // namespace

int run_session(int argc, char** argv, const std::function<int(Communicator&)>& body) {
  const std::set<int> inherited = open_descriptors();
  std::jthread end;  // waited for after the session
  MpiSession session(argc, argv);
  Communicator& world = session.world();
  try {
    int code = static_cast<int>(ExitCode::failure);
    try {
      code = body(world);
    } catch (const Error& error) {
      if (dynamic_cast<const AgreedError*>(&error) == nullptr) throw;
      if (world.rank() == 0) write_message(fmt::format("rondo: {}", error.what()));
      code = static_cast<int>(error.code());
    }
    code = common_code(world, code);
    try {
      end = bound_the_end(world.rank() == 0, code, inherited);
    } catch (const std::system_error&) {
      // No thread is to be had: then nothing bounds the end, and all work is done all the same.
    }
    return code;
  } catch (...) {
    return end_all(world, current_failure());
  }
}

void end_at_once(Communicator& world, const std::function<void()>& work,
                 const std::function<void()>& last) {
  try {
    work();
  } catch (const AgreedError&) {
    throw;
  } catch (...) {
    if (world.size() == 1) throw;
    end_all(world, current_failure(), last);
  }
}

std::string mpi_library() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  check_mpi(MPI_Get_library_version(text, &length), "MPI_Get_library_version");
  const std::string_view whole(text, static_cast<std::size_t>(length));
  // Open MPI goes on after a comma, MPICH after a line's end, with how it was built.
  std::string name(whole.substr(0, whole.find_first_of(",\n")));
  std::replace(name.begin(), name.end(), '\t', ' ');
  return name;
}

}  // namespace rondo
