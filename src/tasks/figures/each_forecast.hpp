// What a model says of series, forecast by forecast, beside what came.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "rondo/data/forecasts.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "tasks/answers/number_answers.hpp"

namespace rondo::tasks {

struct Forecast {
  int target = 0;
  std::int64_t row = 0, ahead = 0;  // of the split, the first that is forecast; rows from there
  double came = 0, answer = 0, low = 0, high = 0;
  double naive = 0;               // NaN: unknown
  std::span<const double> parts;  // in the target's units
};

// Calls use(forecast) for what is said at a row of the targets: nothing where it does not count.
template <class Use>
void for_each_forecast(const NumberAnswers& answers, const ForecastSequences& sequences,
                       std::int64_t row, const Use& use) {
  const ForecastSequences::Place place = sequences.place(row);
  if (!place.counts) return;
  const auto width = static_cast<std::size_t>(sequences.targets() * sequences.shape().horizon);
  const kernels::NumberLoss& loss = answers.loss;
  const std::size_t outputs = width * static_cast<std::size_t>(loss.parts());
  const auto at = static_cast<std::size_t>(row);
  std::vector<ForecastSequences::Scale> scales(width);
  sequences.scales(row, scales);
  std::vector<double> parts;
  for (std::size_t i = 0; i < width; ++i) {
    const double given = answers.given[at * width + i];
    if (std::isnan(given)) continue;
    read_number(loss, std::span(answers.said).subspan(at * outputs, outputs),
                static_cast<int>(width), static_cast<int>(i), parts);
    to_units(loss, scales[i].base, scales[i].unit, parts);
    Forecast one;
    const auto targets = static_cast<std::size_t>(sequences.targets());
    one.target = place.target + static_cast<int>(i % targets);
    one.row = place.row;
    one.ahead = static_cast<std::int64_t>(i / targets);
    one.naive = sequences.naive_error(place.series, one.target);
    one.came = scales[i].base + scales[i].unit * given;
    one.answer = parts[answer_part(loss)];
    const auto [low, high] = interval(loss, parts);
    one.low = low;
    one.high = high;
    one.parts = parts;
    use(one);
  }
}

}  // namespace rondo::tasks
