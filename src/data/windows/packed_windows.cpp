#include "rondo/data/packed_windows.hpp"

#include <algorithm>

#include "data/windows/packed_reader.hpp"

namespace rondo {
namespace {

int number_among(const Columns& columns, std::size_t column, bool reals) {
  return static_cast<int>(
      std::count_if(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(column),
                    [reals](const Column& other) { return other.is_real() == reals; }));
}

}  // namespace

int token_column(const Columns& columns, std::size_t column) {
  return number_among(columns, column, false);
}
int real_column(const Columns& columns, std::size_t column) {
  return number_among(columns, column, true);
}

std::unique_ptr<WindowReader> PackedWindows::reader(const LaneLayout& layout) const {
  return std::make_unique<PackedReader>(*sequences_, columns_, layout);
}

std::int64_t PackedWindows::windows_of(std::int64_t epochs, const LaneLayout& layout) const {
  return PackingPlan(sequences_->lengths(), packing_shape(layout)).windows_of(epochs);
}

std::int64_t PackedWindows::epoch_of(std::int64_t window, const LaneLayout& layout) const {
  PackingPlan plan(sequences_->lengths(), packing_shape(layout));
  PackedWindow packed;
  plan.seek(window);
  plan.next(packed);
  return packed.epoch;
}

std::int64_t PackedWindows::longest_window(const LaneLayout& layout) const {
  return PackingPlan(sequences_->lengths(), packing_shape(layout)).longest_window();
}

std::uint64_t PackedWindows::bytes(const LaneLayout& layout) const {
  const auto sequences = static_cast<std::uint64_t>(sequences_->sequences());
  return PackingPlan::bytes(sequences_->lengths(), packing_shape(layout)) +
         2 * PackedReader::window_bytes(*sequences_, columns_, layout) +
         sequences * (sizeof(std::int32_t) + sizeof(std::int64_t));
}

}  // namespace rondo
