// The newest rows of a series that is followed, as a forecasting network reads them.
#pragma once

#include <utility>
#include <vector>

#include "rondo/data/forecasts.hpp"
#include "tasks/answers/given_steps.hpp"

namespace rondo::library {

class SeriesRows {
 public:
  // Of `stored` columns, of which a network reads and says `columns`; both outlive it.
  SeriesRows(const Columns& stored, const Columns& columns, const ForecastShape& shape);

  // What a step of a series has: the columns of a row, and of those that are known ahead the rows
  // that are forecast.
  static Columns columns_of_step(const Columns& stored, const ForecastShape& shape);

  // The next row, of columns_of_step(), as the network reads it.
  tasks::GivenStep read(const tasks::GivenStep& row);
  // What the numbers that are said behind it are relative to: row ahead by row, target by target.
  const std::vector<ForecastSequences::Scale>& scales() const { return scales_; }

  // Of the rows that are kept the targets, width() a row, oldest first; and back.
  const std::vector<double>& kept() const { return targets_; }
  void keep(std::vector<double> targets) { targets_ = std::move(targets); }
  std::size_t width() const;

 private:
  const Columns& stored_;
  const Columns& columns_;
  ForecastShape shape_;
  SeriesColumns places_;
  std::vector<double> targets_;  // [row][target]
  std::vector<ForecastSequences::Scale> scales_;
};

}  // namespace rondo::library
