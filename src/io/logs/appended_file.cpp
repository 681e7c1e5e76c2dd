#include "io/logs/appended_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::size_t most_waiting = std::size_t{16} << 20;  // bytes

}  // namespace

AppendedFile::AppendedFile(std::filesystem::path path, std::string head)
    : path_(std::move(path)), head_(std::move(head)) {
  if (const std::string reason = open(); !reason.empty()) throw InputError(reason);
}

AppendedFile::~AppendedFile() {
  if (file_ >= 0) ::close(file_);
}

void AppendedFile::hold(const std::string& record) {
  if (waiting_.size() + record.size() > most_waiting) {
    ++lost_;
  } else {
    waiting_ += record;
  }
}

std::string AppendedFile::write() {
  if (!is_there()) {
    if (std::string reason = open(); !reason.empty()) return reason;
  }
  const std::string bytes = (size_ == 0 ? head_ : "") + waiting_;
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = file_system().pwrite(
        file_, bytes.data() + written, bytes.size() - written, size_ + static_cast<off_t>(written));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const std::string reason = count < 0 ? system_reason(errno) : "the disk takes no more bytes";
      // Takes the torn record off. If that fails too, the next attempt begins where this one began.
      const bool whole_again = ::ftruncate(file_, size_) == 0;
      return fmt::format("cannot write '{}': {}{}", path_.string(), reason,
                         whole_again ? "" : " (its end is torn)");
    }
    written += static_cast<std::size_t>(count);
  }
  size_ += static_cast<std::int64_t>(bytes.size());
  waiting_.clear();
  return {};
}

// Opens the file, which may be a new one; records go behind what is in it.
std::string AppendedFile::open() {
  if (file_ >= 0) ::close(file_);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  struct stat status {};
  if (file_ < 0 || ::fstat(file_, &status) != 0) {
    return fmt::format("cannot write '{}': {}", path_.string(), system_reason(errno));
  }
  size_ = static_cast<std::int64_t>(status.st_size);
  return {};
}

// Whether the path still leads to the open file.
bool AppendedFile::is_there() const {
  struct stat here {
  }, open{};
  return file_ >= 0 && ::fstat(file_, &open) == 0 && ::stat(path_.c_str(), &here) == 0 &&
         here.st_dev == open.st_dev && here.st_ino == open.st_ino;
}

}  // namespace rondo
