// A made-up data set of captions: rows of numbers, a class beside them, and what they are called.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo::test {

// Columns: sizes (source, 3 wide), place (static class: here, there), words (target).
inline Columns made_up_caption_columns() {
  Columns columns(3);
  columns[0].name = "sizes";
  columns[0].kind = ColumnKind::real;
  columns[0].width = 3;
  columns[0].mean = {0.5, -0.5, -1.5};
  columns[0].deviation = {0.29, 0.29, 2};
  columns[1].name = "place";
  columns[1].role = ColumnRole::constant;
  columns[1].kind = ColumnKind::category;
  columns[1].scope = ColumnScope::sequence;
  columns[1].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::category, std::vector<std::string>{"<unk>", "here", "there"});
  columns[1].counts = {0, 120, 110};
  columns[2].name = "words";
  columns[2].role = ColumnRole::target;
  columns[2].kind = ColumnKind::word;
  columns[2].scope = ColumnScope::own;
  columns[2].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::word, std::vector<std::string>{"<unk>", std::string(SymbolVocabulary::end_name),
                                                 "more", "less", "very", "here", "there"});
  columns[2].counts = {0, 200, 150, 150, 80, 110, 100};
  return columns;
}

// Splits of 230, 31 and 17 sequences of 1 to `longest` rows, some of whose targets are not given:
// of each row whether its first number is more or less, very much so at times, and then the place.
// One process calls it.
inline std::filesystem::path caption_data(const std::filesystem::path& folder,
                                          std::uint64_t longest) {
  const RandomStream random(27, Purpose::test);
  std::uint64_t drawn = 0;
  NamedState small;
  save_columns(made_up_caption_columns(), small);
  small.texts["description"] = R"({"task": "caption"})";
  constexpr std::uint8_t end = 1, more = 2, less = 3, very = 4, not_given = 7;
  struct Split {
    std::vector<double> sizes;
    std::vector<std::uint8_t> places, words;
  };
  std::vector<DatasetWriter::Large> large;
  std::vector<Split> splits;
  const std::pair<const char*, std::int64_t> counts[] = {
      {"train", 230}, {"validation", 31}, {"test", 17}};
  for (const auto& [name, count] : counts) {
    std::vector<std::int64_t> starts{0}, target_starts{0};
    Split& split = splits.emplace_back();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto length = static_cast<std::int64_t>(1 + random.below(longest, drawn++));
      const bool is_given = i % 10 != 7;
      split.places.push_back(static_cast<std::uint8_t>(1 + random.below(2, drawn++)));
      for (std::int64_t t = 0; t < length; ++t) {
        const double first = random.uniform(drawn++);
        split.sizes.insert(split.sizes.end(),
                           {first, random.uniform(drawn) - 1, -3 * random.uniform(drawn + 1)});
        drawn += 2;
        if (!is_given) continue;
        if (first > 0.8 || first < 0.2) split.words.push_back(very);
        split.words.push_back(first > 0.5 ? more : less);
      }
      if (is_given) split.words.push_back(static_cast<std::uint8_t>(very + split.places.back()));
      split.words.push_back(is_given ? end : not_given);
      starts.push_back(starts.back() + length);
      target_starts.push_back(static_cast<std::int64_t>(split.words.size()));
    }
    const std::string of = name;
    small.put<std::int64_t>(of + "/starts", starts, {starts.size()});
    small.put<std::int64_t>(of + "/target_starts", target_starts, {target_starts.size()});
    large.push_back({of + "/columns/0", ElementType::float64, split.sizes.size()});
    large.push_back({of + "/columns/1", ElementType::uint8, split.places.size()});
    large.push_back({of + "/columns/2", ElementType::uint8, split.words.size()});
  }
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / fmt::format("captions-{}.h5", longest);
  DatasetWriter writer(file, small, large);
  for (std::size_t s = 0; s < splits.size(); ++s) {
    writer.append(3 * s, std::as_bytes(std::span(splits[s].sizes)));
    writer.append(3 * s + 1, std::as_bytes(std::span(splits[s].places)));
    writer.append(3 * s + 2, std::as_bytes(std::span(splits[s].words)));
  }
  writer.finish();
  return file;
}

}  // namespace rondo::test
