#include "apps/report/measured/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>

namespace rondo::apps::report {
namespace {

constexpr std::size_t draws = 1000;
constexpr std::int64_t fewest = 20;  // samples: of fewer the percentiles are too narrow by far

// Adds rows `first` to `last` of `from`, which has `width` values a row.
template <class Value>
void append_rows(const std::vector<Value>& from, std::int64_t first, std::int64_t last,
                 std::size_t width, std::vector<Value>& to) {
  if (from.empty()) return;
  const auto at = [&](std::int64_t row) {
    return from.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * width);
  };
  to.insert(to.end(), at(first), at(last));
}

// The rows of a sequence; `starts` is empty where each has one.
std::pair<std::int64_t, std::int64_t> rows_of(const std::vector<std::int64_t>& starts,
                                              std::int64_t sequence) {
  if (starts.empty()) return {sequence, sequence + 1};
  const auto at = static_cast<std::size_t>(sequence);
  return {starts[at], starts[at + 1]};
}

}  // namespace

Intervals bootstrap(
    std::int64_t samples,
    const std::function<std::vector<Figure>(std::span<const std::int64_t>)>& measure) {
  if (samples < fewest) return {};
  std::mt19937_64 random(1);  // whose numbers the standard fixes
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(samples));
  std::map<std::string, std::vector<double>> values;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    for (std::int64_t& sample : drawn) {
      sample = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(samples));
    }
    for (const Figure& figure : measure(drawn)) {
      if (std::isfinite(figure.value)) values[figure.name].push_back(figure.value);
    }
  }
  Intervals intervals;
  for (auto& [name, all] : values) {
    if (all.size() < draws) continue;
    std::ranges::sort(all);
    intervals[name] = {all[draws / 40], all[draws - 1 - draws / 40]};
  }
  return intervals;
}

Answers chosen(const Answers& answers, std::span<const std::int64_t> sequences) {
  Answers some;
  some.words = answers.words;
  some.numbers.loss = answers.numbers.loss;
  const NumberAnswers& numbers = answers.numbers;
  const std::size_t rows =
      numbers.starts.empty() ? 0 : static_cast<std::size_t>(numbers.starts.back());
  if (rows > 0) some.numbers.starts.push_back(0);
  if (!answers.starts.empty()) some.starts.push_back(0);
  for (const std::int64_t sequence : sequences) {
    const auto at = static_cast<std::size_t>(sequence);
    some.losses.push_back(answers.losses[at]);
    some.weights.push_back(answers.weights[at]);
    if (rows > 0) {
      const auto [first, last] = rows_of(numbers.starts, sequence);
      append_rows(numbers.given, first, last, numbers.given.size() / rows, some.numbers.given);
      append_rows(numbers.said, first, last, numbers.said.size() / rows, some.numbers.said);
      some.numbers.starts.push_back(some.numbers.starts.back() + last - first);
      continue;
    }
    const auto [first, last] = rows_of(answers.starts, sequence);
    const auto words = static_cast<std::size_t>(answers.words);
    append_rows(answers.targets, first, last, words, some.targets);
    append_rows(answers.said, first, last, words, some.said);
    if (!some.starts.empty()) some.starts.push_back(some.starts.back() + last - first);
  }
  return some;
}

}  // namespace rondo::apps::report
