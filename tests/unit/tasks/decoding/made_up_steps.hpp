// Steps with made-up scores, and all that they can spell.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "rondo/core/exact_math.hpp"
#include "rondo/core/random.hpp"
#include "tasks/decoding/spelling.hpp"

namespace rondo::test {

using Symbols = std::vector<std::int32_t>;

// Logarithms of drawn probabilities, or of halves and quarters, many of which are equal.
inline std::vector<double> drawn_scores(int steps, int classes, std::uint64_t seed, bool coarse) {
  const RandomStream random(seed, Purpose::test);
  std::vector<double> scores;
  std::uint64_t drawn = 0;
  for (int t = 0; t < steps; ++t) {
    std::vector<double> own;
    double sum = 0;
    for (int c = 0; c < classes; ++c) {
      own.push_back(coarse ? static_cast<double>(1 + random.below(2, drawn++))
                           : 0.02 + random.uniform(drawn++));
      sum += own.back();
    }
    for (const double value : own) scores.push_back(exact::log(value / sum));
  }
  return scores;
}

inline Symbols spelt(const Symbols& path, std::int32_t blank) {
  Symbols symbols;
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) symbols.push_back(path[t]);
  }
  return symbols;
}

// Calls use(path, its log probability) for all paths without what is never said.
template <class Use>
void for_each_path(const tasks::StepScores& scores, const Symbols& never, const Use& use) {
  Symbols path(scores.steps(), 0);
  for (;;) {
    const bool is_said = std::ranges::none_of(
        path, [&](std::int32_t c) { return std::ranges::find(never, c) != never.end(); });
    double sum = 0;
    for (std::size_t t = 0; t < path.size(); ++t) {
      sum += scores.at(t)[static_cast<std::size_t>(path[t])];
    }
    if (is_said) use(path, sum);
    std::size_t t = 0;
    while (t < path.size() && ++path[t] == scores.classes) path[t++] = 0;
    if (t == path.size()) return;
  }
}

// The probability of each text.
inline std::map<Symbols, double> all_texts(const tasks::StepScores& scores, const Symbols& never) {
  std::map<Symbols, double> all;
  for_each_path(scores, never, [&](const Symbols& path, double log_probability) {
    all[spelt(path, scores.blank())] += std::exp(log_probability);
  });
  return all;
}

}  // namespace rondo::test
