// The 512 bytes of plain text in front of every file of rondo's, and how files come into being.
//
// The front block names the kind of file, the format version, the length of what follows and its
// sha256, and is canonical: a reader rebuilds the block from these and compares every byte, and the
// file's size must be 512 + length, so that no bit of the file can change unseen. HDF5 finds its
// image behind the block (it looks for its signature at 0, 512, 1024, ...): h5dump and h5py open
// the file as it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/hash.hpp"

namespace rondo {

inline constexpr std::size_t front_block_size = 512;

enum class FileKind : std::uint8_t { checkpoint, dataset };

struct FrontBlock {
  FileKind kind = FileKind::checkpoint;
  int version = 1;
  std::uint64_t length = 0;  // bytes behind the block
  Sha256Bytes
      hash{};  // of what `hashed` covers: checkpoints: all of it; data sets: see dataset_file.hpp
  // Data sets: where the verified head ends and the checksum table begins, relative to the file.
  std::uint64_t head_end = 0;
  std::uint64_t table_begin = 0;
  Sha256Bytes table_hash{};
};

// The canonical text of a block, front_block_size bytes, a newline at its end.
std::string format_front_block(const FrontBlock& block);
// Reads and checks a block against the file's size; InputError names the file and says whether it
// is no file of rondo's, one of another kind, newer than this program, truncated or damaged.
FrontBlock read_front_block(const std::filesystem::path& path, FileKind expected);

}  // namespace rondo
