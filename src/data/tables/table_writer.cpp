#include "data/tables/table_writer.hpp"

#include <fmt/format.h>

#include "data/tables/table_survey.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {
namespace {

constexpr std::size_t most_waiting = std::size_t{1} << 16;  // bytes an array

}  // namespace

ElementType stored_type(const Column& column) {
  if (column.features) return ElementType::float32;
  if (column.is_real()) return ElementType::float64;
  if (column.has_labels()) return ElementType::int32;
  const int values = column.vocabulary->size() + (column.role == ColumnRole::target ? 1 : 0);
  return values <= 256     ? ElementType::uint8
         : values <= 65536 ? ElementType::uint16
                           : ElementType::int32;
}

std::vector<DatasetWriter::Large> table_arrays(const Columns& columns,
                                               const std::vector<SplitSize>& sizes) {
  std::vector<DatasetWriter::Large> arrays;
  for (std::size_t split = 0; split < sizes.size(); ++split) {
    if (sizes[split].sequences == 0) continue;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::uint64_t rows = columns[i].axis() == 1                   ? sizes[split].second
                                 : columns[i].scope == ColumnScope::steps ? sizes[split].steps
                                                                          : sizes[split].sequences;
      arrays.push_back({fmt::format("{}/columns/{}", split_names[split], i),
                        stored_type(columns[i]),
                        rows * static_cast<std::uint64_t>(columns[i].stored_width())});
    }
    if (letters_among(columns) < 0) continue;
    arrays.push_back(
        {fmt::format("{}/letters", split_names[split]), ElementType::int32, sizes[split].steps});
  }
  return arrays;
}

TableWriter::TableWriter(const Columns& columns, const std::vector<SplitSize>& sizes,
                         DatasetWriter& writer)
    : columns_(columns), writer_(writer) {
  const std::size_t arrays = columns.size() + (letters_among(columns) < 0 ? 0 : 1);
  for (const SplitSize& size : sizes) {
    first_.push_back(waiting_.size());
    if (size.sequences > 0) waiting_.resize(waiting_.size() + arrays);
  }
}

void TableWriter::add(std::size_t split, const SequenceValues& values) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const SequenceValues::OfColumn& own = values.columns[i];
    const std::size_t array = first_[split] + i;
    if (column.features) {
      floats_.assign(own.numbers.begin(), own.numbers.end());  // which they are
      put(array, floats_.data(), floats_.size() * sizeof(float));
      continue;
    }
    if (column.is_real()) {
      put(array, own.numbers.data(), own.numbers.size() * sizeof(double));
      continue;
    }
    if (column.has_letters()) {
      put(first_[split] + columns_.size(), own.letters.data(),
          own.letters.size() * sizeof(std::int32_t));
    }
    const std::size_t bytes = size_of(stored_type(column));
    numbers_.clear();
    append_numbers(column, own, values.length, numbers_);
    for (std::int32_t number : numbers_) {
      if (number < 0 && !column.has_labels()) number = column.vocabulary->size();
      put(array, &number, bytes);  // little endian
    }
  }
}

void TableWriter::put(std::size_t array, const void* value, std::size_t bytes) {
  std::vector<std::byte>& to = waiting_[array];
  const auto* from = static_cast<const std::byte*>(value);
  to.insert(to.end(), from, from + bytes);
  if (to.size() < most_waiting) return;
  writer_.append(array, to);
  to.clear();
}

void TableWriter::flush() {
  for (std::size_t array = 0; array < waiting_.size(); ++array) {
    writer_.append(array, waiting_[array]);
    waiting_[array].clear();
  }
}

}  // namespace rondo
