#include "rondo/train/touched_rows.hpp"

#include <algorithm>
#include <bit>

namespace rondo {

std::optional<SparseTable> sparse_table(const NetworkPlan& model, std::int64_t tokens, int ranks) {
  if (ranks == 1) return std::nullopt;
  for (const TokenTable& table : model.tables()) {
    if (table.axis != 0 || table.shared || table.rows <= tokens) continue;
    return SparseTable{table, tokens, static_cast<std::size_t>(Panels{table.width}.padded())};
  }
  return std::nullopt;
}

TouchedRows::TouchedRows(const SparseTable& sparse, std::size_t table, std::size_t packed)
    : column_(sparse.table.column),
      table_(table),
      rows_(static_cast<std::size_t>(sparse.table.rows)),
      width_(sparse.row),
      packed_(packed),
      bits_((rows_ + 63) / 64) {
  touched_.reserve(rows_);  // a step allocates nothing
}

void TouchedRows::agree(Communicator& world, std::span<const std::int32_t> tokens) {
  std::fill(bits_.begin(), bits_.end(), 0);
  for (const std::int32_t token : tokens) {
    if (token >= 0) bits_[static_cast<std::size_t>(token) / 64] |= std::uint64_t{1} << token % 64;
  }
  world.unite(bits_);
  touched_.clear();
  for (std::size_t word = 0; word < bits_.size(); ++word) {
    for (std::uint64_t left = bits_[word]; left != 0; left &= left - 1) {
      touched_.push_back(static_cast<std::int32_t>(word) * 64 + std::countr_zero(left));
    }
  }
}

template <class Real>
void TouchedRows::pack(Real* buffer) const {
  Real* to = buffer + packed_;
  for (const std::int32_t row : touched_) {
    to = std::copy_n(buffer + table_ + static_cast<std::size_t>(row) * width_, width_, to);
  }
}

template <class Real>
void TouchedRows::unpack(Real* buffer) const {
  const Real* from = buffer + packed_;
  for (const std::int32_t row : touched_) {
    std::copy_n(from, width_, buffer + table_ + static_cast<std::size_t>(row) * width_);
    from += width_;
  }
}

template void TouchedRows::pack(float*) const;
template void TouchedRows::pack(double*) const;
template void TouchedRows::unpack(float*) const;
template void TouchedRows::unpack(double*) const;

}  // namespace rondo
