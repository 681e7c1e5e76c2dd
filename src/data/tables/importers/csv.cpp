// csv and tsv by RFC 4180: a cell that begins with a quotation mark goes on to the next single one,
// over delimiters and ends of lines, and two marks stand for one; in other cells marks are
// characters like any other. Lines end with LF, CR LF or CR. Blank lines are skipped where a line
// has more than one cell.
//
// Not libcsv: it calls back cell by cell and knows no lines, so that a cell with a line break in it
// spoils the count of those who count; it strips blanks around cells, keeps a whole file in memory
// behind a quotation mark that is not closed, and cannot say where that one stood.
#include <array>
#include <memory>
#include <optional>
#include <set>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/input_bytes.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

constexpr std::size_t longest_record = std::size_t{1} << 26;  // bytes

// The records of one file.
class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, char delimiter)
      : bytes_(path), delimiter_(delimiter) {}

  // False at the end of the file.
  bool next() {
    text_.clear();
    ends_.clear();
    first_line_ = line_;
    if (bytes_.peek() < 0) return false;
    for (;;) {
      if (bytes_.peek() == '"') {
        read_quoted();
      } else {
        read_plain();
      }
      ends_.push_back(text_.size());
      const int byte = bytes_.get();
      if (byte == delimiter_) continue;
      if (byte >= 0) ++line_;
      if (byte == '\r' && bytes_.peek() == '\n') bytes_.get();
      return true;
    }
  }

  std::size_t cells() const { return ends_.size(); }
  std::string_view cell(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  bool blank() const { return ends_.size() == 1 && text_.empty(); }
  std::int64_t line() const { return first_line_; }
  const std::string& name() const { return bytes_.name(); }

 private:
  bool ends_cell(char c) const { return c == delimiter_ || c == '\n' || c == '\r'; }

  void read_plain() {
    for (std::string_view ready = bytes_.ready(); !ready.empty(); ready = bytes_.ready()) {
      std::size_t length = 0;
      while (length < ready.size() && !ends_cell(ready[length])) ++length;
      keep(ready.substr(0, length));
      bytes_.take(length);
      if (length < ready.size()) return;
    }
  }

  void read_quoted() {
    const std::int64_t opened = line_;
    bytes_.get();
    for (;;) {
      const std::string_view ready = bytes_.ready();
      if (ready.empty()) fail_open(opened);
      std::size_t length = 0;
      while (length < ready.size() && ready[length] != '"')
        line_ += ready[length++] == '\n' ? 1 : 0;
      keep(ready.substr(0, length));
      bytes_.take(length);
      if (text_.size() > longest_record) fail_open(opened);
      if (length == ready.size()) continue;
      bytes_.get();
      if (bytes_.peek() != '"') break;
      text_ += static_cast<char>(bytes_.get());
    }
    const int next = bytes_.peek();
    if (next >= 0 && !ends_cell(static_cast<char>(next))) {
      throw_input(
          "{}, line {}, cell {}: a quotation mark ends the cell and more text follows: a mark "
          "inside of a cell in marks is written twice",
          name(), line_, ends_.size() + 1);
    }
  }

  void keep(std::string_view part) {
    if (part.find('\0') != std::string_view::npos) {
      throw_input("{}, line {}, cell {}: there is a NUL byte: it is no text", name(), line_,
                  ends_.size() + 1);
    }
    text_ += part;
    if (text_.size() > longest_record + InputBytes::buffer_bytes) {
      throw_input("{}, line {}: the line is longer than {} bytes", name(), first_line_,
                  longest_record);
    }
  }

  [[noreturn]] void fail_open(std::int64_t line) const {
    throw_input("{}, line {}, cell {}: the quotation mark that opens the cell is never closed",
                name(), line, ends_.size() + 1);
  }

  InputBytes bytes_;
  char delimiter_;
  std::int64_t line_ = 1, first_line_ = 1;
  std::string text_;
  std::vector<std::size_t> ends_;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

class CsvReader final : public RecordReader {
 public:
  CsvReader(const TableInput& input, char delimiter) : input_(input), delimiter_(delimiter) {
    if (!input.columns.empty()) set_columns(input.columns, "--columns");
    open(0);
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }

  bool next(Record& record) override {
    for (;;) {
      if (std::exchange(waits_, false) || file_->next()) {
        if (file_->blank() && columns_.size() > 1) continue;
        break;
      }
      if (!any_) {
        if (!input_.header) throw_input("{} is empty", file_->name());
        throw_input("{}: its first line names columns, and no line follows", file_->name());
      }
      if (current_ + 1 == input_.files.size()) return false;
      open(current_ + 1);
    }
    any_ = true;
    if (file_->cells() != columns_.size()) {
      throw_input("{}, line {} has {} cells, and there are {} columns", file_->name(),
                  file_->line(), file_->cells(), columns_.size());
    }
    record = {file_->name(), "line", file_->line(), std::move(record.cells)};
    record.cells.resize(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view text = file_->cell(i);
      check_utf8(text, record, i);
      record.cells[i] = {.text = text};
    }
    return true;
  }

 private:
  void open(std::size_t number) {
    current_ = number;
    any_ = false;
    file_.emplace(input_.files[number], delimiter_);
    if (!input_.header) return number_columns();
    if (!file_->next()) throw_input("{} is empty", file_->name());
    std::vector<std::string> names;
    for (std::size_t i = 0; i < file_->cells(); ++i) names.emplace_back(trimmed(file_->cell(i)));
    const std::string where = file_->name() + ", line 1";
    if (columns_.empty()) return set_columns(names, where);
    bool same = names.size() == columns_.size();
    for (std::size_t i = 0; same && i < names.size(); ++i) same = names[i] == columns_[i].name;
    if (!same) throw_input("{} names other columns than {}", where, input_.files[0].string());
  }

  // c1, c2, ... where nobody has named them: as many as the first line has.
  void number_columns() {
    if (!columns_.empty()) return;
    waits_ = file_->next();
    for (std::size_t i = 0; waits_ && i < file_->cells(); ++i) {
      columns_.push_back({fmt::format("c{}", i + 1)});
    }
  }

  void set_columns(const std::vector<std::string>& names, const std::string& where) {
    std::set<std::string> seen;
    for (const std::string& name : names) {
      if (utf8::valid_prefix(name) != name.size() || name.find('\0') != std::string::npos) {
        throw_input("{}: the name of column {} is not valid UTF-8", where, columns_.size() + 1);
      }
      if (!name.empty() && !seen.insert(name).second) {
        throw_input("{} names the column '{}' twice", where, name);
      }
      columns_.push_back({name});
    }
    if (seen.empty()) throw_input("{} names no columns", where);
  }

  void check_utf8(std::string_view text, const Record& record, std::size_t column) const {
    const std::size_t valid = utf8::valid_prefix(text);
    if (valid < text.size()) {
      throw_input("{}: byte {} of the cell is not valid UTF-8", record.place(columns_[column].name),
                  valid + 1);
    }
  }

  TableInput input_;
  char delimiter_;
  std::vector<TableColumn> columns_;
  std::size_t current_ = 0;
  std::optional<CsvFile> file_;
  bool any_ = false;    // the file had a record
  bool waits_ = false;  // which was read to number the columns
};

}  // namespace

std::unique_ptr<RecordReader> open_csv(const TableInput& input) {
  return std::make_unique<CsvReader>(input, ',');
}

std::unique_ptr<RecordReader> open_tsv(const TableInput& input) {
  return std::make_unique<CsvReader>(input, '\t');
}

}  // namespace rondo
