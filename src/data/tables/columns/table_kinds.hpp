// What a table's columns are: the kinds that are said, those that are guessed, and which of them a
// task takes.
#pragma once

#include <vector>

#include "data/tables/columns/kind_guess.hpp"
#include "data/tables/columns/table_roles.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// All that is given outlives it.
class TableKinds {
 public:
  TableKinds(const TableOptions& options, const std::vector<TableRole>& roles,
             const std::vector<KindGuess>& guesses)
      : options_(options), roles_(roles), guesses_(guesses) {}

  // Of column `i`. InputError, with what to say in its place, for a kind that its role and the task
  // do not take.
  ColumnKind kind_of(std::size_t i) const;
  // Whether it is a target that is a number.
  bool is_number(std::size_t i) const;
  // Whether it holds paths of files; where nobody says, the endings of its cells tell.
  bool may_be_files(std::size_t i) const;
  // Of which kind; null: of none.
  const FileKind* files_of(std::size_t i) const;

 private:
  ColumnKind kind_of_said(std::size_t i) const;
  ColumnKind kind_of_step_target(std::size_t i) const;
  ColumnKind guessed_kind(std::size_t i) const;

  const TableOptions& options_;
  const std::vector<TableRole>& roles_;
  const std::vector<KindGuess>& guesses_;
};

}  // namespace rondo
