// A made-up data set of whole sequences: letters and two numbers a step, and targets that depend on
// them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/labels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo::test {

inline constexpr int made_up_labels = 35;

// One class a sequence; labels, in two words; one class a step, some of which are not given.
enum class MadeUpTargets : std::uint8_t { classes, labels, steps };

// Columns: letters (source), sizes (source, 2 wide), kind (target: rise, fall, rest; or labels
// l0, l1, ...).
inline Columns made_up_columns(MadeUpTargets targets = MadeUpTargets::classes) {
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
  if (targets == MadeUpTargets::steps) {
    columns[2].scope = ColumnScope::steps;
    columns[2].counts = {300, 200, 500};
  }
  if (targets == MadeUpTargets::labels) {
    std::vector<std::string> names;
    for (int i = 0; i < made_up_labels; ++i) names.push_back("l" + std::to_string(i));
    columns[2].kind = ColumnKind::labels;
    columns[2].vocabulary = std::make_shared<SymbolVocabulary>(ColumnKind::labels, names);
    columns[2].counts.assign(made_up_labels, 50);
  }
  return columns;
}

// Splits of 230, 31 and 17 sequences of 1 to 20 steps. One process calls it.
inline std::filesystem::path sequence_data(const std::filesystem::path& folder,
                                           MadeUpTargets targets = MadeUpTargets::classes) {
  const bool labels = targets == MadeUpTargets::labels, steps = targets == MadeUpTargets::steps;
  const RandomStream random(21, Purpose::test);
  std::uint64_t drawn = 0;
  NamedState small;
  save_columns(made_up_columns(targets), small);
  small.texts["description"] = steps ? R"({"task": "label"})" : R"({"task": "classify"})";
  std::vector<DatasetWriter::Large> large;
  struct Split {
    std::string name;
    std::vector<std::int64_t> starts{0};
    std::vector<std::uint8_t> letters, kinds;
    std::vector<std::int32_t> labels;
    std::vector<double> sizes;
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
        for (int k = 0; k < 2; ++k) split.sizes.push_back(random.uniform(drawn++) - k);
        // Of the letters so far; 3: not given.
        const bool is_given = (i + t) % 5 != 3;
        if (steps) split.kinds.push_back(static_cast<std::uint8_t>(is_given ? sum % 3 : 3));
      }
      if (!steps) split.kinds.push_back(static_cast<std::uint8_t>(sum % 3));
      // A label for each letter, and one for each length that is reached.
      std::int32_t words[2] = {};
      for (std::int64_t t = 1; t <= length; ++t) {
        set_label(words, split.letters[split.letters.size() - static_cast<std::size_t>(t)] - 1);
        set_label(words, static_cast<int>(14 + t));
      }
      split.labels.insert(split.labels.end(), {words[0], words[1]});
    }
    small.put<std::int64_t>(split.name + "/starts", split.starts, {split.starts.size()});
    large.push_back({split.name + "/columns/0", ElementType::uint8, split.letters.size()});
    large.push_back({split.name + "/columns/1", ElementType::float64, split.sizes.size()});
    large.push_back({split.name + "/columns/2", labels ? ElementType::int32 : ElementType::uint8,
                     labels ? split.labels.size() : split.kinds.size()});
  }
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / (labels  ? "labels.h5"
                                               : steps ? "steps.h5"
                                                       : "sequences.h5");
  DatasetWriter writer(file, small, large);
  for (std::size_t s = 0; s < 3; ++s) {
    writer.append(3 * s, std::as_bytes(std::span(splits[s].letters)));
    writer.append(3 * s + 1, std::as_bytes(std::span(splits[s].sizes)));
    writer.append(3 * s + 2, labels ? std::as_bytes(std::span(splits[s].labels))
                                    : std::as_bytes(std::span(splits[s].kinds)));
  }
  writer.finish();
  return file;
}

}  // namespace rondo::test
