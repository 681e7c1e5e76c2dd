#include "data/tables/columns/table_kinds.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

bool is_text(ColumnKind kind) {
  return kind == ColumnKind::character || kind == ColumnKind::word || kind == ColumnKind::subword;
}

bool is_target(const TableRole& role) { return role.role == ColumnRole::target; }

}  // namespace

bool TableKinds::is_number(std::size_t i) const {
  return is_target(roles_[i]) && options_.says_numbers();
}

bool TableKinds::may_be_files(std::size_t i) const {
  const TableRole& role = roles_[i];
  if (role.files != nullptr || role.kind || role.numeric || role.letters) {
    return role.files != nullptr;
  }
  return (role.role == ColumnRole::source || role.role == ColumnRole::constant) &&
         guesses_[i].files() != nullptr;
}

const FileKind* TableKinds::files_of(std::size_t i) const {
  return roles_[i].files != nullptr ? roles_[i].files
         : may_be_files(i)          ? guesses_[i].files()
                                    : nullptr;
}

// Of a target that is a sequence of its own.
ColumnKind TableKinds::kind_of_said(std::size_t i) const {
  const TableRole& role = roles_[i];
  const ColumnKind kind = role.kind ? *role.kind : guesses_[i].kind_of_text();
  if (is_text(kind)) return kind;
  throw_input("--target {}: --task {} says char, word or subword, not {}", role.name, options_.task,
              name_of(kind));
}

// Of a target that each step has: where rows are steps a cell is one class; of an array each number
// is one; else it has as many characters or words as the source.
ColumnKind TableKinds::kind_of_step_target(std::size_t i) const {
  const TableRole& role = roles_[i];
  const bool by_rows = !options_.group.empty();
  const ColumnKind of_source = kind_of(0);
  const ColumnKind kind = role.kind                 ? *role.kind
                          : by_rows || role.numeric ? ColumnKind::category
                          : is_text(of_source)      ? of_source
                                                    : ColumnKind::word;
  if (kind == ColumnKind::real || kind == ColumnKind::labels || kind == ColumnKind::subword) {
    throw_input("--target {}: --task {} says a class for each step, not {}", role.name,
                options_.task, name_of(kind));
  }
  if (by_rows) return ColumnKind::category;
  if (kind == ColumnKind::category && !role.numeric) {
    throw_input(
        "--target {}: a row is a sequence here, and --task {} says a class for each of its "
        "steps: "
        "as a word ({}:word) or a character ({}:char) each, or with --group NAME, where a row is "
        "a step",
        role.name, options_.task, role.name, role.name);
  }
  return kind;
}

ColumnKind TableKinds::guessed_kind(std::size_t i) const {
  if (may_be_files(i)) return ColumnKind::real;
  const ColumnRole role = roles_[i].role;
  const bool by_rows = !options_.group.empty();
  if (options_.says == TableTargets::sequences && role == ColumnRole::source &&
      !roles_[i].numeric) {
    return guesses_[i].kind_of_text();
  }
  const ColumnKind kind =
      guesses_[i].kind(role == ColumnRole::constant || by_rows || options_.is_series());
  // What is told step by step is told of words.
  const bool of_words = kind == ColumnKind::category && role == ColumnRole::source &&
                        options_.says_steps() && by_rows;
  return of_words ? ColumnKind::word : kind;
}

ColumnKind TableKinds::kind_of(std::size_t i) const {
  const TableRole& role = roles_[i];
  const bool says_steps = is_target(role) && options_.says_steps();
  const bool says_own = is_target(role) && options_.says_sequences();
  const ColumnKind kind = says_steps        ? kind_of_step_target(i)
                          : says_own        ? kind_of_said(i)
                          : role.kind       ? *role.kind
                          : is_number(i)    ? ColumnKind::real
                          : is_target(role) ? ColumnKind::category
                                            : guessed_kind(i);
  const bool is_read_by_steps = role.role == ColumnRole::source || role.role == ColumnRole::known;
  if (options_.is_series() && is_read_by_steps && kind != ColumnKind::real) {
    throw_input("--{} {}: a series has numbers at each step, not {}", name_of(role.role), role.name,
                name_of(kind));
  }
  if (is_number(i)) {
    if (kind == ColumnKind::real) return kind;
    throw_input("--target {}: --task {} says numbers, not {}", role.name, options_.task,
                name_of(kind));
  }
  const bool is_class = kind == ColumnKind::category || kind == ColumnKind::labels;
  if (role.role == ColumnRole::target && !is_class && !says_steps && !says_own) {
    throw_input("--target {}: --task {} says a class or labels, not {}", role.name, options_.task,
                name_of(kind));
  }
  if (role.role != ColumnRole::target && kind == ColumnKind::labels) {
    throw_input("--{} {}: labels are for --target", name_of(role.role), role.name);
  }
  if (role.role == ColumnRole::target && !role.kind && kind == ColumnKind::category &&
      guesses_[i].mostly_different()) {
    throw_input(
        "--target {}: most of its values stand there once, which is no class: name another "
        "column, take --task regress if they are numbers, or say {}:class if they are classes, "
        "{}:labels if a cell has several with ; or | between them",
        role.name, role.name, role.name);
  }
  if (role.role == ColumnRole::source && is_text(kind) && options_.says_captions()) {
    throw_input(
        "--source {}: --task {} reads numbers or classes, and this is a text, which --task "
        "transduce reads; say {}:class if it is one of a few names",
        role.name, options_.task, role.name);
  }
  if (role.role == ColumnRole::constant && is_text(kind)) {
    throw_input("--static {}: one value of a sequence is real or class, not {}", role.name,
                name_of(kind));
  }
  if (role.numeric && (is_text(kind) || kind == ColumnKind::labels)) {
    throw_input("'{}' holds numbers: its kind is real or class, not {}", role.name, name_of(kind));
  }
  return kind;
}

}  // namespace rondo
