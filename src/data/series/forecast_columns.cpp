#include "rondo/core/errors.hpp"
#include "rondo/data/forecasts.hpp"

namespace rondo {
namespace {

Column standard_column(const std::string& name, ColumnRole role, std::int64_t width, bool masks) {
  constexpr std::int64_t widest = 1 << 20;
  if (width > widest) {
    throw_input(
        "a step would have {} numbers of '{}': take fewer rows a segment or a nearer "
        "horizon",
        width, name);
  }
  Column column;
  column.name = name;
  column.role = role;
  column.kind = ColumnKind::real;
  column.width = static_cast<int>(width);
  column.mean.assign(static_cast<std::size_t>(width), 0);
  column.deviation.assign(static_cast<std::size_t>(width), 1);
  column.masks_missing = masks;
  return column;
}

}  // namespace

SeriesColumns::SeriesColumns(const Columns& stored) {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const Column& column = stored[i];
    const bool is_static = column.role == ColumnRole::constant;
    if (!is_static && (!column.is_real() || column.scope != ColumnScope::steps)) {
      throw_input("the column '{}' is {} of a {}, and a series has numbers at each step",
                  column.name, name_of(column.kind),
                  column.scope == ColumnScope::steps ? "step" : "sequence");
    }
    int* const place = column.role == ColumnRole::target   ? &target
                       : column.role == ColumnRole::source ? &source
                       : column.role == ColumnRole::known  ? &known
                                                           : nullptr;
    if (place == nullptr) continue;
    if (*place >= 0) throw_input("two columns of a series are {}", name_of(column.role));
    *place = static_cast<int>(i);
  }
  if (target < 0) throw_input("the data set has no target column: prepare it with --target NAME");
}

Columns forecast_columns(const Columns& stored, const ForecastShape& shape) {
  const SeriesColumns places(stored);
  const auto at = [&](int place) -> const Column& {
    return stored[static_cast<std::size_t>(place)];
  };
  const Column& target = at(places.target);
  const std::int64_t targets = shape.is_apart ? 1 : target.width;
  const std::int64_t sources = places.source < 0 ? 0 : at(places.source).width;
  const std::int64_t rows = shape.is_carried ? 1 : shape.segment;
  Columns columns;
  columns.push_back(standard_column("history", ColumnRole::source, rows * (targets + sources),
                                    target.masks_missing));
  if (places.known >= 0) {
    columns.push_back(standard_column("known", ColumnRole::source,
                                      shape.horizon * at(places.known).width,
                                      at(places.known).masks_missing));
  }
  for (const Column& column : stored) {
    if (column.role == ColumnRole::constant) columns.push_back(column);
  }
  columns.push_back(standard_column("ahead", ColumnRole::target, shape.horizon * targets, false));
  if (!shape.is_carried) columns.back().scope = ColumnScope::sequence;
  return columns;
}

}  // namespace rondo
