// Symbols of a column: characters, words between white space, or classes, each known by its name.
// What is not among them is the symbol <unk>, where there is one. <eos>, where it is one of them,
// ends what is said.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/data/columns.hpp"

namespace rondo {

// Calls use(name) for each symbol of a text; of classes the whole text is one. InputError for
// invalid UTF-8.
void for_each_symbol(ColumnKind kind, std::string_view text,
                     const std::function<void(std::string_view)>& use);

class SymbolVocabulary final : public Vocabulary {
 public:
  static constexpr std::string_view unknown_name = "<unk>";
  static constexpr std::string_view end_name = "<eos>";
  static constexpr std::string_view missing_name = "<missing>";  // of values that are masked

  // InputError unless there are names, all different, not empty, and in UTF-8. `kind`: not real.
  SymbolVocabulary(ColumnKind kind, std::vector<std::string> names);
  // Its index points into its own names.
  SymbolVocabulary(SymbolVocabulary&&) = default;

  const LevelTraits& traits() const override { return traits_; }
  int size() const override { return static_cast<int>(names_.size()); }
  // InputError for what is unknown where no symbol stands for it.
  std::vector<std::int32_t> encode(std::string_view text) const override;
  std::vector<std::string> unknown_in(std::string_view text) const override;
  std::int32_t unknown() const override { return unknown_; }
  std::int32_t end() const override { return end_; }
  std::unique_ptr<Printer> printer() const override;
  // "vocabulary/names", uint8: all names; "vocabulary/ends", int64: where each ends.
  void save(NamedState& state) const override;
  static SymbolVocabulary load(ColumnKind kind, const NamedState& state);

  // Number of a symbol; -1 where it is not among them.
  std::int32_t find(std::string_view name) const;
  const std::string& name(std::int32_t symbol) const {
    return names_[static_cast<std::size_t>(symbol)];
  }

 private:
  ColumnKind kind_;
  LevelTraits traits_;
  std::vector<std::string> names_;
  std::vector<std::int32_t> by_name_;  // symbols in bytewise order of their names
  std::int32_t unknown_ = -1, end_ = -1;
};

}  // namespace rondo
