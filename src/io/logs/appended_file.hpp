// A file that grows by whole records while a run lasts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace rondo {

// Records are handed to the system as they come. Where that fails, the record waits, and goes
// before the next one, so that none is lost while the process lives (but for those beyond 16 MB of
// waiting ones). A file that was removed or replaced begins anew.
class AppendedFile {
 public:
  // Opens for appending; a new or empty file begins with `head`, written with the first record.
  // InputError if it cannot be opened.
  explicit AppendedFile(std::filesystem::path path, std::string head = "");
  ~AppendedFile();
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;
  // Lets a record wait for the next write().
  void hold(const std::string& record);
  // Writes what waits. Why that cannot be done now; empty when it was.
  std::string write();
  // Records that did not find room to wait.
  std::int64_t lost() const { return lost_; }

 private:
  std::string open();
  bool is_there() const;

  std::filesystem::path path_;
  std::string head_;
  int file_ = -1;
  std::int64_t size_ = 0;  // bytes of whole records
  std::string waiting_;    // whole records
  std::int64_t lost_ = 0;
};

}  // namespace rondo
