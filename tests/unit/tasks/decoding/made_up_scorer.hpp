// A model without weights: what comes next hangs on the source and on all that was said, by random
// numbers.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/tasks/decoding.hpp"

namespace rondo {

using Text = std::vector<std::int32_t>;

class MadeUpScorer final : public StepScorer {
 public:
  // levels > 0: logits are small integers, so that many texts are equally likely. Each source is
  // told apart by a number of its own, numbers[i].
  MadeUpScorer(int symbols, std::uint64_t seed, int levels, std::vector<std::int64_t> numbers)
      : symbols_(symbols), seed_(seed), levels_(levels), numbers_(std::move(numbers)) {}

  int symbols() const override { return symbols_; }
  void begin(std::span<const std::int32_t> sources) override {
    lanes_.clear();
    for (const std::int32_t source : sources) lanes_.push_back({source, {}});
  }
  void reorder(std::span<const std::int32_t> from) override {
    std::vector<Lane> next;
    for (const std::int32_t lane : from) next.push_back(lanes_.at(static_cast<std::size_t>(lane)));
    lanes_ = std::move(next);
  }
  void step(std::span<const std::int32_t> symbols) override {
    if (symbols.size() != lanes_.size()) throw std::logic_error("another number of lanes");
    for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i].said.push_back(symbols[i]);
    lane_steps += lanes_.size();
  }
  void logits(int lane, std::span<double> to) const override {
    const Lane& of = lanes_.at(static_cast<std::size_t>(lane));
    const Text said(of.said.begin() + 1, of.said.end());
    const std::vector<double> values = next(numbers_.at(static_cast<std::size_t>(of.source)), said);
    std::ranges::copy(values, to.begin());
  }
  // Of two positions, by which the number of symbols can be told.
  std::vector<float> attention(int lane) const override {
    const auto said = static_cast<float>(lanes_.at(static_cast<std::size_t>(lane)).said.size());
    return {said,
            static_cast<float>(
                numbers_[static_cast<std::size_t>(lanes_[static_cast<std::size_t>(lane)].source)])};
  }

  // Logits behind what was said of a source.
  std::vector<double> next(std::int64_t source, const Text& said) const {
    std::uint64_t key = seed_;
    for (const std::int32_t symbol : said) {
      key = key * 6364136223846793005U + static_cast<std::uint64_t>(symbol) + 1442695040888963407U;
    }
    const RandomStream random(key, Purpose::test, static_cast<std::uint64_t>(source));
    std::vector<double> logits;
    for (int i = 0; i < symbols_; ++i) {
      const double uniform = random.uniform(static_cast<std::uint64_t>(i));
      logits.push_back(levels_ > 0 ? std::floor(uniform * levels_) : 4 * uniform);
    }
    return logits;
  }

  std::size_t lane_steps = 0;  // how much was asked of it

 private:
  struct Lane {
    std::int32_t source = 0;
    Text said;
  };
  int symbols_;
  std::uint64_t seed_;
  int levels_;
  std::vector<std::int64_t> numbers_;
  std::vector<Lane> lanes_;
};

}  // namespace rondo
