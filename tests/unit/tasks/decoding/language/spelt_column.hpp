// A column of texts that steps spell.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/data/columns.hpp"

namespace rondo::test {

// Behind <unk> and <eos>, numbers 0 and 1, these symbols.
inline Column spelt_column(const std::vector<std::string>& symbols,
                           ColumnKind kind = ColumnKind::character) {
  std::vector<std::string> names{std::string(SymbolVocabulary::unknown_name),
                                 std::string(SymbolVocabulary::end_name)};
  names.insert(names.end(), symbols.begin(), symbols.end());
  Column column;
  column.name = "text";
  column.role = ColumnRole::target;
  column.kind = kind;
  column.scope = ColumnScope::own;
  column.vocabulary = std::make_shared<SymbolVocabulary>(kind, std::move(names));
  return column;
}

}  // namespace rondo::test
