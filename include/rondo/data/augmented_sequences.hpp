// Sequences whose numbers training reads otherwise in each epoch, so that a network learns what
// stays the same.
//
// Of numbers that are read and stand at each step, in this order:
//   stretch         step t of T is what stood at m + (t - m) / f, m = (T - 1) / 2, between two
//                   steps in proportion, beyond the ends the edge; f = 1 + stretch |u| or, where u
//                   is negative, its inverse, u uniform in [-1, 1)
//   shift_features  number i is what stood at i - s, beyond the ends the edge; s of -N to N
//   noise           normal, in deviations of the training split
//   mask_steps      two stretches of 0 to N steps, at most half of the sequence each, are the mean
//                   of the training split, which is 0 once it is standardised
//   mask_features   likewise numbers of all steps, at most half of them (both: Park et al. 2019)
// A number that is missing stays so, and so is what lies between it and another one, unless it is
// masked.
//
// All is drawn by seed, epoch, sequence and, of noise, the sequence's own step: how a sequence is
// cut and what lies beside it changes nothing. Time is stretched and masked alike for all columns,
// the rest is drawn for each. Reading without an epoch gives the numbers as they are: evaluation.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/data/settings.hpp"

namespace rondo {

// InputError for what is asked for and has nothing to alter in `stored` columns, and for time that
// is stretched beside symbols or targets of steps, which would no longer stand beside their own.
void check_augmentation(const AugmentationSettings& settings, const Columns& stored);

class AugmentedSequences final : public SequenceSource {
 public:
  // `stored`: the columns of the sequences; they outlive it.
  AugmentedSequences(std::unique_ptr<SequenceSource> sequences, const Columns& stored,
                     const AugmentationSettings& settings, std::uint64_t seed)
      : sequences_(std::move(sequences)), stored_(stored), settings_(settings), seed_(seed) {}

  std::int64_t sequences() const override { return sequences_->sequences(); }
  std::span<const std::int32_t> lengths() const override { return sequences_->lengths(); }
  std::span<const std::int64_t> starts() const override { return sequences_->starts(); }
  std::span<const std::int32_t> second_lengths() const override {
    return sequences_->second_lengths();
  }
  std::span<const std::int64_t> second_starts() const override {
    return sequences_->second_starts();
  }
  void read_letters(std::int64_t first, std::span<std::int32_t> counts) const override {
    sequences_->read_letters(first, counts);
  }
  void read(int column, std::int64_t first, std::span<std::int32_t> values) const override {
    sequences_->read(column, first, values);
  }
  void read(int column, std::int64_t first, std::span<double> values) const override {
    sequences_->read(column, first, values);
  }
  void read_in_training(int column, std::int64_t first, std::int64_t epoch,
                        std::span<double> values, std::vector<double>& room) const override;

 private:
  // Steps of one sequence in one epoch.
  struct Part;
  void read_stretched(const Part& part, std::vector<double>& room) const;
  void shift(const Part& part) const;
  void add_noise(const Part& part) const;
  void mask(const Part& part) const;

  std::unique_ptr<SequenceSource> sequences_;
  const Columns& stored_;
  AugmentationSettings settings_;
  std::uint64_t seed_;
};

}  // namespace rondo
