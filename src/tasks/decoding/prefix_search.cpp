#include "tasks/decoding/prefix_search.hpp"

#include <algorithm>
#include <utility>

#include "rondo/core/exact_math.hpp"
#include "tasks/decoding/language/text_model.hpp"

namespace rondo::tasks {
namespace {

// The logarithm of the sum of two exponentials: the maximum first, then both in their order.
double log_sum(double a, double b) {
  const double most = std::max(a, b);
  if (most == impossible) return impossible;
  const double first = a == impossible ? 0 : exact::exp(a - most);
  const double second = b == impossible ? 0 : exact::exp(b - most);
  return most + exact::log(first + second);
}

double product(double a, double b) { return a == impossible ? impossible : a + b; }

}  // namespace

PrefixSearch::PrefixSearch(const SpellingOptions& options, std::int32_t blank)
    : options_(options), blank_(blank), nodes_(1), may_say_(static_cast<std::size_t>(blank), true) {
  for (const std::int32_t symbol : options.never)
    may_say_[static_cast<std::size_t>(symbol)] = false;
  kept_.push_back({.in_symbol = impossible});
}

void PrefixSearch::find_candidates(std::span<const double> scores) {
  const auto symbols = static_cast<std::size_t>(blank_);
  const auto texts = kept_.size();
  // Texts that another kept one becomes, by its own last symbol, are one candidate with it.
  place_before_.assign(texts, -1);
  is_kept_longer_.assign(texts * symbols, false);
  for (std::size_t i = 0; i < texts; ++i) {
    const Node& own = nodes_[static_cast<std::size_t>(kept_[i].node)];
    const auto before = std::ranges::find(kept_, own.before, &Kept::node);
    if (own.before < 0 || before == kept_.end()) continue;
    place_before_[i] = static_cast<std::int32_t>(before - kept_.begin());
    is_kept_longer_[static_cast<std::size_t>(place_before_[i]) * symbols +
                    static_cast<std::size_t>(own.symbol)] = true;
  }
  // Paths of a text that a symbol makes longer: a symbol again needs a blank between.
  const auto ways_on = [this](std::size_t place, std::int32_t symbol) {
    const Kept& text = kept_[place];
    return nodes_[static_cast<std::size_t>(text.node)].symbol == symbol ? text.in_blank : text.both;
  };
  candidates_.clear();
  for (std::size_t i = 0; i < texts; ++i) {
    const std::int32_t last = nodes_[static_cast<std::size_t>(kept_[i].node)].symbol;
    Candidate stays;
    stays.symbol = last;
    stays.place = static_cast<std::int32_t>(i);
    stays.in_blank = product(kept_[i].both, scores[static_cast<std::size_t>(blank_)]);
    stays.in_symbol = impossible;
    if (last >= 0) {
      const double score = scores[static_cast<std::size_t>(last)];
      const std::int32_t before = place_before_[i];
      stays.in_symbol =
          log_sum(product(kept_[i].in_symbol, score),
                  before < 0 ? impossible
                             : product(ways_on(static_cast<std::size_t>(before), last), score));
    }
    stays.both = log_sum(stays.in_blank, stays.in_symbol);
    stays.known = kept_[i].known;
    stays.score = product(stays.both, stays.known);
    candidates_.push_back(stays);
    for (std::size_t c = 0; c < symbols; ++c) {
      if (!may_say_[c] || is_kept_longer_[i * symbols + c]) continue;
      Candidate longer;
      longer.symbol = static_cast<std::int32_t>(c);
      longer.place = stays.place;
      longer.is_longer = true;
      longer.in_blank = impossible;
      longer.in_symbol = longer.both = product(ways_on(i, longer.symbol), scores[c]);
      if (!kept_[i].known_next.empty()) longer.known = kept_[i].known + kept_[i].known_next[c];
      longer.score = product(longer.both, longer.known);
      if (longer.score != impossible) candidates_.push_back(longer);
    }
  }
}

std::int32_t PrefixSearch::node_of(const Candidate& candidate) {
  const std::int32_t node = kept_[static_cast<std::size_t>(candidate.place)].node;
  if (!candidate.is_longer) return node;
  const auto [found, is_new] =
      longer_.try_emplace({node, candidate.symbol}, static_cast<std::int32_t>(nodes_.size()));
  if (is_new) nodes_.push_back({candidate.symbol, node});
  return found->second;
}

void PrefixSearch::step(std::span<const double> scores) {
  find_candidates(scores);
  const auto is_better = [](const Candidate& a, const Candidate& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.symbol != b.symbol) return a.symbol < b.symbol;
    if (a.place != b.place) return a.place < b.place;
    return !a.is_longer && b.is_longer;
  };
  const auto most = std::min(candidates_.size(), static_cast<std::size_t>(options_.beam));
  const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(most);
  std::partial_sort(candidates_.begin(), end, candidates_.end(), is_better);
  std::vector<Kept> next;
  for (auto candidate = candidates_.begin(); candidate != end; ++candidate) {
    const auto place = static_cast<std::size_t>(candidate->place);
    next.push_back({node_of(*candidate), candidate->in_blank, candidate->in_symbol, candidate->both,
                    candidate->known, place});
    if (candidate->is_longer) {
      next.back().added = candidate->symbol;
    } else {
      next.back().known_next = std::move(kept_[place].known_next);
    }
  }
  kept_ = std::move(next);
}

std::span<double> PrefixSearch::known_next(std::size_t place) {
  kept_[place].known_next.resize(static_cast<std::size_t>(blank_));
  return kept_[place].known_next;
}

std::vector<PrefixSearch::Text> PrefixSearch::texts() const {
  std::vector<Text> all;
  for (const Kept& kept : kept_) {
    std::vector<std::int32_t> symbols;
    for (std::int32_t node = kept.node; node > 0;
         node = nodes_[static_cast<std::size_t>(node)].before) {
      symbols.push_back(nodes_[static_cast<std::size_t>(node)].symbol);
    }
    std::ranges::reverse(symbols);
    all.push_back({std::move(symbols), kept.known});
  }
  return all;
}

}  // namespace rondo::tasks
