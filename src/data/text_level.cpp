#include "data/text_level.hpp"

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

// Options of another level are refused, so that nobody relies on what has no effect.
void check_options(const PrepareOptions& options) {
  const bool in_words = options.level == "word";
  const bool in_subwords = options.level == "subword";
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
}

}  // namespace

std::unique_ptr<TextLevel> make_text_level(const PrepareOptions& options,
                                           const TextSurvey& characters) {
  std::vector<std::string> names;
  for (const Entry& entry : table) {
    names.emplace_back(entry.name);
    if (options.level != entry.name) continue;
    check_options(options);
    return entry.make(options, characters);
  }
  throw_input("--level takes {}, not \"{}\"", list_names(names), options.level);
}

}  // namespace rondo
