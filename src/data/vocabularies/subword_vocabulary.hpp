// Subwords as tokens: pieces of words that a model has learned from the train split, and the 256
// bytes for all that no piece stands for. Nothing is unknown.
#pragma once

#include <cstdint>
#include <vector>

#include "data/levels/subword_model.hpp"
#include "rondo/data/vocabulary.hpp"

namespace rondo {

class SubwordVocabulary final : public Vocabulary {
 public:
  static constexpr LevelTraits level_traits{"subword", "subwords", false, false};

  explicit SubwordVocabulary(SubwordModel model) : model_(std::move(model)) {}

  const LevelTraits& traits() const override { return level_traits; }
  int size() const override { return model_.size(); }
  // A single space at the end of the text is left out: pieces begin with the space before them, so
  // that it belongs to what comes.
  std::vector<std::int32_t> encode(std::string_view text) const override;
  std::vector<std::string> unknown_in(std::string_view) const override { return {}; }
  std::int32_t unknown() const override { return model_.unknown(); }
  std::int32_t end() const override { return model_.end(); }
  // Bytes that do not end a character yet are kept back; those that cannot become one are printed
  // as U+FFFD.
  std::unique_ptr<Printer> printer() const override;

  void save(NamedState& state) const override;  // "vocabulary/subword_model"
  static SubwordVocabulary load(const NamedState& state);
  static bool is_in(const NamedState& state);

  // Appends the tokens of a chunk (data/chunks.hpp).
  void encode_chunk(std::string_view chunk, std::vector<std::int32_t>& tokens) const;

 private:
  SubwordModel model_;
};

}  // namespace rondo
