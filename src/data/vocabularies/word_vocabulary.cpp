#include "data/vocabularies/word_vocabulary.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr const char* words_name = "vocabulary/words";
constexpr const char* splitting_name = "vocabulary/splits_punctuation";

class WordPrinter final : public Vocabulary::Printer {
 public:
  explicit WordPrinter(const WordVocabulary& vocabulary) : vocabulary_(vocabulary) {}

  std::string print(std::int32_t token) override {
    if (token < 0 || token >= vocabulary_.size()) {
      throw_run("token {} is outside the vocabulary of {}", token, vocabulary_.size());
    }
    return detokenizer_.add(vocabulary_.word(token));
  }

 private:
  const WordVocabulary& vocabulary_;
  Detokenizer detokenizer_;
};

bool is_one_word(const std::string& text) {
  if (text.empty() || text.size() > longest_word || utf8::valid_prefix(text) != text.size()) {
    return false;
  }
  int words = 0;
  bool whole = false;
  WordScanner scanner(Splitting::spaces);
  const auto use = [&](std::string_view word) {
    ++words;
    whole = word.size() == text.size();
  };
  scanner.feed(text, use);
  scanner.finish(use);
  return words == 1 && whole;
}

}  // namespace

WordVocabulary::WordVocabulary(std::vector<std::string> words, Splitting splitting)
    : words_(std::move(words)), splitting_(splitting) {
  if (words_.size() > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    throw_input("a vocabulary of {} words is too large", words_.size());
  }
  for (std::size_t token = 0; token < words_.size(); ++token) {
    if (!is_one_word(words_[token])) throw_input("vocabulary: entry {} is no word", token);
  }
  by_word_.resize(words_.size());
  std::iota(by_word_.begin(), by_word_.end(), 0);
  std::sort(by_word_.begin(), by_word_.end(), [this](std::int32_t a, std::int32_t b) {
    return word(a) != word(b) ? word(a) < word(b) : a < b;
  });
  for (std::size_t i = 1; i < by_word_.size(); ++i) {
    if (word(by_word_[i]) == word(by_word_[i - 1])) {
      throw_input("vocabulary: \"{}\" is there twice, as entries {} and {}", word(by_word_[i]),
                  by_word_[i - 1], by_word_[i]);
    }
  }
  for (const std::string_view needed : {unknown_word, end_of_line_word}) {
    if (find(needed) < 0) throw_input("a vocabulary of words needs the word {}", needed);
  }
  unknown_ = find(unknown_word);
}

std::int32_t WordVocabulary::find(std::string_view word) const {
  const auto found = std::lower_bound(by_word_.begin(), by_word_.end(), word,
                                      [this](std::int32_t token, std::string_view wanted) {
                                        return std::string_view(this->word(token)) < wanted;
                                      });
  return found != by_word_.end() && this->word(*found) == word ? *found : -1;
}

std::int32_t WordVocabulary::token(std::string_view word) const {
  const std::int32_t known = find(word);
  return known >= 0 ? known : unknown_;
}

void WordVocabulary::scan(std::string_view text,
                          const std::function<void(std::string_view)>& use) const {
  const std::size_t valid = utf8::valid_prefix(text);
  if (valid < text.size()) throw_input("the text is not valid UTF-8 at byte offset {}", valid);
  WordScanner scanner(splitting_);
  scanner.feed(text, use);
  scanner.finish(use);
}

std::vector<std::int32_t> WordVocabulary::encode(std::string_view text) const {
  std::vector<std::int32_t> tokens;
  scan(text, [&](std::string_view word) { tokens.push_back(token(word)); });
  return tokens;
}

std::vector<std::string> WordVocabulary::unknown_in(std::string_view text) const {
  std::vector<std::string> unknown;
  scan(text, [&](std::string_view word) {
    if (find(word) >= 0 || std::find(unknown.begin(), unknown.end(), word) != unknown.end()) return;
    unknown.emplace_back(word);
  });
  return unknown;
}

std::unique_ptr<Vocabulary::Printer> WordVocabulary::printer() const {
  return std::make_unique<WordPrinter>(*this);
}

void WordVocabulary::save(NamedState& state) const {
  std::vector<std::uint8_t> bytes;
  for (const std::string& word : words_) {
    bytes.insert(bytes.end(), word.begin(), word.end());
    bytes.push_back('\n');
  }
  state.put<std::uint8_t>(words_name, bytes, {bytes.size()}).attributes["meaning"] =
      "the word of each token in UTF-8, a line feed behind each";
  state.put_scalar<std::uint8_t>(splitting_name, splitting_ == Splitting::punctuation ? 1 : 0);
}

bool WordVocabulary::is_in(const NamedState& state) { return state.has(words_name); }

WordVocabulary WordVocabulary::load(const NamedState& state) {
  const std::array<std::uint64_t, 1> shape{state.get(words_name).elements()};
  const auto bytes = state.get<std::uint8_t>(words_name, shape);
  std::vector<std::string> words;
  for (auto begin = bytes.begin(); begin != bytes.end();) {
    const auto end = std::find(begin, bytes.end(), std::uint8_t{'\n'});
    if (end == bytes.end()) throw_input("'{}' does not end with a line feed", words_name);
    words.emplace_back(begin, end);
    begin = end + 1;
  }
  const auto splitting = state.get_scalar<std::uint8_t>(splitting_name);
  if (splitting > 1) throw_input("'{}' is {}, not 0 or 1", splitting_name, splitting);
  return {std::move(words), splitting == 1 ? Splitting::punctuation : Splitting::spaces};
}

}  // namespace rondo
