#include "data/tables/columns/text_columns.hpp"

#include "rondo/core/errors.hpp"

namespace rondo {

void check_text_columns(const TableOptions& options, const Columns& columns) {
  const Column* subwords = nullptr;
  const Column *read = nullptr, *said = nullptr;
  std::size_t by_steps = 0;
  for (const Column& column : columns) {
    if (column.kind == ColumnKind::subword) subwords = &column;
    if (column.has_own_steps()) said = &column;
    if (column.role != ColumnRole::source) continue;
    ++by_steps;
    if (read == nullptr && column.is_text()) read = &column;
    if (column.kind != ColumnKind::subword) continue;
    if (!options.group.empty()) {
      throw_input("--source {}: where rows are steps each is one symbol, not subwords",
                  column.name);
    }
  }
  const bool reads_subwords = read != nullptr && read->kind == ColumnKind::subword;
  if (by_steps > 1 && (reads_subwords || (subwords != nullptr && !subwords->is_target()))) {
    throw_input(
        "--source {}: subwords are steps of no other column, so that nothing is read beside "
        "them: give one --source, or another kind",
        subwords->name);
  }
  if (options.subword_model && subwords == nullptr) {
    throw_input("--subword-model is for columns of the kind subword, and there is none");
  }
  if (!options.shared_vocabulary) return;
  if (read == nullptr || said == nullptr) {
    throw_input("--shared-vocabulary is of a source and a target that are texts both");
  }
  if (read->kind != said->kind) {
    throw_input(
        "--shared-vocabulary needs a source and a target of one kind: '{}' is {}, and '{}' is "
        "{}; say {}:{}",
        read->name, name_of(read->kind), said->name, name_of(said->kind), read->name,
        name_of(said->kind));
  }
}

}  // namespace rondo
