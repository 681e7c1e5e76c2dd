#include "data/text_level.hpp"

#include "data/character_level.hpp"
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
};

}  // namespace

std::unique_ptr<TextLevel> make_text_level(const PrepareOptions& options,
                                           const TextSurvey& characters) {
  std::vector<std::string> names;
  for (const Entry& entry : table) {
    if (options.level == entry.name) return entry.make(options, characters);
    names.emplace_back(entry.name);
  }
  throw_input("--level takes {}, not \"{}\"", list_names(names), options.level);
}

}  // namespace rondo
