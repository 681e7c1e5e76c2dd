// Sequences laid end to end in lanes: packed, each within one window, or carried from window to
// window.
//
// Which sequence lies where is the plan's business (data/sequence_plan.hpp). A window has an axis
// of steps, and a second one where a column has letters, of which each step's are a span, or where
// a target has steps of its own: there a sequence has one span, and two columns of tokens: what
// stands before each symbol (the end symbol, then the symbols), and the symbols, with the end
// symbol behind them. The columns of tokens and of numbers are those of the data set, each kind on
// each axis numbered for itself in the data set's order (token_column, real_column). A value that a
// sequence has once stands at each of its steps where it is an input, and at its last step alone
// where it is a target. Numbers are standardised. Steps that no span covers have a reset bit,
// inputs of 0, and masked targets.
#pragma once

#include <cstdint>
#include <memory>

#include "rondo/data/batcher.hpp"
#include "rondo/data/sequence_plan.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

// Number of a column among those of its kind on its axis of a window.
int token_column(const Columns& columns, std::size_t column);
int real_column(const Columns& columns, std::size_t column);

class PackedWindows final : public WindowSource {
 public:
  // `columns` outlive it.
  PackedWindows(std::unique_ptr<SequenceSource> sequences, const Columns& columns)
      : sequences_(std::move(sequences)), columns_(columns) {}

  std::unique_ptr<WindowReader> reader(const LaneLayout& layout) const override;
  std::int64_t windows_of(std::int64_t epochs, const LaneLayout& layout) const override;
  std::int64_t epoch_of(std::int64_t window, const LaneLayout& layout) const override;
  std::int64_t longest_window(const LaneLayout& layout) const override;
  LongestWindow longest_windows(const LaneLayout& layout) const override;
  double second_steps() const override;
  std::uint64_t bytes(const LaneLayout& layout) const override;

  const SequenceSource* whole() const override { return sequences_.get(); }

  // What the plan of a layout's windows is of. InputError for letters of carried sequences. Carried
  // sequences that all have targets at each step are divided in training where the longest is more
  // than an eighth of a lane's share of the steps: dealt whole, they would leave lanes empty at an
  // epoch's end.
  PackingShape shape(const LaneLayout& layout) const;

 private:
  bool fill_lanes_better_divided(const LaneLayout& layout) const;

  std::unique_ptr<SequenceSource> sequences_;
  const Columns& columns_;
};

}  // namespace rondo
