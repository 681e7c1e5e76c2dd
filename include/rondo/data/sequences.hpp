// Whole sequences: the columns of a split, sequence by sequence.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

// A split of a data set, or what was read for prediction. Safe from several threads.
class SequenceSource {
 public:
  virtual ~SequenceSource() = default;
  virtual std::int64_t sequences() const = 0;
  // Steps of each sequence, at least 1.
  virtual std::span<const std::int32_t> lengths() const = 0;
  // Where a sequence's steps begin among those of all; starts()[sequences()] is the end.
  virtual std::span<const std::int64_t> starts() const = 0;
  // Where a column lies on a window's second axis: how many steps each sequence has there, and
  // where its own begin, as starts(). Letters, at least one a step, or a target's own steps, at
  // least one. Empty where no column does.
  virtual std::span<const std::int32_t> second_lengths() const { return {}; }
  virtual std::span<const std::int64_t> second_starts() const { return {}; }
  // Of letters: how many the steps from `first` on have, each at least 1.
  virtual void read_letters(std::int64_t /*first*/, std::span<std::int32_t> /*counts*/) const {}
  // Values of column `column` from row `first` on: a row is a step, or, where the column has one
  // value for a sequence, a sequence, or, where it lies on the second axis, a step there. Tokens
  // and classes, -1 for what is not given; labels, in stored_width() words a row.
  virtual void read(int column, std::int64_t first, std::span<std::int32_t> values) const = 0;
  // Numbers, `width` a row, as they were given; NaN for one that is missing.
  virtual void read(int column, std::int64_t first, std::span<double> values) const = 0;
  // Numbers as an epoch of training reads them, which may be altered ones
  // (data/augmented_sequences.hpp). `room` is the caller's, kept from call to call.
  virtual void read_in_training(int column, std::int64_t first, std::int64_t /*epoch*/,
                                std::span<double> values, std::vector<double>& /*room*/) const {
    read(column, first, values);
  }
};

// Where the rows of each sequence's target begin, and the end: a row is a step, or, where a
// sequence has one target, the sequence, or one of its own steps.
std::vector<std::int64_t> target_starts(const SequenceSource& sequences, ColumnScope scope);

// A split of a data set file, whose columns are `columns`. InputError where the file is damaged.
std::unique_ptr<SequenceSource> open_sequences(std::shared_ptr<const DatasetReader> file,
                                               const Columns& columns, const std::string& split);
bool has_sequences(const DatasetReader& file, const std::string& split);

// Sequences in memory, in the order in which they are added.
class MemorySequences final : public SequenceSource {
 public:
  explicit MemorySequences(const Columns& columns) : columns_(columns), values_(columns.size()) {}

  // A sequence of `length` steps: afterwards each column is given its rows.
  void add(std::int32_t length);
  void put(int column, std::span<const std::int32_t> values);
  void put(int column, std::span<const double> values);
  // How many letters each of its steps has, where a column has letters.
  void put_letters(std::span<const std::int32_t> counts);
  // How many steps a target has, where it has its own.
  void put_own_steps(std::int32_t steps);
  void clear();

  std::int64_t sequences() const override { return static_cast<std::int64_t>(lengths_.size()); }
  std::span<const std::int32_t> lengths() const override { return lengths_; }
  std::span<const std::int64_t> starts() const override { return starts_; }
  std::span<const std::int32_t> second_lengths() const override { return second_lengths_; }
  std::span<const std::int64_t> second_starts() const override { return second_starts_; }
  void read_letters(std::int64_t first, std::span<std::int32_t> counts) const override;
  void read(int column, std::int64_t first, std::span<std::int32_t> values) const override;
  void read(int column, std::int64_t first, std::span<double> values) const override;

 private:
  struct Values {
    std::vector<std::int32_t> tokens;
    std::vector<double> numbers;
  };
  const Columns& columns_;
  std::vector<std::int32_t> lengths_;
  std::vector<std::int64_t> starts_{0};
  std::vector<Values> values_;
  std::vector<std::int32_t> second_lengths_, letters_of_steps_;
  std::vector<std::int64_t> second_starts_;
};

// (x - mean) * inverse of the deviation, in double, rounded once, and below 2^-60 in magnitude +0.
// Of a column that is read and masks what is missing: NaN is 0, and behind the row's numbers stands
// for each of them 1 if it is missing, else 0. Of a target NaN stays, which masks it.
class Standardizer {
 public:
  explicit Standardizer(const Column& column);
  // To `column.inputs()` numbers.
  void apply(std::span<const double> row, float* to) const;

 private:
  std::vector<double> mean_, inverse_;
  bool masks_missing_;
};

}  // namespace rondo
