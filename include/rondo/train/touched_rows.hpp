// A table's gradient between ranks where the table is large: only the rows that any rank touches.
//
// Before a step's first reduction the ranks agree on the rows, as a set of bits; once a rank's
// gradient of the table is there, its touched rows are packed behind the parameters in each buffer
// and reduced like any other range; then they go back to their places. A rank that does not touch a
// row brings +0, as it would with the whole table, so the bits are those of reducing all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/model/network.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

// A network's table whose touched rows are reduced by themselves: on several ranks, the first of
// the first axis that has more rows than the tokens of a step.
struct SparseTable {
  TokenTable table;
  std::int64_t rows = 0;  // that a step touches, at most
  std::size_t row = 0;    // elements of one, padding included

  std::size_t size() const { return static_cast<std::size_t>(rows) * row; }
};
std::optional<SparseTable> sparse_table(const NetworkPlan& model, std::int64_t tokens, int ranks);

class TouchedRows {
 public:
  // The first row of the table is at element `table`, rows are packed at element `packed`.
  TouchedRows(const SparseTable& sparse, std::size_t table, std::size_t packed);

  int column() const { return column_; }  // the window's, whose tokens touch it

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
  int column_;
  std::size_t table_, rows_, width_, packed_;
  std::vector<std::uint64_t> bits_;    // of each row
  std::vector<std::int32_t> touched_;  // ascending
};

}  // namespace rondo
