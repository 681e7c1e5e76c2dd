// Tables of the user's own, record after record, in bounded memory.
//
// A format is a file in this folder and a line in importers.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// Where a table stands and how it is read.
struct TableInput {
  std::vector<std::filesystem::path> files = {};  // files or folders; "-" is standard input
  std::vector<std::filesystem::path> targets =
      {};                                 // lines: files whose lines are paired with theirs
  std::string format = {};                // a name of format_names(); empty: by the ending
  bool header = true;                     // csv, tsv: the first line names the columns
  std::vector<std::string> columns = {};  // their names where none does
};

struct TableColumn {
  std::string name;      // empty: it has none, and nobody can ask for it
  bool numeric = false;  // cells hold numbers, not text
};

// Text, or the numbers of a numeric column; valid until the next record is read.
struct Cell {
  std::string_view text = {};
  std::span<const double> numbers = {};
  int width = 1;  // numbers a step, where the cell is a sequence of them
};

struct Record {
  std::string_view file;
  std::string_view unit;  // what `number` counts: "line", "item"; empty: the file is the record
  std::int64_t number = 0;
  std::vector<Cell> cells = {};  // one a column
  // Of paired lines: where the column `target` stands.
  std::string_view paired_file = {};
  std::int64_t paired_number = 0;
  bool ends_group = false;  // no record of its usual_group() follows

  // "flowers.csv, line 3", with ", column 'petal'" behind it.
  std::string place() const;
  std::string place(std::string_view column) const;
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  virtual const std::vector<TableColumn>& columns() const = 0;
  // False at the end. InputError names file, line and, where it is one cell's fault, the column.
  virtual bool next(Record& record) = 0;
  // Cells of other columns may be left empty from now on.
  virtual void need(const std::vector<bool>& columns) { static_cast<void>(columns); }
  // What is read and said where the user does not tell; empty: there is no such column.
  virtual std::vector<std::string> usual_sources() const { return {}; }
  virtual std::string usual_target() const { return {}; }
  // The column by which records are one sequence where the user names none; empty: a record is one.
  virtual std::string usual_group() const { return {}; }
};

// Opens a table at its start. InputError for what is missing, empty, or of no format that there is.
std::unique_ptr<RecordReader> open_records(const TableInput& input);

// Whether tables of its format have a first line that may name the columns.
bool may_have_header(const TableInput& input);

// Whether a file's ending, ".csv", tells the format of a table.
bool shows_format(const std::string& ending);

std::vector<std::string> format_names();

}  // namespace rondo
