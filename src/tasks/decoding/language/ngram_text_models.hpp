// Texts of a column, as an n-gram model of their symbols or of their words sees them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "tasks/decoding/language/ngrams.hpp"
#include "tasks/decoding/language/text_model.hpp"

namespace rondo::tasks {

// What stands behind what was said.
struct NgramState {
  Ngrams::Context context;
  Ngrams::Found found;
  std::string word = {};  // of a model of words: the one that has not ended
};

// Each symbol is a word of the model, by its name; a blank is called <space>, U+2581 or, where it
// is no symbol itself, |.
class SymbolNgrams final : public StatesOfTexts<NgramState> {
 public:
  // InputError, with `where` in front, for a symbol that the model neither knows nor has an <unk>
  // for.
  SymbolNgrams(Ngrams model, const Column& said, const std::string& where);

 protected:
  NgramState first() const override;
  NgramState after(const NgramState& before, std::int32_t symbol) const override;
  void next_after(const NgramState& state, std::span<double> to) const override;
  double end_after(const NgramState& state) const override { return model_.end(state.found); }

 private:
  Ngrams model_;
  std::vector<std::int32_t> words_;  // of each symbol; -1: one that is never said
};

// Of symbols that are characters: a word is what stands between white space, and counts where the
// white space behind it, or the text's end, is said.
class WordNgrams final : public StatesOfTexts<NgramState> {
 public:
  WordNgrams(Ngrams model, const Column& said);

 protected:
  NgramState first() const override;
  NgramState after(const NgramState& before, std::int32_t symbol) const override;
  void next_after(const NgramState& state, std::span<double> to) const override;
  double end_after(const NgramState& state) const override;

 private:
  Ngrams model_;
  std::vector<std::string> names_;  // of the symbols; empty: white space
};

// One of the two, as the model's words and the column's symbols are: of words where the symbols are
// characters and not all words of the model are. InputError for subwords, and as above.
std::unique_ptr<TextModel> ngram_text_model(Ngrams model, const Column& said,
                                            const std::string& where);

}  // namespace rondo::tasks
