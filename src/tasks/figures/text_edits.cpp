#include "tasks/figures/text_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "tasks/figures/class_table.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;
using Characters = std::vector<std::string_view>;

constexpr std::size_t most_lines = 10, most_confusions = 20;

Characters characters_of(std::string_view text) {
  Characters characters;
  for_each_symbol(ColumnKind::character, text,
                  [&](std::string_view character) { characters.push_back(character); });
  return characters;
}

// The fewest edits from the first characters given to the first ones said: [given][said].
class Distances {
 public:
  Distances(const Characters& given, const Characters& said)
      : width_(said.size() + 1), all_((given.size() + 1) * width_) {
    for (std::size_t g = 0; g <= given.size(); ++g) {
      for (std::size_t s = 0; s <= said.size(); ++s) {
        if (g == 0 || s == 0) {
          at(g, s) = static_cast<std::int64_t>(g + s);
          continue;
        }
        const std::int64_t kept = at(g - 1, s - 1) + (given[g - 1] == said[s - 1] ? 0 : 1);
        at(g, s) = std::min({kept, at(g - 1, s) + 1, at(g, s - 1) + 1});
      }
    }
  }
  std::int64_t& at(std::size_t given, std::size_t said) { return all_[given * width_ + said]; }

 private:
  std::size_t width_;
  std::vector<std::int64_t> all_;
};

// Calls use(given, said) for each edit, of which one may be nothing.
template <class Use>
std::int64_t for_each_edit(const Characters& given, const Characters& said, const Use& use) {
  Distances distances(given, said);
  std::size_t g = given.size(), s = said.size();
  while (g > 0 || s > 0) {
    const std::int64_t here = distances.at(g, s);
    const bool is_kept = g > 0 && s > 0 && given[g - 1] == said[s - 1];
    if (g > 0 && s > 0 && distances.at(g - 1, s - 1) + (is_kept ? 0 : 1) == here) {
      --g, --s;
      if (!is_kept) use(given[g], said[s]);
    } else if (g > 0 && distances.at(g - 1, s) + 1 == here) {
      use(given[--g], std::string_view());
    } else {
      use(std::string_view(), said[--s]);
    }
  }
  return distances.at(given.size(), said.size());
}

std::string shown(const std::string& character) {
  if (character.empty()) return "nothing";
  if (character == " ") return "a blank";
  return character;
}

}  // namespace

TextEdits count_edits(const std::vector<std::string>& given, const std::vector<std::string>& said,
                      const std::vector<std::int64_t>& numbers) {
  TextEdits edits;
  std::map<std::pair<std::string, std::string>, std::int64_t> confusions;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Characters right = characters_of(given[i]);
    const std::int64_t own = for_each_edit(right, characters_of(said[i]),
                                           [&](std::string_view one, std::string_view other) {
                                             ++(one.empty()     ? edits.insertions
                                                : other.empty() ? edits.deletions
                                                                : edits.substitutions);
                                             ++confusions[{std::string(one), std::string(other)}];
                                           });
    const auto length = static_cast<std::int64_t>(right.size());
    edits.characters += length;
    if (own > 0) edits.worst.push_back({numbers[i], own, length, given[i], said[i]});
  }
  for (const auto& [pair, times] : confusions) {
    edits.confusions.push_back({pair.first, pair.second, times});
  }
  std::ranges::stable_sort(edits.confusions, std::ranges::greater(), &TextEdits::Confusion::times);
  std::ranges::sort(edits.worst, {}, [](const TextEdits::Line& line) {
    return std::pair(-line.edits, line.sequence);
  });
  edits.worst.resize(std::min(edits.worst.size(), most_lines));
  return edits;
}

std::string edits_text(const TextEdits& edits) {
  std::string text =
      fmt::format("{} characters: {} put in, {} left out, {} exchanged\n", edits.characters,
                  edits.insertions, edits.deletions, edits.substitutions);
  if (edits.confusions.empty()) return text;
  text += fmt::format("\n{}{}{:>8}\n", padded("given", 12), padded("said", 12), "times");
  for (std::size_t i = 0; i < std::min(edits.confusions.size(), most_confusions); ++i) {
    const TextEdits::Confusion& each = edits.confusions[i];
    text += fmt::format("{}{}{:>8}\n", padded(shown(each.given), 12), padded(shown(each.said), 12),
                        each.times);
  }
  text += "\nthe worst\n";
  for (const TextEdits::Line& line : edits.worst) {
    text += fmt::format("sequence {}, {} of {} characters wrong\n  given  {}\n  said   {}\n",
                        line.sequence + 1, line.edits, line.characters, line.given, line.said);
  }
  return text;
}

Json edits_json(const TextEdits& edits) {
  Json confusions = Json::array(), worst = Json::array();
  for (const TextEdits::Confusion& each : edits.confusions) {
    confusions.push_back({{"given", each.given}, {"said", each.said}, {"times", each.times}});
  }
  for (const TextEdits::Line& line : edits.worst) {
    worst.push_back({{"sequence", line.sequence + 1},
                     {"edits", line.edits},
                     {"characters", line.characters},
                     {"given", line.given},
                     {"said", line.said}});
  }
  return {{"characters", edits.characters},      {"insertions", edits.insertions},
          {"deletions", edits.deletions},        {"substitutions", edits.substitutions},
          {"confusions", std::move(confusions)}, {"worst", std::move(worst)}};
}

}  // namespace rondo::tasks
