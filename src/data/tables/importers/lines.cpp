// Plain text: a record is a line, its column `text`; with files for the targets, line n of the
// files beside line n of the targets' files: the columns `source` and `target`.
#include <memory>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/input_bytes.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::size_t longest_line = std::size_t{1} << 26;  // bytes

// The lines of several files, one after another.
class Lines {
 public:
  explicit Lines(const std::vector<std::filesystem::path>& files) : files_(files) {}

  bool next() {
    while (file_ == nullptr || file_->peek() < 0) {
      if (file_ != nullptr && number_ == 0) throw_input("{} is empty", file_->name());
      if (opened_ == files_.size()) return false;
      file_ = std::make_unique<InputBytes>(files_[opened_++]);
      number_ = 0;
    }
    read();
    return true;
  }
  const std::string& text() const { return text_; }
  const std::string& file() const { return file_->name(); }
  std::int64_t number() const { return number_; }

 private:
  void read() {
    text_.clear();
    ++number_;
    for (bool whole = false; !whole && file_->peek() >= 0;) {
      const std::string_view ready = file_->ready();
      const std::size_t end = ready.find('\n');
      whole = end != std::string_view::npos;
      text_ += ready.substr(0, end);
      file_->take(whole ? end + 1 : ready.size());
      if (text_.size() > longest_line) {
        throw_input("{}, line {} is longer than {} bytes", file(), number_, longest_line);
      }
    }
    if (text_.ends_with('\r')) text_.pop_back();
    if (!InputBytes::is_text(text_)) {
      file_->fail_text(text_, fmt::format("{}, line {}", file(), number_), "line");
    }
  }

  std::vector<std::filesystem::path> files_;
  std::size_t opened_ = 0;
  std::unique_ptr<InputBytes> file_;
  std::string text_;
  std::int64_t number_ = 0;
};

class LinesReader final : public RecordReader {
 public:
  explicit LinesReader(const TableInput& input)
      : paired_(!input.targets.empty()), sources_(input.files), targets_(input.targets) {
    if (paired_) {
      columns_ = {{"source"}, {"target"}};
    } else {
      columns_ = {{"text"}};
    }
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }
  std::vector<std::string> usual_sources() const override { return {columns_[0].name}; }
  std::string usual_target() const override { return paired_ ? "target" : ""; }

  bool next(Record& record) override {
    const bool more = sources_.next();
    if (paired_ && targets_.next() != more) {
      const Lines& longer = more ? sources_ : targets_;
      const Lines& shorter = more ? targets_ : sources_;
      throw_input("{} ends before {}, line {}: lines are paired, so there must be as many",
                  shorter.file(), longer.file(), longer.number());
    }
    if (!more) return false;
    record = {.file = sources_.file(),
              .unit = "line",
              .number = sources_.number(),
              .cells = std::move(record.cells)};
    record.cells.assign(1, {.text = sources_.text()});
    if (paired_) {
      record.paired_file = targets_.file();
      record.paired_number = targets_.number();
      record.cells.push_back({.text = targets_.text()});
    }
    return true;
  }

 private:
  bool paired_;
  Lines sources_, targets_;
  std::vector<TableColumn> columns_;
};

}  // namespace

std::unique_ptr<RecordReader> open_lines(const TableInput& input) {
  return std::make_unique<LinesReader>(input);
}

}  // namespace rondo
