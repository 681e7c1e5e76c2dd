// A made-up data set of whole sequences: letters and two numbers a step, and what depends on them:
// a class, labels, a class of each step, or numbers.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "caption_data.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "pair_data.hpp"
#include "rondo/core/labels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"
#include "series_data.hpp"
#include "spelling_data.hpp"

namespace rondo::test {

inline constexpr int made_up_labels = 35;

// A target: one class a sequence; labels, in two words; one class a step, some of which are not
// given, and the same of steps that are words with letters; two numbers of a sequence, or of each
// step.
enum class MadeUp : std::uint8_t {
  classes,
  labels,
  step_classes,
  numbers,
  step_numbers,
  spelt_classes
};

// What the data of a digest run have as targets (digest_sequences.hpp).
inline MadeUp target_of(const std::string& name) {
  return name.ends_with("-labels")      ? MadeUp::labels
         : name == "label"              ? MadeUp::step_classes
         : name == "label-letters"      ? MadeUp::spelt_classes
         : name.ends_with("-steps")     ? MadeUp::step_numbers
         : name.starts_with("regress-") ? MadeUp::numbers
                                        : MadeUp::classes;
}

// Columns: letters (source), sizes (source, 2 wide), kind (target: rise, fall, rest; or labels
// l0, l1, ...; or numbers).
inline Columns made_up_columns(MadeUp target = MadeUp::classes) {
  const bool labels = target == MadeUp::labels;
  Columns columns(3);
  columns[0].name = "letters";
  columns[0].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::character, std::vector<std::string>{"<unk>", "a", "b", "c", "d", "e", "ü"});
  columns[0].counts.assign(7, 10);
  columns[1].name = "sizes";
  columns[1].kind = ColumnKind::real;
  columns[1].width = 2;
  columns[1].mean = {0.5, -1};
  columns[1].deviation = {0.29, 2};
  columns[2].name = "kind";
  columns[2].role = ColumnRole::target;
  columns[2].kind = ColumnKind::category;
  columns[2].scope = ColumnScope::sequence;
  columns[2].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::category, std::vector<std::string>{"rise", "fall", "rest"});
  columns[2].counts = {100, 80, 40};
  if (target == MadeUp::spelt_classes) {
    Column& spelling = columns.emplace_back();
    spelling.name = "letters";
    spelling.scope = ColumnScope::letters;
    spelling.vocabulary = std::make_shared<SymbolVocabulary>(
        ColumnKind::character, std::vector<std::string>{"<unk>", "p", "q", "r", "s", "t"});
    spelling.counts.assign(6, 20);
  }
  if (target == MadeUp::step_classes || target == MadeUp::spelt_classes) {
    columns[2].scope = ColumnScope::steps;
    columns[2].counts = {300, 200, 500};
  }
  if (labels) {
    std::vector<std::string> names;
    for (int i = 0; i < made_up_labels; ++i) names.push_back("l" + std::to_string(i));
    columns[2].kind = ColumnKind::labels;
    columns[2].vocabulary = std::make_shared<SymbolVocabulary>(ColumnKind::labels, names);
    columns[2].counts.assign(made_up_labels, 50);
  }
  if (target == MadeUp::numbers || target == MadeUp::step_numbers) {
    columns[2].kind = ColumnKind::real;
    if (target == MadeUp::step_numbers) columns[2].scope = ColumnScope::steps;
    columns[2].vocabulary = nullptr;
    columns[2].counts.clear();
    columns[2].width = 2;
    columns[2].mean = {3.5, 40};
    columns[2].deviation = {1.7, 25};
    columns[2].masks_missing = true;
  }
  return columns;
}

