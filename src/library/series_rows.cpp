#include "library/series_rows.hpp"

#include <algorithm>
#include <limits>
#include <memory>

namespace rondo::library {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

SeriesRows::SeriesRows(const Columns& stored, const Columns& columns, const ForecastShape& shape)
    : stored_(stored), columns_(columns), shape_(shape), places_(stored) {}

Columns SeriesRows::columns_of_step(const Columns& stored, const ForecastShape& shape) {
  Columns step = stored;
  for (Column& column : step) {
    if (column.role == ColumnRole::known) column.width *= static_cast<int>(shape.horizon);
  }
  return step;
}

std::size_t SeriesRows::width() const {
  return static_cast<std::size_t>(stored_[static_cast<std::size_t>(places_.target)].width);
}

// The rows that are kept, and behind them those that are forecast, are a series whose last origin
// is the newest row.
tasks::GivenStep SeriesRows::read(const tasks::GivenStep& row) {
  const std::vector<double>& newest = row[static_cast<std::size_t>(places_.target)].numbers;
  targets_.insert(targets_.end(), newest.begin(), newest.end());
  const auto past = static_cast<std::int64_t>(targets_.size() / width());
  const std::int64_t rows = past + shape_.horizon;
  auto series = std::make_shared<MemorySequences>(stored_);
  series->add(static_cast<std::int32_t>(rows));
  for (std::size_t i = 0; i < stored_.size(); ++i) {
    const int column = static_cast<int>(i);
    if (!stored_[i].is_real()) {
      series->put(column, std::span<const std::int32_t>(&row[i].symbol, 1));
      continue;
    }
    if (stored_[i].role == ColumnRole::constant) {
      series->put(column, std::span<const double>(row[i].numbers));
      continue;
    }
    // Of the past the targets alone are asked for; what is not is missing.
    const bool is_ahead = stored_[i].role == ColumnRole::known;
    const auto each = static_cast<std::size_t>(stored_[i].width);
    std::vector<double> numbers(static_cast<std::size_t>(rows) * each, none);
    const std::size_t at = static_cast<std::size_t>(is_ahead ? past : past - 1) * each;
    std::ranges::copy(row[i].numbers, numbers.begin() + static_cast<std::ptrdiff_t>(at));
    if (stored_[i].is_target()) std::ranges::copy(targets_, numbers.begin());
    series->put(column, std::span<const double>(numbers));
  }
  const ForecastSequences forecasts(series, stored_, shape_, ForecastSequences::Origins::scored);
  scales_.resize(static_cast<std::size_t>(shape_.horizon) * width());
  forecasts.scales(past - 1, scales_);
  tasks::GivenStep read;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].is_target()) continue;
    const std::int64_t at = columns_[i].scope == ColumnScope::steps ? past - 1 : 0;
    tasks::GivenValue& value = read.emplace_back();
    if (columns_[i].is_real()) {
      value.numbers.resize(static_cast<std::size_t>(columns_[i].width));
      forecasts.read(static_cast<int>(i), at, std::span<double>(value.numbers));
    } else {
      forecasts.read(static_cast<int>(i), at, std::span<std::int32_t>(&value.symbol, 1));
    }
  }
  const auto most =
      static_cast<std::size_t>(std::max<std::int64_t>(forecasts.rows_of_bases() - 1, 0)) * width();
  if (targets_.size() > most) {
    targets_.erase(targets_.begin(), targets_.end() - static_cast<std::ptrdiff_t>(most));
  }
  return read;
}

}  // namespace rondo::library
