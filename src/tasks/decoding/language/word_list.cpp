#include "tasks/decoding/language/word_list.hpp"

#include <algorithm>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "tasks/decoding/spelling.hpp"

namespace rondo::tasks {
namespace {

bool is_separator(std::int32_t c) {
  if (c < 0x80) return !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
  if (c < 0xC0) return c != 0xAA && c != 0xB5 && c != 0xBA;
  return (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3040);
}

}  // namespace

WordList::WordList(std::string_view text, const Column& said, const std::string& where) {
  if (said.kind != ColumnKind::character) {
    throw_input("{} is a list of words, and texts are spelt by symbols of the kind '{}', not char",
                where, name_of(said.kind));
  }
  const std::vector<std::int32_t> never = usual_spelling(said).never;
  for (std::int32_t symbol = 0; symbol < said.vocabulary->size(); ++symbol) {
    const std::string name = said.symbol_name(static_cast<std::size_t>(symbol));
    separates_.push_back(std::ranges::find(never, symbol) == never.end() &&
                         is_separator(utf8::decode(name).code_point));
  }
  std::int64_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view word = next_word(line);
    if (!next_word(line).empty()) {
      throw_input("{}, line {}: a word a line is asked for, and here are two", where, number);
    }
    if (utf8::valid_prefix(word) != word.size()) {
      throw_input("{}, line {}: the word is not valid UTF-8", where, number);
    }
    if (!word.empty()) add(word, *said.vocabulary);
  }
  if (is_word_.size() == 1) {
    throw_input("{} has no word whose letters are all among those that are spelt", where);
  }
}

void WordList::add(std::string_view word, const Vocabulary& symbols) {
  if (!symbols.unknown_in(word).empty()) {
    ++left_out_;
    return;
  }
  ngrams::Node node = ngrams::root;
  for (const std::int32_t symbol : symbols.encode(word)) {
    const auto fresh = static_cast<ngrams::Node>(is_word_.size());
    node = children_.find_or_add(node, symbol, fresh);
    if (node == fresh) is_word_.push_back(false);
  }
  is_word_[node] = true;
}

WordList::Beginnings WordList::after(const Beginnings& before, std::int32_t symbol) const {
  Beginnings all;
  bool between = false;
  for (const ngrams::Node node : before) {
    const ngrams::Node longer = children_.find(node, symbol);
    if (longer != ngrams::none) all.push_back(longer);
    between = between || (separates_[static_cast<std::size_t>(symbol)] && is_word_[node]);
  }
  if (between) all.push_back(ngrams::root);
  return all;
}

bool WordList::may_follow(const Beginnings& before, std::int32_t symbol) const {
  const bool separates = separates_[static_cast<std::size_t>(symbol)];
  return std::ranges::any_of(before, [&](ngrams::Node node) {
    return children_.find(node, symbol) != ngrams::none || (separates && is_word_[node]);
  });
}

void WordList::next_after(const Beginnings& state, std::span<double> to) const {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = may_follow(state, static_cast<std::int32_t>(i)) ? 0 : impossible;
  }
}

double WordList::end_after(const Beginnings& state) const {
  return std::ranges::any_of(state, [this](ngrams::Node node) { return is_word_[node]; })
             ? 0
             : impossible;
}

}  // namespace rondo::tasks
