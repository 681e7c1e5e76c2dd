// The rows of a table, sequence by sequence.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "data/tables/importers/record_reader.hpp"

namespace rondo {

// Records that outlive their reader's next step.
class KeptRecords {
 public:
  void keep(const Record& record);
  void clear();
  std::vector<Record>& records() { return records_; }
  const std::vector<Record>& records() const { return records_; }

 private:
  std::vector<Record> records_;
  std::deque<std::string> texts_;
  std::deque<std::vector<double>> numbers_;
};

// The column by which a reader's records are sequences: `wanted` where the table has it, or has
// none of its own (RecordReader::usual_group()).
std::string group_in(const RecordReader& reader, const std::string& wanted);

// Which rows of a table are a sequence, and in which order.
struct RowOrder {
  std::string group = {};  // a column: rows of one value of it; none: each row
  std::string time = {};   // a column by which rows of a group are sorted; of series they must be
  bool is_series = false;  // without a group all rows are one sequence
};

// Whether rows of one value of column `group` stand apart, with other values between them.
bool groups_stand_apart(RecordReader& reader, const std::string& group);

class TableRows {
 public:
  // `gather`: groups may stand apart, and come in the order of their first rows; the whole table is
  // then in memory. InputError for a name that is no column's.
  TableRows(std::unique_ptr<RecordReader> reader, const RowOrder& order, bool gather = false);

  // The next sequence; false at the end. InputError for groups that stand apart unseen.
  bool next();
  // Its rows, in the order of `time` or else of the file, until the next call.
  std::span<const Record> rows() const { return rows_; }
  const RecordReader& reader() const { return *reader_; }
  // Beside these, those that tell which rows belong together, and their order.
  void need(std::vector<bool> columns);

 private:
  bool next_group();
  bool next_whole();
  bool next_gathered();
  void gather();
  void sort(std::vector<Record>& rows) const;

  std::unique_ptr<RecordReader> reader_;
  std::optional<std::size_t> group_, time_;
  std::span<const Record> rows_;
  Record record_;
  bool waits_ = false;      // record_ begins the next group
  bool ends_tell_ = false;  // Record::ends_group is of this group
  bool gather_, is_whole_;
  std::set<std::string, std::less<>> seen_;
  KeptRecords kept_;
  std::vector<std::vector<Record>> groups_;  // of gathered rows
  std::size_t next_group_ = 0;
};

}  // namespace rondo
