// Limits of memory and processors, out of the files of made-up systems.
#include "rondo/train/host_limits.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t gigabyte = std::uint64_t{1} << 30;

// The files of a system of 16 GB, 8 of them free, and those given, by their paths.
class MadeUpSystem {
 public:
  explicit MadeUpSystem(std::map<std::string, std::string> files) {
    std::string name = (fs::path(testing::TempDir()) / "host-limits-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    root_ = name;
    files.try_emplace("proc/meminfo",
                      "MemTotal:       16777216 kB\nMemFree:         1 kB\n"
                      "MemAvailable:    8388608 kB\nHugePages_Total:       0\n");
    for (const auto& [path, text] : files) {
      fs::create_directories((root_ / path).parent_path());
      std::ofstream(root_ / path) << text;
    }
  }
  ~MadeUpSystem() { fs::remove_all(root_); }
  MadeUpSystem(const MadeUpSystem&) = delete;
  MadeUpSystem& operator=(const MadeUpSystem&) = delete;

  HostMemory memory() const { return host_memory(root_); }
  double processors() const { return granted_processors(root_); }

 private:
  fs::path root_;
};

void expect(const HostMemory& memory, std::uint64_t total, std::uint64_t available, bool limited) {
  EXPECT_EQ(memory.total, total);
  EXPECT_EQ(memory.available, available);
  EXPECT_EQ(memory.limited, limited);
}

TEST(HostLimits, WithoutControlGroupsAreTheMachines) {
  const MadeUpSystem plain({});
  expect(plain.memory(), 16 * gigabyte, 8 * gigabyte, false);
  EXPECT_EQ(plain.processors(), 0);
}

TEST(HostLimits, UnlimitedGroupsLimitNothing) {
  const MadeUpSystem newer({{"proc/self/cgroup", "0::/user.slice\n"},
                            {"sys/fs/cgroup/user.slice/memory.max", "max\n"},
                            {"sys/fs/cgroup/user.slice/cpu.max", "max 100000\n"}});
  expect(newer.memory(), 16 * gigabyte, 8 * gigabyte, false);
  EXPECT_EQ(newer.processors(), 0);
  const MadeUpSystem older(
      {{"proc/self/cgroup", "4:memory:/a\n1:cpu,cpuacct:/a\n0::/\n"},
       {"sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n"},
       {"sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n"},
       {"sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"}});
  expect(older.memory(), 16 * gigabyte, 8 * gigabyte, false);
  EXPECT_EQ(older.processors(), 0);
}

// A batch system limits the job, and not the step in it that the process is in.
TEST(HostLimits, OuterGroupsCount) {
  const MadeUpSystem job({{"proc/self/cgroup", "0::/job_7/step_0\n"},
                          {"sys/fs/cgroup/job_7/step_0/memory.max", "max\n"},
                          {"sys/fs/cgroup/job_7/memory.max", "4294967296\n"},
                          {"sys/fs/cgroup/job_7/memory.current", "1073741824\n"},
                          {"sys/fs/cgroup/job_7/step_0/cpu.max", "300000 100000\n"},
                          {"sys/fs/cgroup/job_7/cpu.max", "150000 100000\n"}});
  expect(job.memory(), 4 * gigabyte, 3 * gigabyte, true);
  EXPECT_EQ(job.processors(), 1.5);
}

TEST(HostLimits, AnOuterGroupMayBeFullerThanTheInnermost) {
  const MadeUpSystem job({{"proc/self/cgroup", "0::/outer/inner\n"},
                          {"sys/fs/cgroup/outer/inner/memory.max", "2147483648\n"},
                          {"sys/fs/cgroup/outer/inner/memory.current", "0\n"},
                          {"sys/fs/cgroup/outer/memory.max", "4294967296\n"},
                          {"sys/fs/cgroup/outer/memory.current", "4294967296\n"}});
  expect(job.memory(), 2 * gigabyte, 0, true);
}

TEST(HostLimits, OfTheOlderControlGroups) {
  const MadeUpSystem older({{"proc/self/cgroup", "4:memory:/a/b\n1:cpu,cpuacct:/a\n0::/\n"},
                            {"sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2147483648\n"},
                            {"sys/fs/cgroup/memory/a/memory.usage_in_bytes", "1073741824\n"},
                            {"sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "50000\n"},
                            {"sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"}});
  expect(older.memory(), 2 * gigabyte, gigabyte, true);
  EXPECT_EQ(older.processors(), 0.5);
}

// A container that shares its host's view of names has its own group at the top.
TEST(HostLimits, OfAContainerThatSeesOnlyItsOwnGroup) {
  const MadeUpSystem container({{"proc/self/cgroup", "0::/docker/0123456789ab\n"},
                                {"sys/fs/cgroup/memory.max", "1073741824\n"},
                                {"sys/fs/cgroup/memory.current", "0\n"}});
  expect(container.memory(), gigabyte, gigabyte, true);
}

TEST(HostLimits, OfThisMachine) {
  const HostMemory here = host_memory();
  EXPECT_GT(here.total, 0U);
  EXPECT_LE(here.available, here.total);
  EXPECT_GE(granted_processors(), 0);
}

// The sentence with which `bytes` are refused; empty where they fit.
std::string refusal(std::uint64_t bytes, const HostMemory& here) {
  try {
    check_memory(bytes, here);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(HostLimits, RefuseMoreMemoryThanARankMayEverHave) {
  const HostMemory machine{4'000'000'000, 1'000'000'000, false};
  EXPECT_EQ(refusal(4'000'000'000, machine), "");  // what others hold now may be freed
  EXPECT_NE(refusal(4'600'000'000, machine)
                .find("a rank needs 4.6 GB and this machine has 4.0 GB: a smaller window"),
            std::string::npos);
  const HostMemory job{4'000'000'000, 1'000'000'000, true};
  EXPECT_NE(
      refusal(4'600'000'000, job).find("its container or batch job (control group) may use 4.0 GB"),
      std::string::npos);
  EXPECT_EQ(refusal(4'600'000'000, HostMemory{}), "");  // the system does not say
}

}  // namespace
}  // namespace rondo
