// Made-up input for measurements: the same everywhere.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>

#include "io/unfinished_files.hpp"
#include "rondo/tasks/dataset.hpp"

namespace rondo::apps::bench {

// A folder of its own that goes with the object, or when a signal ends the process, in `parent` or,
// where that is empty, where the system keeps temporary files. InputError if it cannot be made.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::filesystem::path& parent = {});
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::deque<UnfinishedFile> unfinished_;
};

// Writes a text of `characters` characters, at least so many that each of `vocabulary` different
// ones occurs, the early ones much more often than the late ones. Returns its bytes.
std::uint64_t write_text(const std::filesystem::path& file, std::int64_t characters,
                         int vocabulary);

// Such a text, prepared as a training split.
Dataset make_dataset(const ScratchFolder& folder, std::int64_t characters, int vocabulary);

}  // namespace rondo::apps::bench
