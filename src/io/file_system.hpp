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

// A file opened for reading, with its size at that time. Safe from several threads.
class InputFile {
 public:
  // InputError for a missing file, a folder, or one that may not be read.
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
