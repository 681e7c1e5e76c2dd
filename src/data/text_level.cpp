#include "data/text_level.hpp"

#include <string_view>
#include <utility>

#include "data/character_level.hpp"
#include "data/subword_level.hpp"
#include "data/word_level.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"

namespace rondo {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<TextLevel> (*make)(const PrepareOptions&, const TextSurvey&);
};

// The table: one line a level.
constexpr Entry table[] = {
    {"char", make_character_level},
    {"word", make_word_level},
    {"subword", make_subword_level},
};

// Options without effect are refused, so that nobody relies on them: those of another level, and
// those that make a vocabulary where one is given.
void check_options(const PrepareOptions& options, std::string_view level) {
  const bool in_words = level == "word";
  const bool in_subwords = level == "subword";
  if (!in_words && options.min_count) throw_input("--min-count is for words: add --level word");
  if (!in_words && options.split_punctuation) {
    throw_input("--split-punctuation is for words: add --level word");
  }
  if (!in_subwords && options.subword_model) {
    throw_input("--subword-model is for subwords: add --level subword");
  }
  if (!in_words && !in_subwords && options.vocabulary_size) {
    throw_input("--vocabulary-size is for words and subwords: add --level word or subword");
  }
  if (!options.vocabulary) return;
  const std::string from = options.vocabulary_from.string();
  if (level != options.vocabulary->level()) {
    throw_input("the vocabulary of {} is of level {}, not {}: leave out --level", from,
                options.vocabulary->level(), level);
  }
  for (const auto& [given, name] :
       {std::pair{options.min_count.has_value(), "min-count"},
        std::pair{options.vocabulary_size.has_value(), "vocabulary-size"},
        std::pair{options.split_punctuation, "split-punctuation"},
        std::pair{options.subword_model.has_value(), "subword-model"}}) {
    if (given) throw_input("--{} makes a vocabulary, and {} has one: leave it out", name, from);
  }
}

}  // namespace

std::unique_ptr<TextLevel> make_text_level(const PrepareOptions& options,
                                           const TextSurvey& characters) {
  const std::string usual = options.vocabulary ? options.vocabulary->level() : "char";
  const std::string level = options.level.value_or(usual);
  std::vector<std::string> names;
  for (const Entry& entry : table) {
    names.emplace_back(entry.name);
    if (level != entry.name) continue;
    check_options(options, level);
    return entry.make(options, characters);
  }
  throw_input("--level takes {}, not \"{}\"", list_names(names), level);
}

}  // namespace rondo
