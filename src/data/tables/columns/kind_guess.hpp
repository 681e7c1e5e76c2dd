// What a column seems to be, after a look at all its cells.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "data/features/file_features.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/data/columns.hpp"

namespace rondo {

class KindGuess {
 public:
  // `counts_different`: of a target. Of other columns nobody asks, and their values are many.
  explicit KindGuess(bool counts_different) : counts_different_(counts_different) {}

  void look(const Cell& cell);

  // Of a column that is read and has one value a step or sequence where `one_value`, else of one
  // whose cells are sequences.
  ColumnKind kind(bool one_value) const;
  // Of files, by whose endings all cells are paths of such; nullptr: they are none.
  const FileKind* files() const { return cells_ > 0 && same_files_ ? files_ : nullptr; }
  // Of one whose cells are texts, be they numbers too.
  ColumnKind kind_of_text() const;
  // Whether a target's values are too many to be classes: more than half of them differ.
  bool mostly_different() const;
  std::int64_t different() const { return static_cast<std::int64_t>(different_.size()); }
  std::int64_t numbers_a_cell() const { return numbers_a_cell_; }
  int width() const { return width_; }

 private:
  void look_at_ending(std::string_view name);

  bool counts_different_;
  std::int64_t cells_ = 0, numbers_ = 0, characters_ = 0, blanks_ = 0;
  std::int64_t numbers_a_cell_ = 1;
  int width_ = 1;
  const FileKind* files_ = nullptr;
  bool same_files_ = true;
  std::set<std::string, std::less<>> different_;  // the first ones
};

}  // namespace rondo
