// Tables of tokens: a line a token, and an empty line, or the file's end, behind each sentence.
//
// Beside its format's columns there is one of the sentences' numbers, by which tokens belong
// together. A sentence is in memory, and is handed on without a look at what follows it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "data/tables/importers/record_reader.hpp"
#include "data/tables/importers/text_lines.hpp"

namespace rondo {

class TokenReader : public RecordReader {
 public:
  static constexpr const char* sentence_column = "sentence";

  explicit TokenReader(const TableInput& input) : lines_(input.files) {}

  const std::vector<TableColumn>& columns() const override { return columns_; }
  // InputError for a file without a token.
  bool next(Record& record) override;
  std::string usual_group() const override { return sentence_column; }

 protected:
  // Puts the cells of a line that is not empty into `cells`; false where it is no token's. `first`:
  // no token of its sentence came before. InputError for what is wrong with it.
  virtual bool split(std::string_view line, bool first, std::vector<std::string_view>& cells) = 0;

  // Of the line at work: "a.conllu, line 3".
  std::string place() const;
  void set_columns(const std::vector<std::string>& names);
  // The next sentence; false at the end.
  bool read_sentence();

 private:
  struct Token {
    std::string file, text;
    std::int64_t line = 0;
    std::vector<std::string_view> cells;  // of `text`
  };
  void check_tokens() const;

  std::vector<TableColumn> columns_;
  TextLines lines_;
  std::deque<Token> tokens_;  // of a sentence: the first `count_` of them; the others are spare
  std::size_t count_ = 0, given_ = 0;
  std::int64_t sentences_ = 0;
  std::string number_;  // of the sentence
  std::string file_;
  bool waits_ = false;  // the line at work begins the next file
  bool any_ = false;    // the file had a token
};

}  // namespace rondo
