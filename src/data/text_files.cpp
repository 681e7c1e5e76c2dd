#include "data/text_files.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

TextFile examine(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) throw_input("{} cannot be read: {}", path.string(), error.message());
  const auto modified = fs::last_write_time(path, error);
  if (error) throw_input("{} cannot be read: {}", path.string(), error.message());
  const auto since =
      std::chrono::duration_cast<std::chrono::nanoseconds>(modified.time_since_epoch());
  return {path, static_cast<std::int64_t>(size), since.count()};
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  try {
    for (fs::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
      if (entry->path().filename().string().starts_with('.')) {
        entry.disable_recursion_pending();
      } else if (entry->is_regular_file()) {
        files.push_back(entry->path());
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw_input("folder {} cannot be read: {}", folder.string(), error.code().message());
  }
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return files;
}

}  // namespace

std::vector<TextFile> list_text_files(const std::vector<fs::path>& inputs) {
  std::vector<TextFile> files;
  for (const fs::path& input : inputs) {
    std::error_code error;
    const fs::file_status status = fs::status(input, error);
    if (status.type() == fs::file_type::not_found) {
      throw_input("input {} does not exist", input.string());
    }
    if (fs::is_regular_file(status)) {
      files.push_back(examine(input));
    } else if (fs::is_directory(status)) {
      const std::vector<fs::path> below = files_below(input);
      if (below.empty()) throw_input("folder {} holds no files to read", input.string());
      for (const fs::path& path : below) files.push_back(examine(path));
    } else {
      throw_input("input {} is neither a file nor a folder that can be read", input.string());
    }
  }
  return files;
}

}  // namespace rondo
