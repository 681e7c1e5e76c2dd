// Plain text: a record is a line, its column `text`; with files for the targets, line n of the
// files beside line n of the targets' files: the columns `source` and `target`.
#include <memory>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/text_lines.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

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
      const TextLines& longer = more ? sources_ : targets_;
      const TextLines& shorter = more ? targets_ : sources_;
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
  TextLines sources_, targets_;
  std::vector<TableColumn> columns_;
};

}  // namespace

std::unique_ptr<RecordReader> open_lines(const TableInput& input) {
  return std::make_unique<LinesReader>(input);
}

}  // namespace rondo
