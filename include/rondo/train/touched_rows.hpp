// A table's gradient between ranks where the table is large: only the rows that any rank touches.
//
// Before a step's first reduction the ranks agree on the rows, as a set of bits; once a rank's
// gradient of the table is there, its touched rows are packed behind the parameters in each buffer
// and reduced like any other range; then they go back to their places. A rank that does not touch a
// row brings +0, as it would with the whole table, so the bits are those of reducing all of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/config.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

// The most rows of the embedding that a step of a configuration can touch where they are reduced by
// themselves: on several ranks, with a table of more rows than that. Else 0.
std::int64_t most_touched_rows(const Config& config, const ModelShape& model, int ranks);

class TouchedRows {
 public:
  // Rows of `width` elements each, the first at element `table`, packed at element `packed`.
  TouchedRows(std::size_t table, std::int64_t rows, std::size_t width, std::size_t packed);

  // Unites what the ranks touch: tokens below 0 count for nothing. Collective.
  void agree(Communicator& world, std::span<const std::int32_t> tokens);

  // Whether elements [begin, end) are the table's.
  bool is_table(std::size_t begin, std::size_t end) const {
    return begin == table_ && end == table_ + rows_ * width_;
  }
  // Elements [begin, end) of each buffer that are to be reduced in the table's stead.
  std::size_t begin() const { return packed_; }
  std::size_t end() const { return packed_ + touched_.size() * width_; }
  // From the table's rows to [begin, end), and back; all other rows are left as they are.
  template <class Real>
  void pack(Real* buffer) const;
  template <class Real>
  void unpack(Real* buffer) const;

 private:
  std::size_t table_, rows_, width_, packed_;
  std::vector<std::uint64_t> bits_;    // of each row
  std::vector<std::int32_t> touched_;  // ascending
};

}  // namespace rondo
