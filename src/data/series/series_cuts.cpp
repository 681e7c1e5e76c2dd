#include "data/series/series_cuts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "data/tables/columns/table_roles.hpp"
#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {
namespace {

// A share of `all` rows, or above 1 the number of them.
std::int64_t amount(double wanted, std::int64_t all) {
  return std::llround(wanted > 1 ? wanted : wanted * static_cast<double>(all));
}

}  // namespace

SeriesCuts::SeriesCuts(const TableOptions& options, bool may_lack_train)
    : validation_(options.validation_inputs.empty() ? options.validation : 0),
      test_(options.test_inputs.empty() ? options.test : 0),
      rows_(options.rows.value_or(std::numeric_limits<std::int64_t>::max())),
      context_(options.context),
      split_by_(options.split_by == "time" ? "" : options.split_by),
      may_lack_train_(may_lack_train) {
  for (const auto& [name, value] : {std::pair{"validation", validation_}, {"test", test_}}) {
    if (value > 1 && value != std::floor(value)) {
      throw_input("--{} {}: of a series it is a share, or, above 1, a whole number of rows", name,
                  value);
    }
  }
}

void SeriesCuts::add_needed(const std::vector<TableColumn>& columns,
                            std::vector<bool>& needed) const {
  if (!split_by_.empty()) needed[find_column(columns, split_by_, "--split-by")] = true;
}

SeriesPart SeriesCuts::part(std::size_t split, std::int64_t own, std::int64_t end) const {
  return {split, split == 0 ? own : std::max<std::int64_t>(0, own - context_), own, end};
}

std::vector<SeriesPart> SeriesCuts::parts(std::size_t group, const SequenceValues& values,
                                          const std::vector<TableColumn>& columns) const {
  const std::int64_t rows = std::min<std::int64_t>(values.length, rows_);
  if (group > 0) return {{group, 0, 0, rows}};
  if (!split_by_.empty()) {
    return by_column(values, find_column(columns, split_by_, "--split-by"));
  }
  const std::int64_t validation = amount(validation_, rows), test = amount(test_, rows);
  const std::int64_t train = rows - validation - test;
  if (train < (may_lack_train_ ? 0 : 1)) {
    throw_input(
        "{}: of the {} rows of the series {} for validation and {} for the test leave none "
        "to train on",
        values.rows[0].place(), rows, validation, test);
  }
  std::vector<SeriesPart> parts{part(0, 0, train), part(1, train, train + validation),
                                part(2, train + validation, rows)};
  std::erase_if(parts, [](const SeriesPart& each) { return each.own == each.end; });
  return parts;
}

std::vector<SeriesPart> SeriesCuts::by_column(const SequenceValues& values,
                                              std::size_t column) const {
  std::vector<SeriesPart> parts;
  std::string storage;
  for (std::size_t i = 0; i < values.rows.size(); ++i) {
    const std::int64_t row = values.times.rows[i];
    if (row >= rows_) break;
    const Record& record = values.rows[i];
    const std::string_view name = name_in(record.cells[column], storage);
    const std::optional<std::uint8_t> split = split_named(name);
    if (!split) {
      throw_input("{}: {} is no split: train, validation (or dev) or test", record.place(split_by_),
                  rondo::quoted(std::string(name)));
    }
    if (!parts.empty() && *split < parts.back().split) {
      throw_input("{}: {} follows rows of {}: a series trains on its first rows",
                  record.place(split_by_), split_names[*split], split_names[parts.back().split]);
    }
    if (parts.empty() || *split != parts.back().split) parts.push_back(part(*split, row, row));
    parts.back().end = row + 1;
  }
  // Rows that lack before a split belong to the one before.
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) parts[i].end = parts[i + 1].own;
  return parts;
}

void take_part(const Columns& columns, const SequenceValues& whole, const SeriesPart& rows,
               SequenceValues& part) {
  part.rows = whole.rows;
  part.length = static_cast<std::int32_t>(rows.end - rows.first);
  part.split = rows.split;
  part.context = rows.own - rows.first;
  part.columns = whole.columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].scope != ColumnScope::steps) continue;
    const auto width = static_cast<std::ptrdiff_t>(columns[i].width);
    const auto begin = whole.columns[i].numbers.begin();
    part.columns[i].numbers.assign(begin + rows.first * width, begin + rows.end * width);
  }
}

}  // namespace rondo