// Splits of 230, 31 and 17 sequences of 1 to 20 steps, some of whose targets are missing. One
// process calls it.
inline std::filesystem::path sequence_data(const std::filesystem::path& folder,
                                           MadeUp target = MadeUp::classes) {
  const bool labels = target == MadeUp::labels, spelt = target == MadeUp::spelt_classes;
  const bool steps = target == MadeUp::step_classes || spelt;
  const bool numbers = target == MadeUp::numbers || target == MadeUp::step_numbers;
  const RandomStream random(21, Purpose::test);
  std::uint64_t drawn = 0;
  NamedState small;
  save_columns(made_up_columns(target), small);
  small.texts["description"] = fmt::format(R"({{"task": "{}"}})", numbers ? "regress"
                                                                  : steps ? "label"
                                                                          : "classify");
  std::vector<DatasetWriter::Large> large;
  struct Split {
    std::string name;
    std::vector<std::int64_t> starts{0};
    std::vector<std::uint8_t> letters = {}, kinds = {};
    std::vector<std::int32_t> labels = {};
    std::vector<std::uint8_t> spellings = {};
    std::vector<std::int32_t> spelt = {};  // letters of each step
    std::vector<std::int64_t> spelling_starts{0};
    std::vector<double> sizes = {}, numbers = {};
  };
  std::vector<Split> splits{{"train"}, {"validation"}, {"test"}};
  const std::int64_t counts[] = {230, 31, 17};
  for (std::size_t s = 0; s < 3; ++s) {
    Split& split = splits[s];
    for (std::int64_t i = 0; i < counts[s]; ++i) {
      const auto length = static_cast<std::int64_t>(1 + random.below(i % 9 == 0 ? 20 : 9, drawn++));
      split.starts.push_back(split.starts.back() + length);
      int sum = 0;
      for (std::int64_t t = 0; t < length; ++t) {
        split.letters.push_back(static_cast<std::uint8_t>(1 + random.below(6, drawn++)));
        sum += split.letters.back();
        split.spelt.push_back(1 + static_cast<std::int32_t>((i + 2 * t) % 5));
        for (int letter = 0; letter < split.spelt.back(); ++letter) {
          split.spellings.push_back(static_cast<std::uint8_t>(1 + (sum + 2 * letter) % 5));
        }
        for (int k = 0; k < 2; ++k) split.sizes.push_back(random.uniform(drawn++) - k);
        // Of the letters so far; 3: not given.
        const bool is_given = (i + t) % 5 != 3;
        if (steps) split.kinds.push_back(static_cast<std::uint8_t>(is_given ? sum % 3 : 3));
        if (!numbers || (target == MadeUp::numbers && t + 1 < length)) continue;
        // The last letter, and how far it is with how large a size; some are missing.
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        const double far = 10 * static_cast<double>(t) + 20 * split.sizes.back();
        split.numbers.push_back((i + t) % 7 == 3 ? none : split.letters.back());
        split.numbers.push_back((i + t) % 5 == 4 ? none : far);
      }
      if (!steps) split.kinds.push_back(static_cast<std::uint8_t>(sum % 3));
      // A label for each letter, and one for each length that is reached.
      std::int32_t words[2] = {};
      for (std::int64_t t = 1; t <= length; ++t) {
        set_label(words, split.letters[split.letters.size() - static_cast<std::size_t>(t)] - 1);
        set_label(words, static_cast<int>(14 + t));
      }
      split.labels.insert(split.labels.end(), {words[0], words[1]});
      split.spelling_starts.push_back(static_cast<std::int64_t>(split.spellings.size()));
    }
    small.put<std::int64_t>(split.name + "/starts", split.starts, {split.starts.size()});
    if (spelt) {
      small.put<std::int64_t>(split.name + "/letter_starts", split.spelling_starts,
                              {split.spelling_starts.size()});
    }
    large.push_back({split.name + "/columns/0", ElementType::uint8, split.letters.size()});
    large.push_back({split.name + "/columns/1", ElementType::float64, split.sizes.size()});
    large.push_back({split.name + "/columns/2",
                     numbers  ? ElementType::float64
                     : labels ? ElementType::int32
                              : ElementType::uint8,
                     numbers  ? split.numbers.size()
                     : labels ? split.labels.size()
                              : split.kinds.size()});
    if (!spelt) continue;
    large.push_back({split.name + "/columns/3", ElementType::uint8, split.spellings.size()});
    large.push_back({split.name + "/letters", ElementType::int32, split.spelt.size()});
  }
  std::filesystem::create_directories(folder);
  const std::filesystem::path file =
      folder / fmt::format("sequences-{}.h5", static_cast<int>(target));
  DatasetWriter writer(file, small, large);
  for (std::size_t s = 0, first = 0; s < 3; ++s, first += spelt ? 5 : 3) {
    writer.append(first, std::as_bytes(std::span(splits[s].letters)));
    writer.append(first + 1, std::as_bytes(std::span(splits[s].sizes)));
    writer.append(first + 2, numbers  ? std::as_bytes(std::span(splits[s].numbers))
                             : labels ? std::as_bytes(std::span(splits[s].labels))
                                      : std::as_bytes(std::span(splits[s].kinds)));
    if (!spelt) continue;
    writer.append(first + 3, std::as_bytes(std::span(splits[s].spellings)));
    writer.append(first + 4, std::as_bytes(std::span(splits[s].spelt)));
  }
  writer.finish();
  return file;
}

// The data of a digest run of that name.
inline std::filesystem::path variant_data(const std::filesystem::path& folder,
                                          const std::string& name) {
  if (name.starts_with("pairs-")) return pair_data(folder);
  if (name.starts_with("captions-")) return caption_data(folder, name == "captions-one" ? 1 : 5);
  if (name.starts_with("spelt-")) return spelling_data(folder);
  return name.starts_with("forecast-") ? series_data(folder)
                                       : sequence_data(folder, target_of(name));
}

}  // namespace rondo::test
