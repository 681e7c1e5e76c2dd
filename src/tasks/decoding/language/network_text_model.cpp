#include "tasks/decoding/language/network_text_model.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "rondo/core/errors.hpp"
#include "tasks/decoding/opinions.hpp"
#include "tasks/decoding/spelling.hpp"

namespace rondo::tasks {
namespace {

// The one token that a text is to the vocabulary; -1: it is none.
std::int32_t token_of(const Vocabulary& vocabulary, const std::string& text) {
  try {
    const std::vector<std::int32_t> tokens = vocabulary.encode(text);
    return tokens.size() == 1 ? tokens.front() : -1;
  } catch (const InputError&) {  // unknown, and nothing stands for what is
    return -1;
  }
}

}  // namespace

TokensOfTexts tokens_of_texts(const Column& said, const Vocabulary& model, std::int32_t start,
                              const std::string& where) {
  if (std::string_view(model.level()) != name_of(said.kind) || said.kind == ColumnKind::subword) {
    throw_input("{} is a language model of {}, and texts are spelt by symbols of the kind '{}'",
                where, model.traits().tokens, name_of(said.kind));
  }
  TokensOfTexts tokens;
  tokens.start = start;
  tokens.symbols.assign(static_cast<std::size_t>(said.vocabulary->size()), -1);
  const std::vector<std::int32_t> never = usual_spelling(said).never;
  const std::string end = "\n";
  bool spells_end = false;
  for (std::size_t i = 0; i < tokens.symbols.size(); ++i) {
    if (std::ranges::find(never, static_cast<std::int32_t>(i)) != never.end()) continue;
    const std::string name = said.symbol_name(i);
    spells_end = spells_end || name == end;
    tokens.symbols[i] = token_of(model, name);
    if (tokens.symbols[i] >= 0) continue;
    throw_input(
        "{} is a language model that does not know \"{}\", which is among what is spelt: "
        "one trained on a text that has it would",
        where, name);
  }
  if (!spells_end) tokens.end = token_of(model, end);
  if (tokens.end == model.unknown()) tokens.end = -1;
  return tokens;
}

template <class Real>
NetworkTextModel<Real>::NetworkTextModel(NetworkPlan plan, ParameterLayout layout,
                                         Buffer<Real> parameters, TokensOfTexts tokens,
                                         ThreadPool& pool)
    : plan_(std::move(plan)),
      layout_(std::move(layout)),
      parameters_(std::move(parameters)),
      tokens_(std::move(tokens)),
      pool_(pool) {}

template <class Real>
void NetworkTextModel<Real>::begin(int lanes, int most) {
  if (most > most_) {
    lanes_ = std::make_unique<TokenLanes<Real>>(plan_, layout_, parameters_.data(), most, pool_);
    most_ = most;
  }
  const auto count = static_cast<std::size_t>(lanes);
  lanes_->read(std::vector<std::int32_t>(count, tokens_.start), true);
  ends_.resize(count);
  foresee(count);
}

template <class Real>
void NetworkTextModel<Real>::go_on(std::span<const std::int32_t> from,
                                   std::span<const std::int32_t> symbols) {
  std::vector<int> all(static_cast<std::size_t>(most_));
  std::iota(all.begin(), all.end(), 0);  // of lanes that nobody has
  std::ranges::copy(from, all.begin());
  lanes_->reorder(all);
  std::vector<double> ends;
  for (const std::int32_t lane : from) ends.push_back(ends_[static_cast<std::size_t>(lane)]);
  ends_ = std::move(ends);
  if (symbols.empty()) return;
  std::vector<std::int32_t> read;
  for (const std::int32_t symbol : symbols) {
    read.push_back(tokens_.symbols[static_cast<std::size_t>(symbol)]);
  }
  lanes_->read(read, false);
  foresee(symbols.size());
}

template <class Real>
void NetworkTextModel<Real>::foresee(std::size_t lanes) {
  const auto tokens = static_cast<std::size_t>(lanes_->tokens());
  if (known_.size() < lanes) known_.resize(lanes);
  pool_.for_each(static_cast<int>(lanes), [&](int lane) {
    const auto at = static_cast<std::size_t>(lane);
    std::vector<Real> logits(tokens);
    std::vector<double> room;
    lanes_->logits(lane, logits);
    known_[at].assign(logits.begin(), logits.end());
    log_softmax(known_[at], known_[at], room);
    ends_[at] = tokens_.end < 0 ? 0 : known_[at][static_cast<std::size_t>(tokens_.end)];
  });
}

template <class Real>
void NetworkTextModel<Real>::next(int lane, std::span<double> to) const {
  const std::vector<double>& known = known_[static_cast<std::size_t>(lane)];
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::int32_t token = tokens_.symbols[i];
    to[i] = token < 0 ? impossible : known[static_cast<std::size_t>(token)];
  }
}

template class NetworkTextModel<float>;
template class NetworkTextModel<double>;

}  // namespace rondo::tasks
