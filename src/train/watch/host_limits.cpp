#include "rondo/train/host_limits.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

// The numbers that a file begins with, "max" being none.
std::vector<double> numbers_in(const fs::path& path) {
  std::vector<double> numbers;
  std::ifstream file(path);
  for (double number = 0; file >> number;) numbers.push_back(number);
  return numbers;
}

std::optional<std::uint64_t> bytes_in(const fs::path& path) {
  std::uint64_t bytes = 0;
  if (std::ifstream(path) >> bytes) return bytes;
  return std::nullopt;
}

// The folders of the control groups that this process is in, from the innermost, in the hierarchies
// that have this controller. Not all are there for a container, which sees its own as the
// outermost.
std::vector<fs::path> control_groups(const fs::path& root, const std::string& controller) {
  std::vector<fs::path> folders;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // number:controllers:group
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool unified = controllers == ",,";  // version 2
    if (!unified && controllers.find("," + controller + ",") == std::string::npos) continue;
    const fs::path top = root / "sys/fs/cgroup" / (unified ? "" : controller);
    fs::path group = fs::path(line.substr(second + 1)).relative_path();
    for (; !group.empty(); group = group.parent_path()) folders.push_back(top / group);
    folders.push_back(top);
  }
  return folders;
}

}  // namespace

HostMemory host_memory(const fs::path& root) {
  std::uint64_t installed = 0;
  HostMemory memory;
  std::ifstream file(root / "proc/meminfo");
  for (std::string name, unit; file >> name;) {
    std::uint64_t kilobytes = 0;
    if (!(file >> kilobytes) || !std::getline(file, unit)) break;
    if (name == "MemTotal:") installed = kilobytes * 1024;
    if (name == "MemAvailable:") memory.available = kilobytes * 1024;
  }
  memory.total = installed;
  for (const fs::path& group : control_groups(root, "memory")) {
    auto limit = bytes_in(group / "memory.max");
    auto used = bytes_in(group / "memory.current");
    if (!limit) {
      limit = bytes_in(group / "memory.limit_in_bytes");
      used = bytes_in(group / "memory.usage_in_bytes");
    }
    if (!limit || *limit >= installed) continue;
    memory.limited = true;
    memory.total = std::min(memory.total, *limit);
    memory.available = std::min(memory.available, *limit - std::min(*limit, used.value_or(0)));
  }
  return memory;
}

double granted_processors(const fs::path& root) {
  double granted = 0;
  for (const fs::path& group : control_groups(root, "cpu")) {
    // Microseconds of processor time, and the period that they are for.
    std::vector<double> quota = numbers_in(group / "cpu.max");
    if (quota.empty()) {
      quota = numbers_in(group / "cpu.cfs_quota_us");
      for (const double period : numbers_in(group / "cpu.cfs_period_us")) quota.push_back(period);
    }
    if (quota.size() != 2 || quota[0] <= 0 || quota[1] <= 0) continue;
    const double processors = quota[0] / quota[1];
    granted = granted == 0 ? processors : std::min(granted, processors);
  }
  return granted;
}

void check_memory(std::uint64_t bytes, const HostMemory& here) {
  if (here.total == 0 || bytes <= here.total) return;
  throw_input(
      "a rank needs {:.1f} GB and {} {:.1f} GB: a smaller window, a smaller block, fewer lanes or "
      "a smaller model need less (--dry-run shows for what)",
      static_cast<double>(bytes) * 1e-9,
      here.limited ? "its container or batch job (control group) may use" : "this machine has",
      static_cast<double>(here.total) * 1e-9);
}

}  // namespace rondo
