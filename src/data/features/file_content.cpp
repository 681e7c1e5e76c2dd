#include "data/features/file_content.hpp"

#include <fstream>

#include "rondo/core/errors.hpp"

namespace rondo {

std::string file_content(const std::filesystem::path& file, const char* thing) {
  namespace fs = std::filesystem;
  constexpr std::uintmax_t most_bytes = std::uintmax_t{1} << 30;
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) {
    throw_input("the {} {} does not exist", thing, file.string());
  }
  if (!fs::is_regular_file(status))
    throw_input("{} is no file, but is to be a {}", file.string(), thing);
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) throw_input("{} cannot be read: {}", file.string(), error.message());
  if (size == 0) throw_input("{} is empty, but is to be a {}", file.string(), thing);
  if (size > most_bytes) throw_input("{} has {} bytes, which are too many", file.string(), size);
  std::string bytes(size, '\0');
  std::ifstream from(file, std::ios::binary);
  if (!from.read(bytes.data(), static_cast<std::streamsize>(size))) {
    throw_input("{} cannot be read", file.string());
  }
  return bytes;
}

}  // namespace rondo
