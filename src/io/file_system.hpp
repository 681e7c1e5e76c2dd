// System calls on files, with every result checked, and the one way in which files of rondo's come
// into being: written under a temporary name, flushed, closed, renamed, the folder flushed.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/unfinished_files.hpp"
#include "rondo/core/hash.hpp"

namespace rondo {

// The calls that fail when a disk is full or a server goes away. Tests replace them.
struct FileSystem {
  ssize_t (*pwrite)(int file, const void* bytes, std::size_t size, off_t offset);
  int (*fsync)(int file);
  int (*close)(int file);
  int (*rename)(const char* from, const char* to);
};
// The calls in use, the system's unless a test has changed them. Not to be changed while another
// thread writes.
FileSystem& file_system();

// The text of errno's value.
std::string system_reason(int error);

// What a path leads to, links followed. std::filesystem's own questions throw its errors, which are
// no sentences; in rondo these are asked in their place.
enum class PathKind : std::uint8_t { nothing, file, folder, other };
// Nothing also where a link leads nowhere. InputError if it cannot be known: a folder on the way
// that may not be entered, a name that is too long, a circle of links.
PathKind kind_of(const std::filesystem::path& path);
bool is_there(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);
// Of a relative path the place seen from the root. InputError if the working folder is gone.
std::filesystem::path absolute_path(const std::filesystem::path& path);

// Files and folders in a folder, in no order; none if it is not there. InputError if it cannot be
// read.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);

// The whole of a text that a person wrote: at most `largest` bytes. May come through a pipe, if no
// pause in it is longer than 10 s. InputError begins with `what`: "--config FILE".
std::string read_small_file(const std::filesystem::path& path, std::size_t largest,
                            const std::string& what);

// A file opened for reading, with its size at that time. Safe from several threads.
class InputFile {
 public:
  // InputError for a missing file, one that may not be read, a folder, a pipe or a device.
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::uint64_t size() const { return size_; }
  int descriptor() const { return file_; }
  const std::filesystem::path& path() const { return path_; }
  // Exactly bytes.size() bytes from `offset`; RunError if the system reports an error, InputError
  // if the file ends before.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;
  // All of its bytes, likewise.
  std::string contents() const;
  // sha256 of [begin, end).
  Sha256Bytes hash(std::uint64_t begin, std::uint64_t end) const;

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

// A file that is not there yet: `.<name>.<host>.<process>.<random>.tmp` in the target's folder
// until rename(). Every failure is a RunError with path and the system's reason, and the destructor
// removes what was not renamed, so that the target is either the old file or the whole new one; so
// does a signal, where clean_up_when_stopped() was called.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const;
  void write(std::uint64_t offset, std::span<const std::byte> bytes);
  // Asks the disk for room for so many bytes, without writing them; they are there, zero, then.
  // RunError if there is no room: on the disk, in a quota, below the limit of a file's size. False
  // where the file system cannot tell.
  bool reserve(std::uint64_t bytes);
  // Flushes to the disk. Drops the system's copy, so that reading back reads the disk where the
  // file system allows it.
  void flush();
  // Closes the file; flush() comes first.
  void close();
  // Closed files only.
  void rename();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  std::optional<UnfinishedFile> unfinished_;
  int file_ = -1;
};

// Whether a file's name is that of a TemporaryFile for a target of this name.
bool is_temporary_name(const std::string& name, const std::string& target);

// 128 random bits from the system, as 32 hexadecimal characters: for names and tokens, never for
// results.
std::string random_token();
std::string host_name();

}  // namespace rondo
