// session_program CASE: a program that ends in a given way, for exit_codes.sh to judge from
// outside.
#include <cstdio>
#include <new>
#include <stdexcept>
#include <string>

#include "rondo/comm/session.hpp"
#include "rondo/core/errors.hpp"

namespace {

int end_as(const std::string& way, rondo::Communicator& world) {
  const bool is_last = world.rank() == world.size() - 1;
  if (way == "fine") return 0;
  if (way == "launcher") {
    rondo::check_launcher(world);
    return 0;
  }
  if (way == "stopped-on-one") return is_last ? 75 : 0;
  if (way == "agreed") rondo::agree(world, is_last ? "the data is missing" : "", 2);
  if (way == "agreed-failure") rondo::agree(world, "the disk is full", 1);
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

int main(int argc, char** argv) {
  const std::string way = argc > 1 ? argv[1] : "fine";
  return rondo::run_session(argc, argv,
                            [&](rondo::Communicator& world) { return end_as(way, world); });
}
