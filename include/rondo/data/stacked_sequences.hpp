// Sequences whose steps are several steps of others, side by side: time that is thinned before a
// network reads it.
//
// Frames i k to i k + k - 1 are step i; what lacks in a sequence's last step is the mean of the
// training split, which is +0 once it is standardised. It is done before windows are packed, so
// that a window's steps are the network's, spans begin anywhere, and what a sequence's steps hold
// hangs on nothing but the sequence.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

// As a network reads `stored` columns: numbers of `frames` steps at a step. InputError for symbols
// that stand at each step, which cannot be put side by side.
Columns stacked_columns(const Columns& stored, std::int64_t frames);

class StackedSequences final : public SequenceSource {
 public:
  // `stored`: the columns of `frames`' sequences; they outlive it.
  StackedSequences(std::unique_ptr<SequenceSource> sequences, const Columns& stored,
                   std::int64_t frames);

  std::int64_t sequences() const override { return frames_->sequences(); }
  std::span<const std::int32_t> lengths() const override { return lengths_; }
  std::span<const std::int64_t> starts() const override { return starts_; }
  std::span<const std::int32_t> second_lengths() const override {
    return frames_->second_lengths();
  }
  std::span<const std::int64_t> second_starts() const override { return frames_->second_starts(); }
  void read(int column, std::int64_t first, std::span<std::int32_t> values) const override {
    frames_->read(column, first, values);
  }
  void read(int column, std::int64_t first, std::span<double> values) const override;
  void read_in_training(int column, std::int64_t first, std::int64_t epoch,
                        std::span<double> values, std::vector<double>& room) const override;

 private:
  // Fills steps from `first` on by read_frames(first frame, numbers).
  template <class ReadFrames>
  void stack(int column, std::int64_t first, std::span<double> values,
             const ReadFrames& read_frames) const;

  std::unique_ptr<SequenceSource> frames_;
  const Columns& stored_;
  std::int64_t together_;
  std::vector<std::int32_t> lengths_;
  std::vector<std::int64_t> starts_{0};
};

}  // namespace rondo
