// Data set files: a front block, an HDF5 image whose large arrays are contiguous and last, and
// behind the image a table with the sha256 of each megabyte (2^20 bytes) of the raw file.
//
// The head (all that lies before the large arrays) is verified when the file is opened, before HDF5
// sees it; large arrays are verified megabyte by megabyte as they are read (pread at the array's
// offset; no HDF5 call in the reading thread), or all at once, and what is read again is checked
// again. The front block holds the table's place and hash, so that the chain of checks reaches
// every byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"

namespace rondo {

inline constexpr int dataset_format = 1;

// Writes a data set of any size in bounded memory: what is small is given as a NamedState, what is
// large is declared with its length first and appended in pieces.
class DatasetWriter {
 public:
  struct Large {
    std::string name;  // e.g. "train/tokens"
    ElementType type = ElementType::uint8;
    std::uint64_t count = 0;
  };
  // Nothing is visible at `path` before finish(). InputError if its folder cannot be written.
  DatasetWriter(const std::filesystem::path& path, const NamedState& small,
                std::vector<Large> large);
  ~DatasetWriter();  // without finish(): removes the temporary file
  DatasetWriter(const DatasetWriter&) = delete;
  DatasetWriter& operator=(const DatasetWriter&) = delete;
  // Bytes of array `index`, one after another; exactly count elements in all before finish().
  void append(std::size_t index, std::span<const std::byte> bytes);
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether a file calls itself a data set in its first line: to tell it from a checkpoint. False for
// what is missing or no file; InputError for a file that may not be read.
bool is_dataset(const std::filesystem::path& path);

class DatasetReader {
 public:
  struct Large {
    std::string name;
    ElementType type = ElementType::uint8;
    std::uint64_t count = 0;
    std::uint64_t offset = 0;  // in the file
  };
  // Checks front block, size, table and head. InputError names what is wrong.
  explicit DatasetReader(const std::filesystem::path& path);
  ~DatasetReader();
  DatasetReader(const DatasetReader&) = delete;
  DatasetReader& operator=(const DatasetReader&) = delete;

  const NamedState& small() const;
  const Large& large(const std::string& name) const;  // InputError if missing
  const std::vector<Large>& large_arrays() const;
  // Elements [first, first + count) into `out` (count * element size bytes), and only bytes that
  // were verified: each megabyte the first time that it is read, by its checksum; what is read
  // again, by sums of it that are kept from then on (2 KB a megabyte). InputError names the damaged
  // megabyte, or the bytes that changed since. Safe from several threads.
  void read(const Large& array, std::uint64_t first, std::uint64_t count,
            std::span<std::byte> out) const;
  // Verifies megabytes i with i mod parts == part: a host's ranks share the work at start.
  void verify(int part, int parts) const;
  std::uint64_t file_size() const;
  // 64 hexadecimal characters that identify the data set's content.
  const std::string& fingerprint() const;
  const std::filesystem::path& path() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
