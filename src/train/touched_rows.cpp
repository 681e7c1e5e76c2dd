#include "rondo/train/touched_rows.hpp"

#include <algorithm>
#include <bit>

#include "rondo/data/window_cuts.hpp"

namespace rondo {

std::int64_t most_touched_rows(const Config& config, const ModelShape& model, int ranks) {
  const std::int64_t tokens = config.lanes * window_lengths(config).longest();
  return ranks > 1 && model.vocabulary > tokens ? tokens : 0;
}

TouchedRows::TouchedRows(std::size_t table, std::int64_t rows, std::size_t width,
                         std::size_t packed)
    : table_(table),
      rows_(static_cast<std::size_t>(rows)),
      width_(width),
      packed_(packed),
      bits_(static_cast<std::size_t>((rows + 63) / 64)) {
  touched_.reserve(static_cast<std::size_t>(rows));  // a step allocates nothing
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
