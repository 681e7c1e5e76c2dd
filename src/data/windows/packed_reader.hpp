// Reads the windows of sequences laid end to end.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "rondo/data/packed_windows.hpp"
#include "rondo/data/sequence_plan.hpp"

namespace rondo {

class PackedReader final : public WindowReader {
 public:
  PackedReader(const SequenceSource& sequences, const Columns& columns, const LaneLayout& layout,
               const PackingShape& shape);

  void read(std::int64_t index, Window& window) override;
  // Nothing: a plan follows from lengths alone.
  void save_cursors(std::int64_t, NamedState&) override {}

  // Bytes of each window that it fills.
  static std::uint64_t window_bytes(const SequenceSource& sequences, const Columns& columns,
                                    const LaneLayout& layout, const PackingShape& shape);

 private:
  void prepare(Window& window) const;
  void prepare_second(WindowAxis& axis) const;
  void read_span(const Span& span, bool fresh, WindowAxis& axis);
  // The letters of a span's steps, from step `first` of the second axis on, where they are `count`.
  void read_letters(const Span& span, std::int32_t first, std::int32_t count, WindowAxis& axis);
  // A sequence's target likewise, where it has steps of its own.
  void read_own_steps(const Span& span, std::int32_t first, std::int32_t count, WindowAxis& axis);
  void read_tokens(std::size_t column, const Span& span, std::vector<std::int32_t>& values);
  void read_numbers(std::size_t column, const Span& span, std::vector<float>& values);
  // Calls use(place in the window, row of the sequence) for each step that holds the column's
  // values.
  template <class Use>
  void for_each_place(std::size_t column, const Span& span, const Use& use) const;
  // Rows of a column that belong to a span: the first, and how many.
  std::pair<std::int64_t, std::int64_t> rows_of(const Column& column, const Span& span) const;

  const SequenceSource& sequences_;
  const Columns& columns_;
  LaneLayout layout_;
  int lanes_;
  int second_;  // the column that lies on the second axis; -1: there is none
  std::unique_ptr<SequencePlan> plan_;
  std::int64_t next_ = 0;  // the plan's window
  PackedWindow packed_;
  std::vector<Standardizer> standardizers_;  // of columns; of those without numbers an empty one
  std::vector<std::int32_t> tokens_;         // of a span
  std::vector<std::int32_t> letter_counts_;  // of its steps
  std::vector<double> numbers_;
  std::vector<double> room_;  // of sequences that alter what training reads
};

}  // namespace rondo
