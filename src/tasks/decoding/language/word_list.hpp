// A list of the words that a text may have.
//
// A text is words of the list, as they are written there, with any separators between them.
// Separators are the symbols that are neither letters nor digits: ASCII's signs and blanks, and
// those of Unicode's blocks of punctuation (U+0080 to U+00BF but for the three letters in it,
// U+2000 to U+206F, U+3000 to U+303F). One that stands in words of the list ("don't") may be
// either.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/baselines/ngram_trie.hpp"
#include "rondo/data/columns.hpp"
#include "tasks/decoding/language/text_model.hpp"

namespace rondo::tasks {

class WordList final : public StatesOfTexts<std::vector<ngrams::Node>> {
 public:
  // What a text may be at: beginnings of words, the empty one between words.
  using Beginnings = std::vector<ngrams::Node>;

  // `text`: a word a line; empty lines do not count. `said`: of characters. InputError, with
  // `where` in front, for a line of two words, for what is no UTF-8, and where no word can be
  // spelt.
  WordList(std::string_view text, const Column& said, const std::string& where);

  // Words that are left out, as they have letters that are not among the column's symbols.
  std::int64_t left_out() const { return left_out_; }

 protected:
  Beginnings first() const override { return {ngrams::root}; }
  Beginnings after(const Beginnings& before, std::int32_t symbol) const override;
  // 0, or minus infinity.
  void next_after(const Beginnings& state, std::span<double> to) const override;
  double end_after(const Beginnings& state) const override;

 private:
  void add(std::string_view word, const Vocabulary& symbols);
  bool may_follow(const Beginnings& before, std::int32_t symbol) const;

  ngrams::ChildTable children_;
  std::vector<bool> is_word_{true};  // by node; the empty word is one
  std::vector<bool> separates_;      // a symbol
  std::int64_t left_out_ = 0;
};

}  // namespace rondo::tasks
