// session_program CASE: a program that ends in a given way, for exit_codes.sh to judge from
// outside.
#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "rondo/comm/session.hpp"
#include "rondo/core/errors.hpp"

namespace {

bool abort_hangs = false, end_of_mpi_hangs = false;

// What unwinding must not reach.
struct WaitsForever {
  ~WaitsForever() {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
};

int end_as(const std::string& way, rondo::Communicator& world) {
  const bool is_last = world.rank() == world.size() - 1;
  if (way == "fine" || way == "hangs-at-the-end") return 0;
  if (way == "launcher") {
    rondo::check_launcher(world);
    return 0;
  }
  if (way == "stopped-on-one") return is_last ? 75 : 0;
  if (way == "agreed") rondo::agree(world, is_last ? "the data is missing" : "", 2);
  if (way == "agreed-failure") rondo::agree(world, "the disk is full", 1);
  if (way == "agreed-in-the-midst") {
    rondo::end_at_once(world,
                       [&] { rondo::agree(world, is_last ? "the data is missing" : "", 2); });
  }
  if (way == "failure-in-the-midst" && world.size() > 1) {
    const WaitsForever never;
    rondo::end_at_once(world, [&] {
      if (is_last) throw rondo::RunError("the disk is full");
      world.barrier();
    });
  }
  if (way == "abort-hangs") {
    abort_hangs = true;
    if (is_last) throw rondo::RunError("the disk is full");
  }
  if (way == "failure-in-the-midst") {
    rondo::end_at_once(world, [] { throw rondo::RunError("the disk is full"); });
  }
  if (is_last) {
    if (way == "input-on-one") throw rondo::InputError("the shard is damaged");
    if (way == "failure-on-one") throw rondo::RunError("the disk is full");
    if (way == "other-on-one") throw std::runtime_error("something else");
    if (way == "memory-on-one") throw std::bad_alloc();
    if (way == "unknown-on-one") throw 42;
  }
  world.barrier();  // where the others wait for the one that has failed
  std::puts("a rank went on");
  return 99;
}

}  // namespace

// In place of the library's, which goes by this name too: one whose launcher does not answer.
extern "C" int MPI_Abort(MPI_Comm communicator, int code) {
  if (abort_hangs) const WaitsForever never;
  return PMPI_Abort(communicator, code);
}

// Likewise.
extern "C" int MPI_Finalize() {
  if (end_of_mpi_hangs) const WaitsForever never;
  return PMPI_Finalize();
}

int main(int argc, char** argv) {
  const std::string way = argc > 1 ? argv[1] : "fine";
  end_of_mpi_hangs = way == "hangs-at-the-end";
  return rondo::run_session(argc, argv,
                            [&](rondo::Communicator& world) { return end_as(way, world); });
}
