#include "data/tables/columns/kind_guess.hpp"

#include <algorithm>

#include "data/tables/values/cell_values.hpp"
#include "data/text/utf8.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_different = 100'000;  // that are looked at
constexpr std::int64_t short_text = 20;           // characters
constexpr std::int64_t letters_a_blank = 8;       // in the mean, where a text is more than words

}  // namespace

void KindGuess::look(const Cell& cell) {
  if (!cell.numbers.empty()) {
    numbers_a_cell_ = static_cast<std::int64_t>(cell.numbers.size());
    width_ = cell.width;
  }
  std::string storage;
  const std::string_view name = name_in(cell, storage);
  // Missing: a complaint comes when it is read. In a column of names NA may be one.
  if (is_missing_number(name)) return;
  ++cells_;
  if (!cell.numbers.empty()) {
    ++numbers_;
    same_files_ = false;
  } else {
    if (number_in(name)) ++numbers_;
    look_at_ending(name);
    characters_ += utf8::length(name);
    blanks_ += std::ranges::count(name, ' ');
  }
  if (counts_different_ && different() < most_different && !different_.contains(name))
    different_.emplace(name);
}

void KindGuess::look_at_ending(std::string_view name) {
  if (!same_files_) return;
  const FileKind* own = file_kind_of(name);
  same_files_ = own != nullptr && (files_ == nullptr || files_ == own);
  files_ = own;
}

ColumnKind KindGuess::kind(bool one_value) const {
  if (numbers_ == cells_) return ColumnKind::real;
  return one_value ? ColumnKind::category : kind_of_text();
}

ColumnKind KindGuess::kind_of_text() const {
  const bool is_short = characters_ < short_text * cells_;
  const bool few_blanks = blanks_ * letters_a_blank < characters_;
  return is_short && few_blanks ? ColumnKind::character : ColumnKind::word;
}

bool KindGuess::mostly_different() const {
  constexpr std::int64_t enough = 50;  // different values
  return different() == most_different || (different() > enough && different() * 2 > cells_);
}

}  // namespace rondo
