// A made-up data set of pairs: letters, and how they sound.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/columns.hpp"
#include "write_values.hpp"

namespace rondo::test {

// Columns: letters (source), phones (target, with steps of its own).
inline Columns made_up_pair_columns() {
  Columns columns(2);
  columns[0].name = "letters";
  columns[0].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::character, std::vector<std::string>{"<unk>", "a", "b", "c", "d", "e", "x"});
  columns[0].counts.assign(7, 10);
  columns[1].name = "phones";
  columns[1].role = ColumnRole::target;
  columns[1].kind = ColumnKind::word;
  columns[1].scope = ColumnScope::own;
  columns[1].vocabulary = std::make_shared<SymbolVocabulary>(
      ColumnKind::word, std::vector<std::string>{"<unk>", std::string(SymbolVocabulary::end_name),
                                                 "A", "B", "K", "D", "E", "S"});
  columns[1].counts.assign(8, 10);
  return columns;
}

// Splits of 230, 31 and 17 pairs of 1 to 12 letters, some of whose targets are not given: an x says
// two phones, an e at the end says none. One process calls it.
inline std::filesystem::path pair_data(const std::filesystem::path& folder) {
  const RandomStream random(23, Purpose::test);
  std::uint64_t drawn = 0;
  NamedState small;
  save_columns(made_up_pair_columns(), small);
  small.texts["description"] = R"({"task": "transduce"})";
  constexpr std::uint8_t end = 1, k = 4, s = 7, not_given = 8;
  std::vector<DatasetWriter::Large> large;
  std::vector<std::vector<std::uint8_t>> values;
  const std::pair<const char*, std::int64_t> splits[] = {
      {"train", 230}, {"validation", 31}, {"test", 17}};
  for (const auto& [split, count] : splits) {
    std::vector<std::int64_t> starts{0}, target_starts{0};
    std::vector<std::uint8_t> letters, phones;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto length = static_cast<std::int64_t>(1 + random.below(i % 9 == 0 ? 12 : 6, drawn++));
      const bool is_given = i % 10 != 7;
      for (std::int64_t t = 0; t < length; ++t) {
        const auto letter = static_cast<std::uint8_t>(1 + random.below(6, drawn++));
        letters.push_back(letter);
        if (!is_given || (letter == 5 && t + 1 == length)) continue;
        if (letter == 6) phones.push_back(k);
        phones.push_back(letter == 6 ? s : static_cast<std::uint8_t>(letter + 1));
      }
      phones.push_back(is_given ? end : not_given);
      starts.push_back(static_cast<std::int64_t>(letters.size()));
      target_starts.push_back(static_cast<std::int64_t>(phones.size()));
    }
    const std::string name = split;
    small.put<std::int64_t>(name + "/starts", starts, {starts.size()});
    small.put<std::int64_t>(name + "/target_starts", target_starts, {target_starts.size()});
    large.push_back({name + "/columns/0", ElementType::uint8, letters.size()});
    large.push_back({name + "/columns/1", ElementType::uint8, phones.size()});
    values.push_back(std::move(letters));
    values.push_back(std::move(phones));
  }
  return write_values(folder, "pairs.h5", small, large, values);
}

}  // namespace rondo::test
