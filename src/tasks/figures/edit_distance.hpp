// How far what is said is from what was given: the fewest symbols that have to be put in, left out
// or exchanged (Levenshtein).
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace rondo::tasks {

// Memory and time: one row of, and as the product of both lengths.
template <class Symbol>
std::int64_t edit_distance(std::span<const Symbol> given, std::span<const Symbol> said) {
  std::vector<std::int64_t> row(said.size() + 1);  // from the given ones so far to so many said
  std::iota(row.begin(), row.end(), 0);
  for (const Symbol& symbol : given) {
    std::int64_t exchanged = row[0]++;
    for (std::size_t i = 0; i < said.size(); ++i) {
      const std::int64_t kept = exchanged + (symbol == said[i] ? 0 : 1);
      exchanged = row[i + 1];
      row[i + 1] = std::min({kept, row[i] + 1, exchanged + 1});
    }
  }
  return row.back();
}

// Of many: a rate is edits / given, which may be more than 1.
struct EditCounts {
  std::int64_t edits = 0, given = 0;

  template <class Symbol>
  void add(std::span<const Symbol> right, std::span<const Symbol> said) {
    edits += edit_distance(right, said);
    given += static_cast<std::int64_t>(right.size());
  }
  EditCounts& operator+=(const EditCounts& other) {
    edits += other.edits;
    given += other.given;
    return *this;
  }
  double rate() const {
    return given > 0 ? static_cast<double>(edits) / static_cast<double>(given) : 0;
  }
};

}  // namespace rondo::tasks
