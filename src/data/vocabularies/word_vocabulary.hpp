// Words as tokens, two of which are always there: <eos> behind each line, <unk> for every word that
// is not in the vocabulary.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "data/levels/words.hpp"
#include "rondo/data/vocabulary.hpp"

namespace rondo {

class WordVocabulary final : public Vocabulary {
 public:
  static constexpr LevelTraits level_traits{"word", "words", false, true};

  // InputError unless the words are different, without white space, and <unk> and <eos> among them.
  WordVocabulary(std::vector<std::string> words, Splitting splitting);
  // Its index points into its own words.
  WordVocabulary(WordVocabulary&&) = default;
  WordVocabulary& operator=(WordVocabulary&&) = default;

  const LevelTraits& traits() const override { return level_traits; }
  int size() const override { return static_cast<int>(words_.size()); }
  // A text's last line gets no <eos> unless the text ends with a line end.
  std::vector<std::int32_t> encode(std::string_view text) const override;
  std::vector<std::string> unknown_in(std::string_view text) const override;
  std::int32_t unknown() const override { return unknown_; }
  std::unique_ptr<Printer> printer() const override;

  // "vocabulary/words", uint8: each word in UTF-8 and a line feed; "vocabulary/splits_punctuation",
  // uint8 scalar: 1 for Splitting::punctuation.
  void save(NamedState& state) const override;
  static WordVocabulary load(const NamedState& state);
  static bool is_in(const NamedState& state);

  // Token of a word, -1 if it is not in the vocabulary.
  std::int32_t find(std::string_view word) const;
  // Token of a word or of <unk>.
  std::int32_t token(std::string_view word) const;
  const std::string& word(std::int32_t token) const {
    return words_[static_cast<std::size_t>(token)];
  }
  Splitting splitting() const { return splitting_; }

 private:
  // Calls use(word) for the words of a text; InputError for invalid UTF-8.
  void scan(std::string_view text, const std::function<void(std::string_view)>& use) const;

  std::vector<std::string> words_;
  Splitting splitting_;
  std::vector<std::int32_t> by_word_;  // tokens in bytewise order of their words
  std::int32_t unknown_ = -1;
};

}  // namespace rondo
