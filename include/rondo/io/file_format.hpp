// The 512 bytes of plain text in front of every file of rondo's.
//
// For other programs: the block is lines of "<key> <value>", each ended by '\n', then one sentence
// for people, then spaces up to byte 511, which is '\n'. Numbers are decimal without leading zeros,
// hashes 64 lower-case hexadecimal digits. The lines, in this order:
//   rondo checkpoint | rondo dataset
//   format        version of the format
//   length        bytes behind the block: the file has exactly 512 + length
//   sha256        checkpoint: of all bytes from 512 on; data set: of [512, head-end)
// and in data sets also
//   head-end      where the large arrays begin, in bytes from the start of the file
//   table-begin   where they end and the table of checksums begins, which ends with the file
//   table-sha256  of the table: for each megabyte i of the file, the 32 bytes of the sha256 of
//                 [i 2^20, (i + 1) 2^20) as far as it lies in [512, table-begin); then the 32 bytes
//                 of the fingerprint (src/io/dataset_layout.hpp)
// The block is canonical: a reader rebuilds it from its values and compares every byte, so that no
// bit of the file can change unseen. HDF5 finds its image behind the block (it looks for its
// signature at 0, 512, 1024, ...): h5dump and h5py open the file as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "rondo/core/hash.hpp"

namespace rondo {

inline constexpr std::size_t front_block_size = 512;

enum class FileKind : std::uint8_t { checkpoint, dataset };

struct FrontBlock {
  FileKind kind = FileKind::checkpoint;
  int version = 1;
  std::uint64_t length = 0;  // bytes behind the block
  Sha256Bytes hash{};        // checkpoints: of all of them; data sets: of the head
  // Data sets alone: places relative to the start of the file.
  std::uint64_t head_end = 0;
  std::uint64_t table_begin = 0;
  Sha256Bytes table_hash{};
};

// The canonical text of a block, front_block_size bytes, a newline at its end.
std::string format_front_block(const FrontBlock& block);
// The block that `bytes`, the file's first (at most front_block_size), are, checked against the
// file's size. InputError as read_front_block().
FrontBlock parse_front_block(std::string_view bytes, std::uint64_t file_size, FileKind expected,
                             const std::string& name);
// Reads a block and checks it against the file's size; InputError names the file and says whether
// it is missing, empty, no file of rondo's, one of another kind, newer than this program, truncated
// or damaged. What the hashes cover is for the caller to check.
FrontBlock read_front_block(const std::filesystem::path& path, FileKind expected);

}  // namespace rondo
