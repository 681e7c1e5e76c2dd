#include "data/tables/rows/table_rows.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "data/tables/columns/table_roles.hpp"
#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

std::string name_at(const Record& record, std::size_t column) {
  std::string storage;
  return std::string(name_in(record.cells[column], storage));
}

// Rows without a group are not one sequence.
std::string group_of(const Record& record, std::size_t column, const RecordReader& reader) {
  std::string name = name_at(record, column);
  if (name.empty()) {
    throw_input("{}: the group is missing: fill it in or leave the row out",
                record.place(reader.columns()[column].name));
  }
  return name;
}

}  // namespace

void KeptRecords::keep(const Record& record) {
  Record& kept = records_.emplace_back(record);
  kept.file = texts_.emplace_back(record.file);
  kept.paired_file = texts_.emplace_back(record.paired_file);
  for (Cell& cell : kept.cells) {
    if (cell.numbers.empty()) {
      cell.text = texts_.emplace_back(cell.text);
    } else {
      cell.numbers = numbers_.emplace_back(cell.numbers.begin(), cell.numbers.end());
    }
  }
}

void KeptRecords::clear() {
  records_.clear();
  texts_.clear();
  numbers_.clear();
}

std::string group_in(const RecordReader& reader, const std::string& wanted) {
  const std::string usual = reader.usual_group();
  const bool has_wanted =
      std::ranges::find(reader.columns(), wanted, &TableColumn::name) != reader.columns().end();
  return usual.empty() || (has_wanted && !wanted.empty()) ? wanted : usual;
}

bool groups_stand_apart(RecordReader& reader, const std::string& group) {
  if (group == reader.usual_group()) return false;
  const std::size_t column = find_column(reader.columns(), group, "--group");
  std::vector<bool> needed(reader.columns().size());
  needed[column] = true;
  reader.need(needed);
  std::set<std::string> seen;
  std::string last;
  for (Record record; reader.next(record);) {
    const std::string name = group_of(record, column, reader);
    if (!seen.empty() && name == last) continue;
    if (!seen.insert(name).second) return true;
    last = name;
  }
  return false;
}

TableRows::TableRows(std::unique_ptr<RecordReader> reader, const RowOrder& order, bool gather)
    : reader_(std::move(reader)),
      gather_(gather),
      is_whole_(order.is_series && order.group.empty()) {
  if (!order.group.empty()) group_ = find_column(reader_->columns(), order.group, "--group");
  ends_tell_ = !order.group.empty() && order.group == reader_->usual_group();
  if (order.time.empty()) return;
  const std::size_t time = find_column(reader_->columns(), order.time, "--time");
  if (!order.is_series) time_ = time;
}

void TableRows::need(std::vector<bool> columns) {
  for (const auto& place : {group_, time_}) {
    if (place) columns[*place] = true;
  }
  reader_->need(columns);
}

bool TableRows::next() {
  if (group_) return gather_ ? next_gathered() : next_group();
  if (is_whole_) return next_whole();
  if (!reader_->next(record_)) return false;
  rows_ = std::span<const Record>(&record_, 1);
  return true;
}

bool TableRows::next_group() {
  if (!waits_ && !reader_->next(record_)) return false;
  const std::string name = group_of(record_, *group_, *reader_);
  if (!seen_.insert(name).second) {
    throw_input("{}: rows of {} stand above already, with other rows between them: sort the table",
                record_.place(reader_->columns()[*group_].name), rondo::quoted(name));
  }
  kept_.clear();
  do {
    kept_.keep(record_);
    waits_ = !(ends_tell_ && record_.ends_group) && reader_->next(record_);
  } while (waits_ && group_of(record_, *group_, *reader_) == name);
  sort(kept_.records());
  rows_ = kept_.records();
  return true;
}

bool TableRows::next_whole() {
  kept_.clear();
  while (reader_->next(record_)) kept_.keep(record_);
  rows_ = kept_.records();
  return !rows_.empty();
}

bool TableRows::next_gathered() {
  if (next_group_ == 0) gather();
  if (next_group_ == groups_.size()) return false;
  rows_ = groups_[next_group_++];
  return true;
}

void TableRows::gather() {
  std::map<std::string, std::size_t> numbers;
  while (reader_->next(record_)) kept_.keep(record_);
  for (Record& record : kept_.records()) {
    const auto [place, is_new] =
        numbers.try_emplace(group_of(record, *group_, *reader_), groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[place->second].push_back(std::move(record));
  }
  for (std::vector<Record>& rows : groups_) sort(rows);
}

void TableRows::sort(std::vector<Record>& rows) const {
  if (!time_) return;
  std::vector<std::string> times;
  bool are_numbers = true;
  for (const Record& row : rows) {
    times.push_back(name_at(row, *time_));
    if (times.back().empty()) {
      throw_input("{}: the time is missing", row.place(reader_->columns()[*time_].name));
    }
    are_numbers = are_numbers && number_in(times.back()).has_value();
  }
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return is_before(times[a], times[b], are_numbers);
  });
  std::vector<Record> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(rows[i]));
  rows = std::move(sorted);
}

}  // namespace rondo
