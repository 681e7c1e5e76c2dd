// A made-up data set of series: two targets, some of whose values are missing, a source, what is
// known of the future, and a number of each series.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/data/columns.hpp"
#include "write_values.hpp"

namespace rondo::test {

inline Columns made_up_series_columns() {
  Columns columns;
  const auto add = [&](const char* name, ColumnRole role, std::vector<double> mean,
                       std::vector<double> deviation) {
    Column& column = columns.emplace_back();
    column.name = name;
    column.role = role;
    column.kind = ColumnKind::real;
    column.scope = role == ColumnRole::constant ? ColumnScope::sequence : ColumnScope::steps;
    column.width = static_cast<int>(mean.size());
    column.mean = std::move(mean);
    column.deviation = std::move(deviation);
    column.masks_missing = true;
    column.is_series = true;
  };
  add("rain", ColumnRole::source, {0.5}, {0.3});
  add("day", ColumnRole::known, {3}, {2});
  add("size", ColumnRole::constant, {2}, {1});
  add("y", ColumnRole::target, {5, -40}, {1.5, 12});
  return columns;
}

// Splits of 5, 4 and 3 series of 30 to 110 rows; of the later splits a third is context. One
// process calls it.
inline std::filesystem::path series_data(const std::filesystem::path& folder) {
  const RandomStream random(22, Purpose::test);
  std::uint64_t drawn = 0;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  NamedState small;
  const Columns columns = made_up_series_columns();
  save_columns(columns, small);
  small.texts["description"] = R"({"task": "forecast"})";
  std::vector<DatasetWriter::Large> large;
  std::vector<std::vector<double>> values;
  const std::pair<const char*, std::int64_t> splits[] = {
      {"train", 5}, {"validation", 4}, {"test", 3}};
  for (const auto& [split, count] : splits) {
    std::vector<std::int64_t> starts{0}, contexts;
    std::vector<std::vector<double>> own(columns.size());
    for (std::int64_t i = 0; i < count; ++i) {
      const auto rows = static_cast<std::int64_t>(30 + random.below(81, drawn++));
      starts.push_back(starts.back() + rows);
      contexts.push_back(count == 5 ? 0 : rows / 3);
      own[2].push_back(static_cast<double>(i));
      double level = 5;
      for (std::int64_t row = 0; row < rows; ++row) {
        own[0].push_back(random.uniform(drawn++));
        own[1].push_back(static_cast<double>(row % 7));
        level += random.uniform(drawn++) - 0.5;
        own[3].push_back((row + i) % 11 == 4 ? none : level);
        own[3].push_back((row + i) % 13 == 5 ? none : -40 - level * static_cast<double>(row % 7));
      }
    }
    const std::string name = split;
    small.put<std::int64_t>(name + "/starts", starts, {starts.size()});
    small.put<std::int64_t>(name + "/context", contexts, {contexts.size()});
    for (std::size_t column = 0; column < columns.size(); ++column) {
      large.push_back(
          {fmt::format("{}/columns/{}", name, column), ElementType::float64, own[column].size()});
      values.push_back(std::move(own[column]));
    }
  }
  return write_values(folder, "series.h5", small, large, values);
}

}  // namespace rondo::test
