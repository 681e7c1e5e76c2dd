#include "tasks/decoding/language/ngram_text_models.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "rondo/core/errors.hpp"
#include "tasks/decoding/spelling.hpp"

namespace rondo::tasks {
namespace {

NgramState state_behind(const Ngrams& model, Ngrams::Context context) {
  Ngrams::Found found = model.find(context);
  return {std::move(context), std::move(found)};
}

bool is_white_space(std::string_view name) {
  return name.find_first_not_of(" \t\n") == std::string_view::npos;
}

// The model's own name of a symbol that is a blank; empty: it has none.
std::string name_of_blank(const Ngrams& model, const Column& said) {
  for (const char* name : {"<space>", "\u2581"}) {
    if (model.knows(name)) return name;
  }
  const std::string bar = "|";
  for (std::size_t i = 0; i < static_cast<std::size_t>(said.vocabulary->size()); ++i) {
    if (said.symbol_name(i) == bar) return "";
  }
  return model.knows(bar) ? bar : "";
}

}  // namespace

SymbolNgrams::SymbolNgrams(Ngrams model, const Column& said, const std::string& where)
    : model_(std::move(model)) {
  const std::vector<std::int32_t> never = usual_spelling(said).never;
  for (std::int32_t symbol = 0; symbol < said.vocabulary->size(); ++symbol) {
    words_.push_back(-1);
    if (std::ranges::find(never, symbol) != never.end()) continue;
    const std::string name = said.symbol_name(static_cast<std::size_t>(symbol));
    words_.back() = model_.word(name == " " ? name_of_blank(model_, said) : name);
    if (words_.back() >= 0) continue;
    throw_input("{} is an n-gram model that does not know \"{}\", which is among what is spelt{}",
                where, name, name == " " ? ": it would be called <space>" : "");
  }
}

NgramState SymbolNgrams::first() const { return state_behind(model_, model_.first()); }

NgramState SymbolNgrams::after(const NgramState& before, std::int32_t symbol) const {
  return state_behind(model_,
                      model_.after(before.context, words_[static_cast<std::size_t>(symbol)]));
}

void SymbolNgrams::next_after(const NgramState& state, std::span<double> to) const {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = words_[i] < 0 ? impossible : model_.log_probability(state.found, words_[i]);
  }
}

WordNgrams::WordNgrams(Ngrams model, const Column& said) : model_(std::move(model)) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(said.vocabulary->size()); ++i) {
    const std::string name = said.symbol_name(i);
    names_.push_back(is_white_space(name) ? "" : name);
  }
}

NgramState WordNgrams::first() const { return state_behind(model_, model_.first()); }

NgramState WordNgrams::after(const NgramState& before, std::int32_t symbol) const {
  NgramState state = before;
  const std::string& name = names_[static_cast<std::size_t>(symbol)];
  state.word += name;
  if (!name.empty() || state.word.empty()) return state;
  return state_behind(model_, model_.after(before.context, model_.word(before.word)));
}

void WordNgrams::next_after(const NgramState& state, std::span<double> to) const {
  const double of_word =
      state.word.empty() ? 0 : model_.log_probability(state.found, model_.word(state.word));
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = names_[i].empty() ? of_word : 0;
}

double WordNgrams::end_after(const NgramState& state) const {
  if (state.word.empty()) return model_.end(state.found);
  const std::int32_t word = model_.word(state.word);
  const Ngrams::Found behind = model_.find(model_.after(state.context, word));
  return model_.log_probability(state.found, word) + model_.end(behind);
}

std::unique_ptr<TextModel> ngram_text_model(Ngrams model, const Column& said,
                                            const std::string& where) {
  if (said.kind == ColumnKind::subword) {
    throw_input("{} is an n-gram model, and texts that are spelt by subwords take none", where);
  }
  if (said.kind == ColumnKind::character && !model.is_of_characters()) {
    return std::make_unique<WordNgrams>(std::move(model), said);
  }
  return std::make_unique<SymbolNgrams>(std::move(model), said, where);
}

}  // namespace rondo::tasks
