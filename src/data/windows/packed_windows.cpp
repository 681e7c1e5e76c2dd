#include "rondo/data/packed_windows.hpp"

#include <algorithm>

#include "data/windows/packed_reader.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

int number_among(const Columns& columns, std::size_t column, bool reals) {
  return static_cast<int>(
      std::count_if(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(column),
                    [reals, axis = columns[column].axis()](const Column& other) {
                      return other.is_real() == reals && other.axis() == axis;
                    }));
}

}  // namespace

int token_column(const Columns& columns, std::size_t column) {
  return number_among(columns, column, false);
}
int real_column(const Columns& columns, std::size_t column) {
  return number_among(columns, column, true);
}

PackingShape PackedWindows::shape(const LaneLayout& layout) const {
  PackingShape shape;
  shape.lanes = layout.lanes;
  shape.window = layout.window;
  shape.alignment = layout.thinning.together();
  shape.seed = layout.seed;
  shape.shuffle = layout.shuffle;
  if (layout.carried) {
    shape.laying = fill_lanes_better_divided(layout) ? Laying::divided : Laying::carried;
  }
  shape.second = sequences_->second_lengths();
  shape.second_window = layout.target_window;
  if (layout.carried && letters_among(columns_) >= 0) {
    throw_input(
        "the letters of words lie in windows of whole sequences: give --state fresh, or prepare "
        "the data without --letters");
  }
  if (layout.carried && !shape.second.empty()) {
    throw_input("what is said of whole sequences lies in windows of these: give --state fresh");
  }
  return shape;
}

bool PackedWindows::fill_lanes_better_divided(const LaneLayout& layout) const {
  constexpr std::int64_t longest_in_a_share = 8;
  const auto has_one_target = [](const Column& column) {
    return column.role == ColumnRole::target && column.scope == ColumnScope::sequence;
  };
  const bool is_training = layout.shuffle;
  if (!is_training || std::ranges::any_of(columns_, has_one_target)) return false;
  const std::int64_t share = (sequences_->starts().back() - 1) / layout.lanes + 1;
  return std::ranges::max(sequences_->lengths()) > share / longest_in_a_share;
}

std::unique_ptr<WindowReader> PackedWindows::reader(const LaneLayout& layout) const {
  check_layout(layout);
  return std::make_unique<PackedReader>(*sequences_, columns_, layout, shape(layout));
}

std::int64_t PackedWindows::windows_of(std::int64_t epochs, const LaneLayout& layout) const {
  return make_plan(sequences_->lengths(), shape(layout))->windows_of(epochs);
}

std::int64_t PackedWindows::epoch_of(std::int64_t window, const LaneLayout& layout) const {
  const auto plan = make_plan(sequences_->lengths(), shape(layout));
  PackedWindow packed;
  plan->seek(window);
  plan->next(packed);
  return packed.epoch;
}

std::int64_t PackedWindows::longest_window(const LaneLayout& layout) const {
  return make_plan(sequences_->lengths(), shape(layout))->longest_window();
}

LongestWindow PackedWindows::longest_windows(const LaneLayout& layout) const {
  const auto plan = make_plan(sequences_->lengths(), shape(layout));
  return {plan->longest_window(), plan->longest_second_window()};
}

double PackedWindows::second_steps() const {
  if (sequences_->second_lengths().empty()) return 0;
  return static_cast<double>(sequences_->second_starts().back()) /
         static_cast<double>(sequences_->starts().back());
}

std::uint64_t PackedWindows::bytes(const LaneLayout& layout) const {
  const auto sequences = static_cast<std::uint64_t>(sequences_->sequences());
  return plan_bytes(sequences_->lengths(), shape(layout)) +
         2 * PackedReader::window_bytes(*sequences_, columns_, layout, shape(layout)) +
         (sequences + sequences_->second_lengths().size()) *
             (sizeof(std::int32_t) + sizeof(std::int64_t));
}

}  // namespace rondo
