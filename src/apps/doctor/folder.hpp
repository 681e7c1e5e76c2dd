// The run's folder, tried out: what checkpoints and the lock need of a file system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace rondo::apps::doctor {

struct FolderFacts {
  std::string path;         // the folder, or the nearest one above it that is there
  std::string file_system;  // "ext4", "nfs", ...
  std::uint64_t free_bytes = 0;
  double flushed_bytes_per_second = 0;  // written and flushed, as a checkpoint is
  bool excludes = false;  // a file that is there cannot be created again: what the lock relies on
  std::string error;      // why it cannot be written; empty otherwise
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FolderFacts, path, file_system, free_bytes,
                                   flushed_bytes_per_second, excludes, error)

// Writes, flushes and removes a file of `megabytes`. Leaves nothing behind.
FolderFacts try_folder(const std::filesystem::path& folder, std::int64_t megabytes);

}  // namespace rondo::apps::doctor
