#include "data/series/naive_errors.hpp"

#include <cmath>
#include <limits>

namespace rondo {

std::vector<double> naive_errors(const SequenceSource& series, std::int64_t number, int column,
                                 int width, std::int64_t rows, std::int64_t season) {
  const auto numbers = static_cast<std::size_t>(width);
  std::vector<double> errors(numbers, std::numeric_limits<double>::quiet_NaN());
  if (rows <= season) return errors;
  std::vector<double> values(static_cast<std::size_t>(rows) * numbers);
  series.read(column, series.starts()[static_cast<std::size_t>(number)], values);
  const std::size_t before = static_cast<std::size_t>(season) * numbers;
  for (std::size_t i = 0; i < numbers; ++i) {
    double sum = 0, count = 0;
    for (std::size_t at = before + i; at < values.size(); at += numbers) {
      const double distance = std::abs(values[at] - values[at - before]);
      if (std::isnan(distance)) continue;
      sum += distance;
      ++count;
    }
    if (sum > 0) errors[i] = sum / count;
  }
  return errors;
}

}  // namespace rondo
