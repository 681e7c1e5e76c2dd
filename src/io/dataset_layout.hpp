// What writer and reader of data set files share: the megabytes of the checksum table, and the
// fingerprint.
//
// The table at table_begin is one sha256 for each megabyte i of the file, over bytes
// [i 2^20, (i + 1) 2^20) as far as they lie in [512, table_begin), then the fingerprint.
#pragma once

#include <algorithm>
#include <cstdint>

#include "rondo/core/hash.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/io/file_format.hpp"

namespace rondo {

inline constexpr std::uint64_t megabyte = std::uint64_t{1} << 20;

struct MegabyteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

inline std::uint64_t megabytes(std::uint64_t table_begin) {
  return (table_begin + megabyte - 1) / megabyte;
}

inline MegabyteRange megabyte_range(std::uint64_t i, std::uint64_t table_begin) {
  return {std::max<std::uint64_t>(i * megabyte, front_block_size),
          std::min((i + 1) * megabyte, table_begin)};
}

// sha256 of the small state: the digest of its arrays, then each text's name and value.
inline Sha256Bytes digest_of_small(const NamedState& small) {
  Sha256 hash;
  hash.update(digest(small, ""));
  for (const auto& [name, text] : small.texts) {
    hash.update(fmt::format("{}\n{}\n{}\n", name, text.size(), text));
  }
  return hash.finish();
}

// The fingerprint of a data set: a function of its content alone, not of the file's layout, so that
// data prepared with another version of HDF5 has the same. Arrays are added in order of names.
class ContentDigest {
 public:
  explicit ContentDigest(const Sha256Bytes& small) {
    hash_.update(std::as_bytes(std::span(small)));
  }
  void add(const DatasetReader::Large& array, const Sha256Bytes& values) {
    hash_.update(fmt::format("{}\n{}\n{}\n", array.name, name_of(array.type), array.count));
    hash_.update(std::as_bytes(std::span(values)));
  }
  Sha256Bytes finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

}  // namespace rondo
