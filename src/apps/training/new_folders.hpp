// A start that is refused leaves no folders behind.
#pragma once

#include <filesystem>
#include <vector>

namespace rondo::apps {

// Remembers which folders of a path are not there yet. Those that are there and still empty when
// this object goes are removed; what holds anything, and what is no folder, stays.
class NewFolders {
 public:
  explicit NewFolders(const std::filesystem::path& folder);
  ~NewFolders();
  NewFolders(const NewFolders&) = delete;
  NewFolders& operator=(const NewFolders&) = delete;

 private:
  std::vector<std::filesystem::path> missing_;  // the deepest first
};

}  // namespace rondo::apps
