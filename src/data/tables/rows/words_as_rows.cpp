#include "data/tables/rows/words_as_rows.hpp"

#include <utility>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"

namespace rondo {
namespace {

class WordsAsRows final : public RecordReader {
 public:
  WordsAsRows(std::unique_ptr<RecordReader> lines, const std::string& word,
              const std::string& group)
      : lines_(std::move(lines)), columns_{{word}, {group}} {}

  const std::vector<TableColumn>& columns() const override { return columns_; }
  std::string usual_group() const override { return columns_[1].name; }

  bool next(Record& record) override {
    if (given_ == words_.size() && !read_line()) return false;
    record = {.file = line_.file,
              .unit = line_.unit,
              .number = line_.number,
              .cells = std::move(record.cells)};
    record.cells = {{.text = words_[given_++]}, {.text = number_}};
    record.ends_group = given_ == words_.size();
    return true;
  }

 private:
  bool read_line() {
    if (!lines_->next(line_)) return false;
    words_.clear();
    given_ = 0;
    for_each_symbol(ColumnKind::word, line_.cells[0].text,
                    [&](std::string_view word) { words_.push_back(word); });
    if (words_.empty()) words_.emplace_back();
    number_ = std::to_string(++read_);
    return true;
  }

  std::unique_ptr<RecordReader> lines_;
  std::vector<TableColumn> columns_;
  Record line_;
  std::vector<std::string_view> words_;
  std::size_t given_ = 0;
  std::int64_t read_ = 0;
  std::string number_;
};

}  // namespace

std::unique_ptr<RecordReader> words_as_rows(std::unique_ptr<RecordReader> lines,
                                            const std::string& word, const std::string& group) {
  return std::make_unique<WordsAsRows>(std::move(lines), word, group);
}

}  // namespace rondo
