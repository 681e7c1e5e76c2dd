// Bytes of a known number, from the first to the last: a file's, or a zip archive's member's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rondo {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  // The next bytes; fewer only at the end. InputError for what cannot be read, and, at the end of a
  // member, for a wrong checksum.
  virtual std::size_t read(char* to, std::size_t count) = 0;
};

std::unique_ptr<ByteSource> open_file_bytes(const std::filesystem::path& path);

struct ZipMember {
  std::string name;
  std::unique_ptr<ByteSource> bytes;
};

// The members of a zip archive, in their order, stored or compressed. InputError for what is no
// whole archive.
std::vector<ZipMember> open_zip(const std::filesystem::path& path);

// Whether a file begins as a zip archive does.
bool is_zip(const std::filesystem::path& path);

}  // namespace rondo
