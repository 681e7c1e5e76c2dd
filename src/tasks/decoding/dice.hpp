// Draws of tokens from what a model says of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "rondo/kernels/math/math.hpp"
#include "rondo/tasks/decoding.hpp"

namespace rondo::tasks {

// Keeps its memory from draw to draw.
class Dice {
 public:
  explicit Dice(const DrawOptions& options) : options_(options) {}

  // Inverse of the cumulative distribution at a uniform draw; weights are in double and added in
  // token order. A logit of minus infinity is that of a token which is not drawn.
  template <class Real>
  std::int32_t draw(std::span<const Real> logits, double uniform) {
    const auto likeliest = std::max_element(logits.begin(), logits.end());
    if (options_.temperature == 0) return static_cast<std::int32_t>(likeliest - logits.begin());
    weights_.resize(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i) {
      weights_[i] =
          (static_cast<double>(logits[i]) - static_cast<double>(*likeliest)) / options_.temperature;
    }
    kernels::exp<double>(weights_, weights_);
    if (options_.top_k > 0 || options_.top_p < 1) drop_unlikely();
    double left = uniform * sum();
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      left -= weights_[i];
      if (left < 0) return static_cast<std::int32_t>(i);
    }
    return static_cast<std::int32_t>(likeliest - logits.begin());  // rounding used up the last one
  }

 private:
  double sum() const {
    double total = 0;
    for (const double weight : weights_) total += weight;
    return total;
  }

  // Leaves the weights of the tokens to draw from, and makes the others 0.
  void drop_unlikely() {
    order_.resize(weights_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      return weights_[a] != weights_[b] ? weights_[a] > weights_[b] : a < b;
    });
    std::size_t kept = order_.size();
    if (options_.top_k > 0) kept = std::min(kept, static_cast<std::size_t>(options_.top_k));
    drop_behind(kept);
    if (options_.top_p >= 1) return;
    const double wanted = options_.top_p * sum();
    double held = 0;
    std::size_t nucleus = 0;
    while (nucleus < kept && (nucleus == 0 || held < wanted)) held += weights_[order_[nucleus++]];
    drop_behind(nucleus);
  }
  void drop_behind(std::size_t kept) {
    for (std::size_t i = kept; i < order_.size(); ++i) weights_[order_[i]] = 0;
  }

  DrawOptions options_;
  std::vector<double> weights_;
  std::vector<std::size_t> order_;  // tokens, the likeliest first
};

}  // namespace rondo::tasks
