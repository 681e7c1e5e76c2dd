#include "io/output_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <span>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

void check_output(const std::filesystem::path& path, const std::string& option,
                  const OwnKind& kind) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw_input("{} {} cannot be written: {}", option, path.string(), system_reason(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    throw_input("{} {} is a folder: name a file", option, path.string());
  }
  if (S_ISLNK(status.st_mode)) {
    throw_input("{} {} is a link, which stays as it is: name the file that it leads to, or another",
                option, path.string());
  }
  if (!S_ISREG(status.st_mode)) {
    throw_input("{} {} is a pipe or a device: name a file", option, path.string());
  }
  if (!kind.is_own(path)) {
    throw_input(
        "{} {} is there and is not {}, so it stays as it is: name another file, or remove it first",
        option, path.string(), kind.name);
  }
}

void write_output(const std::filesystem::path& path, const std::string& text,
                  const std::string& option, const OwnKind& kind) {
  try {
    TemporaryFile file(path);
    file.write(0, std::as_bytes(std::span(text)));
    file.flush();
    file.close();
    check_output(path, option, kind);
    file.rename();
  } catch (const RunError& error) {  // a place that the user named
    throw InputError(error.what());
  }
}

}  // namespace rondo
