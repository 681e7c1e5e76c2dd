#include "data/text/text_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

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
  return {path, static_cast<std::int64_t>(size), since.count(), {}};
}

// What is the same for all paths of a folder.
using Identity = std::pair<dev_t, ino_t>;

// A folder and those that it lies in, up to the input.
class Way {
 public:
  explicit Way(std::vector<fs::path>* left_out) : left_out_(left_out) {}

  // Adds the files below `folder`.
  void add_below(const fs::path& folder, std::vector<fs::path>& files) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0)
      fail(folder, std::error_code(errno, std::generic_category()));
    const Identity identity{status.st_dev, status.st_ino};
    if (std::find(folders_.begin(), folders_.end(), identity) != folders_.end()) {
      throw_input(
          "{} is a link back to a folder that it lies in, so that its files would have no end: "
          "remove it, or name the files",
          folder.string());
    }
    folders_.push_back(identity);
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (!is_left_out(entry->path())) {
        add(entry->path(), files);
      } else if (left_out_ != nullptr) {
        left_out_->push_back(entry->path());
      }
    }
    if (error) fail(folder, error);
    folders_.pop_back();
  }

 private:
  void add(const fs::path& path, std::vector<fs::path>& files) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);  // of what a link leads to
    if (fs::is_directory(status)) return add_below(path, files);
    if (fs::is_regular_file(status)) return files.push_back(path);
    if (status.type() == fs::file_type::not_found) {
      throw_input("{} is a link to nothing: remove it, or name the files", path.string());
    }
    if (status.type() == fs::file_type::none) fail(path, error);
    throw_input("{} is neither a file nor a folder that can be read: remove it, or name the files",
                path.string());
  }

  [[noreturn]] static void fail(const fs::path& path, const std::error_code& error) {
    throw_input("{} cannot be read: {}", path.string(), error.message());
  }

  std::vector<fs::path>* left_out_;
  std::vector<Identity> folders_;
};

std::vector<fs::path> files_below(const fs::path& folder, std::vector<fs::path>* left_out) {
  std::vector<fs::path> files;
  Way(left_out).add_below(folder, files);
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return files;
}

}  // namespace

bool is_left_out(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "Thumbs.db" || name == "desktop.ini" ||
         name == "__MACOSX";
}

std::vector<TextFile> list_text_files(const std::vector<fs::path>& inputs,
                                      std::vector<fs::path>* left_out) {
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
      const std::vector<fs::path> below = files_below(input, left_out);
      if (below.empty()) throw_input("folder {} holds no files to read", input.string());
      for (const fs::path& path : below) files.push_back(examine(path));
    } else {
      throw_input(
          "input {} is neither a file nor a folder that can be read (--input - reads standard "
          "input)",
          input.string());
    }
  }
  return files;
}

}  // namespace rondo
