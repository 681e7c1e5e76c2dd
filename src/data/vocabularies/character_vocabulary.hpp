// Unicode code points as tokens.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "rondo/data/vocabulary.hpp"

namespace rondo {

class CharacterVocabulary final : public Vocabulary {
 public:
  static constexpr LevelTraits level_traits{"char", "characters", true, false};

  // InputError unless they are different Unicode characters, at least one.
  explicit CharacterVocabulary(std::vector<std::int32_t> code_points);

  const LevelTraits& traits() const override { return level_traits; }
  int size() const override { return static_cast<int>(code_points_.size()); }
  std::vector<std::int32_t> encode(std::string_view text) const override;
  std::vector<std::string> unknown_in(std::string_view) const override { return {}; }
  std::int32_t unknown() const override { return -1; }
  std::unique_ptr<Printer> printer() const override;
  void save(NamedState& state) const override;  // "vocabulary/code_points"
  static CharacterVocabulary load(const NamedState& state);

  // Token of a code point, -1 if unknown.
  std::int32_t token(std::int32_t code_point) const;
  std::int32_t code_point(std::int32_t token) const {
    return code_points_[static_cast<std::size_t>(token)];
  }
  const std::vector<std::int32_t>& code_points() const { return code_points_; }

 private:
  std::vector<std::int32_t> code_points_;
  std::vector<std::pair<std::int32_t, std::int32_t>> by_code_point_;
};

}  // namespace rondo
