#include "data/tables/importers/token_reader.hpp"

#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

bool TokenReader::next(Record& record) {
  if (given_ == count_ && !read_sentence()) return false;
  const Token& token = tokens_[given_++];
  record = {.file = token.file,
            .unit = "line",
            .number = token.line,
            .cells = std::move(record.cells),
            .ends_group = given_ == count_};
  record.cells.clear();
  for (const std::string_view cell : token.cells) record.cells.push_back({.text = cell});
  record.cells.push_back({.text = number_});
  return true;
}

std::string TokenReader::place() const {
  return fmt::format("{}, line {}", lines_.file(), lines_.number());
}

void TokenReader::set_columns(const std::vector<std::string>& names) {
  for (const std::string& name : names) columns_.push_back({name});
  columns_.push_back({sentence_column});
}

bool TokenReader::read_sentence() {
  given_ = count_ = 0;
  while (waits_ || lines_.next()) {
    if (!waits_ && lines_.number() == 1) {
      if (!file_.empty()) check_tokens();
      file_ = lines_.file();
      any_ = false;
      if (count_ > 0) {
        waits_ = true;
        break;
      }
    }
    waits_ = false;
    if (without_blanks(lines_.text()).empty()) {
      if (count_ > 0) break;
      continue;
    }
    if (count_ == tokens_.size()) tokens_.emplace_back();
    Token& token = tokens_[count_];
    token.text = lines_.text();
    token.cells.clear();
    if (!split(token.text, count_ == 0, token.cells)) continue;
    token.file = lines_.file();
    token.line = lines_.number();
    ++count_;
    any_ = true;
  }
  if (count_ == 0) {
    check_tokens();
    return false;
  }
  number_ = std::to_string(++sentences_);
  return true;
}

void TokenReader::check_tokens() const {
  if (!any_) throw_input("{} holds no words: a line has one, with what belongs to it", file_);
}

}  // namespace rondo
