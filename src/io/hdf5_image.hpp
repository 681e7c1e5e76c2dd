// HDF5 and NamedState: the only door to the HDF5 library.
//
// Layout of an image: each array is a dataset under its own name ('/' makes groups) of an
// explicitly little-endian type, contiguous; its explanations are fixed-length UTF-8 string
// attributes. Each text is a scalar UTF-8 string dataset below the group "texts"; an empty one has
// a null dataspace. No times are stored and objects are created in bytewise order of names, so that
// equal content gives equal bytes (of one version of the library).
//
// Readers take what such a writer writes and refuse the rest (filters, chunks, external and virtual
// storage, soft links, other types): sizes are compared with the file's before memory is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

// An image in memory: the block that HDF5 built it in, not a copy.
class Image {
 public:
  Image(void* memory, std::size_t size) : memory_(memory), size_(size) {}
  std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(memory_.get()), size_};
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory_;
  std::size_t size_;
};

// RunError if HDF5 fails or a name cannot stand in a file.
Image build_image(const NamedState& state);

// The state in an image; InputError names `where`.
NamedState parse_image(std::span<const std::byte> image, const std::string& where);

// Creates a file with `user_block` free bytes in front (512 or more, a power of two), the small
// state behind them, and room for the large one-dimensional arrays, whose offsets it sets:
// contiguous, one behind the other, in the order given, up to the end of the file, their values
// unwritten.
void create_image_file(const std::filesystem::path& path, std::uint64_t user_block,
                       const NamedState& small, std::vector<DatasetReader::Large>& large);

struct ImageFile {
  NamedState small;
  std::vector<DatasetReader::Large> large;  // in bytewise order of names
};
// What create_image_file wrote, from an open file. Small arrays must lie in front of `head_end`,
// large ones within [head_end, arrays_end). InputError names `where`.
ImageFile read_image_file(int descriptor, std::uint64_t head_end, std::uint64_t arrays_end,
                          const std::string& where);

}  // namespace rondo
