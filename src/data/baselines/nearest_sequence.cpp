#include "data/baselines/nearest_sequence.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace rondo {
namespace {

double distance(std::span<const float> a, std::span<const float> b, bool is_real) {
  constexpr double of_classes = 1;
  const auto at = [](std::span<const float> values, std::size_t i) {
    return i < values.size() ? double{values[i]} : 0;
  };
  double sum = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const double difference = at(a, i) - at(b, i);
    if (is_real) {
      sum += difference * difference;
    } else if (difference != 0) {
      sum += of_classes;
    }
  }
  return sum;
}

}  // namespace

NearestSequence::NearestSequence(const SequenceSource& training, const Columns& columns)
    : columns_(columns), training_(read_all(training)) {}

std::vector<NearestSequence::Values> NearestSequence::read_all(
    const SequenceSource& sequences) const {
  std::vector<Values> all;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    if (column.is_target() || column.axis() != 0) continue;
    const std::vector<std::int64_t> rows = target_starts(sequences, column.scope);
    const auto number = static_cast<int>(i);
    Values& to = all.emplace_back();
    to.is_real = column.is_real();
    const auto inputs = static_cast<std::size_t>(to.is_real ? column.inputs() : 1);
    to.values.resize(static_cast<std::size_t>(rows.back()) * inputs);
    for (std::size_t s = 1; s < rows.size(); ++s) {
      to.starts.push_back(rows[s] * static_cast<std::int64_t>(inputs));
    }
    if (!to.is_real) {
      std::vector<std::int32_t> symbols(to.values.size());
      sequences.read(number, 0, symbols);
      std::ranges::transform(symbols, to.values.begin(),
                             [](std::int32_t symbol) { return static_cast<float>(symbol + 1); });
      continue;
    }
    const Standardizer standardizer(column);
    std::vector<double> row(static_cast<std::size_t>(column.width));
    for (std::int64_t r = 0; r < rows.back(); ++r) {
      sequences.read(number, r, row);
      standardizer.apply(row, to.values.data() + static_cast<std::size_t>(r) * inputs);
    }
  }
  return all;
}

std::vector<std::size_t> NearestSequence::nearest(const SequenceSource& measured,
                                                  const std::vector<bool>& counts) const {
  const std::vector<Values> asked = read_all(measured);
  const auto of = [](const Values& column, std::size_t s) {
    const auto begin = static_cast<std::size_t>(column.starts[s]);
    return std::span(column.values)
        .subspan(begin, static_cast<std::size_t>(column.starts[s + 1]) - begin);
  };
  std::vector<std::size_t> found;
  for (std::size_t s = 0; s < static_cast<std::size_t>(measured.sequences()); ++s) {
    double least = std::numeric_limits<double>::infinity();
    found.push_back(0);
    for (std::size_t other = 0; other < counts.size(); ++other) {
      if (!counts[other]) continue;
      double sum = 0;
      for (std::size_t c = 0; c < asked.size() && sum < least; ++c) {
        sum += distance(of(asked[c], s), of(training_[c], other), asked[c].is_real);
      }
      if (sum >= least) continue;
      least = sum;
      found.back() = other;
    }
  }
  return found;
}

}  // namespace rondo
