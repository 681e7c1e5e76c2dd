#include "apps/training/new_folders.hpp"

#include <unistd.h>

#include <system_error>

namespace rondo::apps {

NewFolders::NewFolders(const std::filesystem::path& folder) {
  std::error_code error;
  // Lexically normal, so that "runs/book/" and "runs/./book" have no parts without a name.
  std::filesystem::path path = std::filesystem::absolute(folder, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  // A link that leads nowhere, or what may not be looked at, is there.
  const auto is_missing = [&] {
    return std::filesystem::symlink_status(path, error).type() ==
           std::filesystem::file_type::not_found;
  };
  while (path.has_relative_path() && is_missing()) {
    missing_.push_back(path);
    path = path.parent_path();
  }
}

NewFolders::~NewFolders() {
  // Removing a folder with something in it fails, as it should, and so does the rest then.
  for (const std::filesystem::path& path : missing_) ::rmdir(path.c_str());
}

}  // namespace rondo::apps
