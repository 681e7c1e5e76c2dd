#include "train/saved/word_vectors.hpp"

#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <string_view>
#include <system_error>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "rondo/data/packed_windows.hpp"

namespace rondo {
namespace {

struct WordTable {
  TokenTable table;
  const Column& column;
};

WordTable word_table(const NetworkPlan& plan, const Columns& columns) {
  for (const TokenTable& table : plan.tables()) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Column& column = columns[i];
      if (column.is_real() || column.is_target()) continue;
      if (column.vocabulary->traits().are_characters) continue;
      if (token_column(columns, i) == table.column) return {table, column};
    }
  }
  throw_input("--vectors are for a column of words, and the data set has none");
}

bool is_whole_number(std::string_view part) {
  return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
}

// "400000 100", in front of what word2vec writes.
bool is_heading(std::string_view line) {
  return is_whole_number(next_word(line)) && is_whole_number(next_word(line)) &&
         next_word(line).empty();
}

}  // namespace

TokenTable table_of_words(const NetworkPlan& plan, const Columns& columns) {
  return word_table(plan, columns).table;
}

template <class Real>
VectorsRead read_word_vectors(const std::filesystem::path& path, const NetworkPlan& plan,
                              const Columns& columns, NamedState& parameters) {
  const auto [table, column] = word_table(plan, columns);
  std::map<std::string, std::size_t, std::less<>> rows;
  for (std::size_t i = 0; i < static_cast<std::size_t>(table.rows); ++i) {
    rows.emplace(column.symbol_name(i), i);
  }
  const std::string name = "parameters/" + plan.layout()[table.segment].name;
  auto* const values = reinterpret_cast<Real*>(parameters.arrays().at(name).bytes.data());
  std::ifstream file(path, std::ios::binary);
  if (!file) throw_input("{} cannot be read", path.string());

  VectorsRead read{column.name, 0, table.rows};
  const auto width = static_cast<std::size_t>(table.width);
  std::vector<double> numbers;
  std::vector<bool> given(static_cast<std::size_t>(table.rows));
  std::int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (++number == 1 && is_heading(line)) continue;
    std::string_view rest = line;
    const std::string_view word = next_word(rest);
    if (word.empty()) continue;
    numbers.clear();
    for (std::string_view part = next_word(rest); !part.empty(); part = next_word(rest)) {
      double value = 0;
      const auto [end, error] = std::from_chars(part.begin(), part.end(), value);
      if (error != std::errc() || end != part.end() || !std::isfinite(static_cast<Real>(value))) {
        throw_input("{}, line {}: {} behind '{}' is no number", path.string(), number, quoted(part),
                    word);
      }
      numbers.push_back(value);
    }
    if (numbers.size() != width) {
      throw_input(
          "{}, line {}: '{}' has {} numbers, and an embedding is {} wide: give --embedding {}",
          path.string(), number, word, numbers.size(), width, numbers.size());
    }
    const auto row = rows.find(word);
    if (row == rows.end() || given[row->second]) continue;
    given[row->second] = true;
    ++read.found;
    for (std::size_t i = 0; i < width; ++i) {
      values[row->second * width + i] = static_cast<Real>(numbers[i]);
    }
  }
  if (file.bad()) throw_input("{} cannot be read to its end", path.string());
  if (read.found == 0) {
    throw_input("{} has none of the {} words of '{}': are they written alike?", path.string(),
                table.rows, column.name);
  }
  return read;
}

template VectorsRead read_word_vectors<float>(const std::filesystem::path&, const NetworkPlan&,
                                              const Columns&, NamedState&);
template VectorsRead read_word_vectors<double>(const std::filesystem::path&, const NetworkPlan&,
                                               const Columns&, NamedState&);

}  // namespace rondo
