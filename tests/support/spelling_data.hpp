// A made-up data set of what steps spell: two numbers a frame, and the letters that they mean.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo::test {

// Columns: sizes (source, 2 wide), text (target, with steps of its own).
inline Columns made_up_spelling_columns() {
  Columns columns(2);
  columns[0].name = "sizes";
  columns[0].kind = ColumnKind::real;
  columns[0].width = 2;
  columns[0].mean = {0.4, 0.5};
  columns[0].deviation = {0.6, 0.7};
  columns[1].name = "text";
  columns[1].role = ColumnRole::target;
  columns[1].scope = ColumnScope::own;
  columns[1].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::character,
      std::vector<std::string>{"<unk>", std::string(SymbolVocabulary::end_name), "a", "b", "c"});
  columns[1].counts.assign(5, 10);
  return columns;
}

// Splits of 230, 31 and 17 sequences of 2 to some 50 frames. Of each ten texts one is not given,
// one is empty, and one needs more steps than there are. One process calls it.
inline std::filesystem::path spelling_data(const std::filesystem::path& folder) {
  const RandomStream random(27, Purpose::test);
  std::uint64_t drawn = 0;
  NamedState small;
  save_columns(made_up_spelling_columns(), small);
  small.texts["description"] = R"({"task": "transcribe"})";
  constexpr std::uint8_t end = 1, a = 2, not_given = 5;
  std::vector<DatasetWriter::Large> large;
  std::vector<std::vector<double>> sizes;
  std::vector<std::vector<std::uint8_t>> texts;
  const std::pair<const char*, std::int64_t> splits[] = {
      {"train", 230}, {"validation", 31}, {"test", 17}};
  for (const auto& [split, count] : splits) {
    std::vector<std::int64_t> starts{0}, target_starts{0};
    std::vector<double>& numbers = sizes.emplace_back();
    std::vector<std::uint8_t>& text = texts.emplace_back();
    const auto frame = [&](double x, double y) {
      numbers.push_back(x + 0.2 * random.uniform(drawn++));
      numbers.push_back(y + 0.2 * random.uniform(drawn++));
    };
    for (std::int64_t i = 0; i < count; ++i) {
      const bool is_given = i % 10 != 7, is_empty = i % 10 == 2, is_too_long = i % 10 == 5;
      const std::uint64_t letters = is_empty ? 0 : 1 + random.below(i % 9 == 0 ? 9 : 5, drawn++);
      for (std::uint64_t n = 0; n < letters; ++n) {
        const std::uint64_t letter = random.below(3, drawn++);
        for (std::uint64_t f = 2 + random.below(3, drawn++); f > 0; --f) {
          frame(letter == 0 ? 1 : 0, letter == 1 ? 1 : 0);
        }
        frame(1, 1);
        if (is_given) text.push_back(static_cast<std::uint8_t>(a + letter));
      }
      frame(1, 1);
      frame(1, 1);
      if (is_given && is_too_long) text.insert(text.end(), 60, a);
      text.push_back(is_given ? end : not_given);
      starts.push_back(static_cast<std::int64_t>(numbers.size() / 2));
      target_starts.push_back(static_cast<std::int64_t>(text.size()));
    }
    const std::string name = split;
    small.put<std::int64_t>(name + "/starts", starts, {starts.size()});
    small.put<std::int64_t>(name + "/target_starts", target_starts, {target_starts.size()});
    large.push_back({name + "/columns/0", ElementType::float64, numbers.size()});
    large.push_back({name + "/columns/1", ElementType::uint8, text.size()});
  }
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / "spellings.h5";
  DatasetWriter writer(file, small, large);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    writer.append(2 * i, std::as_bytes(std::span(sizes[i])));
    writer.append(2 * i + 1, std::as_bytes(std::span(texts[i])));
  }
  writer.finish();
  return file;
}

}  // namespace rondo::test
