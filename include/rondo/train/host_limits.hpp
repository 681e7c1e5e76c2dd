// What this process may use of its host: control groups (containers, batch jobs) can grant less
// memory and fewer processors than there are. Both versions of control groups are read, every group
// from the process's own to the outermost that it sees.
//
// `root` is where the system's folders proc and sys lie.
#pragma once

#include <cstdint>
#include <filesystem>

namespace rondo {

struct HostMemory {
  std::uint64_t total = 0;      // bytes; 0 where the system does not say
  std::uint64_t available = 0;  // bytes of them that are free or can be freed
  bool limited = false;         // by a control group, to less than the machine has
};

HostMemory host_memory(const std::filesystem::path& root = "/");

// Processor time a second that control groups grant, in processors; 0 without a limit.
double granted_processors(const std::filesystem::path& root = "/");

// InputError if `bytes`, that a rank is going to allocate, are more than it may ever have.
void check_memory(std::uint64_t bytes, const HostMemory& here = host_memory());

}  // namespace rondo
