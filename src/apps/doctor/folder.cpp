#include "apps/doctor/folder.hpp"

#include <fcntl.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <vector>

#include "apps/bench/measure.hpp"
#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps::doctor {
namespace {

// By the numbers of statfs(2) and of the systems' own sources.
std::string file_system_name(const std::filesystem::path& folder) {
  static const std::map<std::uint32_t, const char*> names = {
      {0xEF53, "ext4"},       {0x58465342, "xfs"},     {0x9123683E, "btrfs"},  {0x2FC12FC1, "zfs"},
      {0x01021994, "tmpfs"},  {0x794C7630, "overlay"}, {0x6969, "nfs"},        {0xFF534D42, "cifs"},
      {0x0BD00BD0, "lustre"}, {0x47504653, "gpfs"},    {0x19830326, "beegfs"}, {0x00C36400, "ceph"},
      {0x65735546, "fuse"},   {0x5346414F, "afs"},     {0x01021997, "9p"},
  };
  struct statfs status = {};
  if (statfs(folder.c_str(), &status) != 0) return "unknown";
  const auto found = names.find(static_cast<std::uint32_t>(status.f_type));
  return found == names.end() ? fmt::format("type {:#x}", static_cast<std::uint32_t>(status.f_type))
                              : found->second;
}

double flush_speed(const std::filesystem::path& folder, std::int64_t megabytes) {
  const std::vector<std::byte> megabyte(1'000'000, std::byte{0x5A});
  TemporaryFile file(folder / "doctor");
  const double begun = bench::wall_seconds();
  for (std::int64_t i = 0; i < megabytes; ++i) {
    file.write(static_cast<std::uint64_t>(i) * megabyte.size(), megabyte);
  }
  file.flush();
  const double seconds = bench::wall_seconds() - begun;
  file.close();
  return static_cast<double>(megabytes) * 1e6 / seconds;
}

bool creates_exclusively(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / (".doctor." + random_token() + ".tmp");
  const UnfinishedFile unfinished(path);
  const auto create = [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600); };
  const int first = create();
  if (first < 0) return false;
  const int second = create();
  const bool refused = second < 0 && errno == EEXIST;
  if (second >= 0) ::close(second);
  ::close(first);
  ::unlink(path.c_str());
  return refused;
}

}  // namespace

FolderFacts try_folder(const std::filesystem::path& folder, std::int64_t megabytes) {
  FolderFacts facts;
  std::error_code error;
  std::filesystem::path existing = std::filesystem::weakly_canonical(folder, error);
  while (!error && !std::filesystem::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  if (error) {
    facts.path = folder.string();
    facts.error = fmt::format("cannot look at '{}': {}", facts.path, error.message());
    return facts;
  }
  facts.path = existing.string();
  facts.file_system = file_system_name(existing);
  struct statvfs space = {};
  if (statvfs(existing.c_str(), &space) == 0) {
    facts.free_bytes = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  }
  try {
    facts.flushed_bytes_per_second = flush_speed(existing, megabytes);
    facts.excludes = creates_exclusively(existing);
  } catch (const Error& error) {
    facts.error = error.what();
  }
  return facts;
}

}  // namespace rondo::apps::doctor
