// The front block of a file: whatever is accepted is the canonical block of its values, and its
// places lie in the file.
#include <cstdlib>
#include <cstring>

#include "require.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/file_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  if (size < 9) return 0;
  std::uint64_t file_size = 0;
  std::memcpy(&file_size, data, sizeof file_size);
  const FileKind kind = data[8] % 2 == 0 ? FileKind::checkpoint : FileKind::dataset;
  std::string bytes(reinterpret_cast<const char*>(data + 9), size - 9);
  // The fuzzer need not find the padding, nor the length that fits: a third byte asks for them.
  if (data[8] / 2 % 2 == 0 && bytes.size() < front_block_size) {
    bytes += "Behind these 512 bytes begins HDF5; h5dump and h5py open the file as it is.\n";
    bytes.resize(front_block_size - 1, ' ');
    bytes += '\n';
  }
  bytes.resize(std::min(bytes.size(), front_block_size));
  const std::size_t length = bytes.find("\nlength ");
  if (data[8] / 4 % 2 == 0 && length != std::string::npos) {
    file_size = front_block_size + std::strtoull(bytes.c_str() + length + 8, nullptr, 10);
  }
  if (file_size < bytes.size()) file_size = bytes.size();
  try {
    const FrontBlock block = parse_front_block(bytes, file_size, kind, "the file");
    require(format_front_block(block) == bytes);
    require(block.kind == kind && block.version >= 1);
    require(front_block_size + block.length == file_size);
    if (kind == FileKind::dataset) {
      require(block.head_end >= front_block_size && block.head_end <= block.table_begin &&
              block.table_begin <= file_size);
    }
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
