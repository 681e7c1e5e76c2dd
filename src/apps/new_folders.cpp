#include "apps/new_folders.hpp"

#include <system_error>

namespace rondo::apps {

NewFolders::NewFolders(const std::filesystem::path& folder) {
  std::error_code error;
  // Lexically normal, so that "runs/book/" and "runs/./book" have no parts without a name.
  std::filesystem::path path = std::filesystem::absolute(folder, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  while (path.has_relative_path() && !std::filesystem::exists(path, error)) {
    missing_.push_back(path);
    path = path.parent_path();
  }
}

NewFolders::~NewFolders() {
  // Removing a folder with something in it fails, as it should, and so does the rest then.
  std::error_code error;
  for (const std::filesystem::path& path : missing_) std::filesystem::remove(path, error);
}

}  // namespace rondo::apps
