// The first sequences of a split.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "rondo/data/sequences.hpp"

namespace rondo {

// The first `count` sequences of others, which outlive them.
class FirstSequences final : public SequenceSource {
 public:
  FirstSequences(const SequenceSource& all, std::int64_t count)
      : all_(all), count_(std::min(count, all.sequences())) {}

  std::int64_t sequences() const override { return count_; }
  std::span<const std::int32_t> lengths() const override { return first(all_.lengths(), 0); }
  std::span<const std::int64_t> starts() const override { return first(all_.starts(), 1); }
  std::span<const std::int32_t> second_lengths() const override {
    return first(all_.second_lengths(), 0);
  }
  std::span<const std::int64_t> second_starts() const override {
    return first(all_.second_starts(), 1);
  }
  void read_letters(std::int64_t from, std::span<std::int32_t> counts) const override {
    all_.read_letters(from, counts);
  }
  void read(int column, std::int64_t from, std::span<std::int32_t> values) const override {
    all_.read(column, from, values);
  }
  void read(int column, std::int64_t from, std::span<double> values) const override {
    all_.read(column, from, values);
  }

 private:
  template <class T>
  std::span<const T> first(std::span<const T> values, std::size_t more) const {
    if (values.empty()) return values;
    return values.first(static_cast<std::size_t>(count_) + more);
  }

  const SequenceSource& all_;
  std::int64_t count_;
};

}  // namespace rondo
