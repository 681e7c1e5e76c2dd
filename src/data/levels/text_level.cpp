#include "data/levels/text_level.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "data/levels/character_level.hpp"
#include "data/levels/subword_level.hpp"
#include "data/levels/word_level.hpp"
#include "data/vocabularies/character_vocabulary.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "data/vocabularies/word_vocabulary.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"

namespace rondo {
namespace {

struct Entry {
  const LevelTraits& traits;
  std::unique_ptr<TextLevel> (*make)(const PrepareOptions&, const TextSurvey&);
  std::vector<std::string> options;  // that have an effect at this level and not at all others

  bool has(const std::string& option) const {
    return std::find(options.begin(), options.end(), option) != options.end();
  }
};

// The table: one line a level; the first is the usual one.
const std::vector<Entry>& table() {
  static const std::vector<Entry> levels = {
      {CharacterVocabulary::level_traits, make_character_level, {}},
      {WordVocabulary::level_traits,
       make_word_level,
       {"min-count", "split-punctuation", "vocabulary-size"}},
      {SubwordVocabulary::level_traits, make_subword_level, {"subword-model", "vocabulary-size"}},
  };
  return levels;
}

// "--vocabulary-size is for words and subwords: add --level word or subword".
[[noreturn]] void refuse_option(const std::string& option) {
  std::string tokens;
  std::vector<std::string> names;
  for (const Entry& entry : table()) {
    if (!entry.has(option)) continue;
    tokens += (tokens.empty() ? "" : " and ") + std::string(entry.traits.tokens);
    names.emplace_back(entry.traits.name);
  }
  throw_input("--{} is for {}: add --level {}", option, tokens, list_names(names));
}

// Options without effect are refused, so that nobody relies on them: those of another level, and
// those that make a vocabulary where one is given.
void check_options(const PrepareOptions& options, const Entry& level) {
  const std::pair<bool, std::string> given_options[] = {
      {options.min_count.has_value(), "min-count"},
      {options.split_punctuation, "split-punctuation"},
      {options.subword_model.has_value(), "subword-model"},
      {options.vocabulary_size.has_value(), "vocabulary-size"}};
  for (const auto& [given, name] : given_options) {
    if (given && !level.has(name)) refuse_option(name);
  }
  if (!options.vocabulary) return;
  const std::string from = options.vocabulary_from.string();
  if (std::string_view(level.traits.name) != options.vocabulary->level()) {
    throw_input("the vocabulary of {} is of level {}, not {}: leave out --level", from,
                options.vocabulary->level(), level.traits.name);
  }
  for (const auto& [given, name] : given_options) {
    if (given) throw_input("--{} makes a vocabulary, and {} has one: leave it out", name, from);
  }
}

}  // namespace

std::unique_ptr<TextLevel> make_text_level(const PrepareOptions& options,
                                           const TextSurvey& characters) {
  const std::string usual =
      options.vocabulary ? options.vocabulary->level() : table().front().traits.name;
  const std::string level = options.level.value_or(usual);
  std::vector<std::string> names;
  for (const Entry& entry : table()) {
    names.emplace_back(entry.traits.name);
    if (level != entry.traits.name) continue;
    check_options(options, entry);
    return entry.make(options, characters);
  }
  throw_input("--level takes {}, not \"{}\"", list_names(names), level);
}

}  // namespace rondo
