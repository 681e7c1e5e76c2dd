#include "io/file_system.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {

namespace {

// Linux moves at most 2 GB - 4 kB a call, and some file systems fail above 2^31.
constexpr std::size_t largest_piece = std::size_t{1} << 30;

// Flushes a folder's list of names. Some file systems have no such call; that is no error.
void flush_folder(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  const int error = file_system().fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (error != 0 && error != EINVAL && error != ENOTSUP && error != EROFS) {
    throw_run("cannot flush the folder '{}': {}", folder.string(), system_reason(error));
  }
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

FileSystem& file_system() {
  static FileSystem calls{::pwrite, ::fsync, ::close, std::rename};
  return calls;
}

std::string system_reason(int error) { return std::generic_category().message(error); }

PathKind kind_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return PathKind::nothing;
    throw_input("cannot look at '{}': {}", path.string(), system_reason(errno));
  }
  if (S_ISREG(status.st_mode)) return PathKind::file;
  return S_ISDIR(status.st_mode) ? PathKind::folder : PathKind::other;
}

bool is_there(const std::filesystem::path& path) { return kind_of(path) != PathKind::nothing; }

bool is_folder(const std::filesystem::path& path) { return kind_of(path) == PathKind::folder; }

std::filesystem::path absolute_path(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) {
    throw_input("the place of '{}' cannot be told: the working folder cannot be read: {}",
                path.string(), error.message());
  }
  return absolute;
}

std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  if (!is_there(folder)) return entries;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    entries.push_back(entry->path());
    entry.increment(error);
  }
  if (error) throw_input("cannot read the folder '{}': {}", folder.string(), error.message());
  return entries;
}

std::string read_small_file(const std::filesystem::path& path, std::size_t largest,
                            const std::string& what) {
  constexpr int longest_pause = 10'000;  // ms
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  std::string text;
  std::string reason = file < 0 ? system_reason(errno) : "";
  for (bool ended = file < 0; !ended && reason.empty();) {
    pollfd wait{file, POLLIN, 0};
    const int ready = ::poll(&wait, 1, longest_pause);
    std::array<char, 4096> piece{};
    const ssize_t count = ready > 0 ? ::read(file, piece.data(), piece.size()) : -1;
    if (ready == 0) {
      reason = "nothing comes from it";
    } else if (count < 0 && errno != EINTR && errno != EAGAIN) {
      reason = system_reason(errno);
    } else if (count >= 0) {
      ended = count == 0;
      text.append(piece.data(), static_cast<std::size_t>(count));
      if (text.size() > largest) reason = fmt::format("it has more than {} bytes", largest);
    }
  }
  if (file >= 0) ::close(file);
  if (!reason.empty()) throw_input("{} cannot be read: {}", what, reason);
  return text;
}

InputFile::InputFile(const std::filesystem::path& path) : path_(path) {
  // Not blocking: a pipe without a writer is refused below, and waited for by nobody.
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file_ < 0) {
    if (errno == ENOENT) throw_input("there is no file '{}'", path.string());
    throw_input("cannot open '{}': {}", path.string(), system_reason(errno));
  }
  struct stat status {};
  const bool known = ::fstat(file_, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    ::close(file_);
    throw_input("'{}' is {}, not a file", path.string(),
                known && S_ISDIR(status.st_mode) ? "a folder" : "a pipe or a device");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() { ::close(file_); }

void InputFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(file_, bytes.data(), std::min(bytes.size(), largest_piece),
                                  static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_run("cannot read '{}': {}", path_.string(), system_reason(errno));
    if (count == 0) {
      throw_input("'{}' ends at byte {}, before the end of what is to be read", path_.string(),
                  offset);
    }
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

std::string InputFile::contents() const {
  std::string bytes(size_, '\0');
  read(0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

Sha256Bytes InputFile::hash(std::uint64_t begin, std::uint64_t end) const {
  Sha256 hash;
  std::vector<std::byte> piece(std::size_t{1} << 20);
  while (begin < end) {
    const std::span<std::byte> bytes(piece.data(),
                                     std::min<std::uint64_t>(piece.size(), end - begin));
    read(begin, bytes);
    hash.update(bytes);
    begin += bytes.size();
  }
  return hash.finish();
}

TemporaryFile::TemporaryFile(const std::filesystem::path& target) : target_(target) {
  path_ = folder_of(target) / fmt::format(".{}.{}.{}.{}.tmp", target.filename().string(),
                                          host_name(), ::getpid(), random_token().substr(0, 8));
  unfinished_.emplace(path_);
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file_ < 0) {
    throw_run("cannot write '{}': {}", target_.string(), system_reason(errno));
  }
}

TemporaryFile::~TemporaryFile() {
  if (file_ >= 0) ::close(file_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

std::uint64_t TemporaryFile::size() const {
  struct stat status {};
  if (::fstat(file_, &status) != 0) {
    throw_run("cannot ask for the size of '{}': {}", path_.string(), system_reason(errno));
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void TemporaryFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = file_system().pwrite(
        file_, bytes.data(), std::min(bytes.size(), largest_piece), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      throw_run("cannot write '{}': {}", target_.string(),
                count < 0 ? system_reason(errno) : "the disk takes no more bytes");
    }
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

bool TemporaryFile::reserve(std::uint64_t bytes) {
  if (::fallocate(file_, 0, 0, static_cast<off_t>(bytes)) == 0) return true;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
    throw_run("cannot write '{}': {}", target_.string(), system_reason(errno));
  }
  return false;
}

void TemporaryFile::flush() {
  if (file_system().fsync(file_) != 0) {
    throw_run("cannot flush '{}' to the disk: {}", target_.string(), system_reason(errno));
  }
  // A hint alone: where it is not taken, reading back is served from memory.
  ::posix_fadvise(file_, 0, 0, POSIX_FADV_DONTNEED);
}

void TemporaryFile::close() {
  // After a failed close the descriptor is gone all the same.
  const int file = file_;
  file_ = -1;
  if (file_system().close(file) != 0) {
    throw_run("cannot close '{}': {}", target_.string(), system_reason(errno));
  }
}

void TemporaryFile::rename() {
  if (file_system().rename(path_.c_str(), target_.c_str()) != 0) {
    throw_run("cannot rename '{}' to '{}': {}", path_.string(), target_.string(),
              system_reason(errno));
  }
  path_.clear();
  unfinished_.reset();
  flush_folder(folder_of(target_));
}

bool is_temporary_name(const std::string& name, const std::string& target) {
  return name.starts_with("." + target + ".") && name.ends_with(".tmp");
}

std::string random_token() {
  std::array<std::uint8_t, 16> bits{};
  if (::getentropy(bits.data(), bits.size()) != 0) {
    throw_run("the system gives no random numbers: {}", system_reason(errno));
  }
  std::string token;
  for (const std::uint8_t byte : bits) token += fmt::format("{:02x}", byte);
  return token;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

}  // namespace rondo
