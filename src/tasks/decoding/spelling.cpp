#include "tasks/decoding/spelling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/heads/ctc.hpp"
#include "rondo/core/exact_math.hpp"
#include "tasks/decoding/prefix_search.hpp"

namespace rondo::tasks {
namespace {

using Symbols = std::vector<std::int32_t>;

Symbols greedy(const StepScores& scores, const SpellingOptions& options) {
  std::vector<bool> may_say(static_cast<std::size_t>(scores.classes), true);
  for (const std::int32_t symbol : options.never) may_say[static_cast<std::size_t>(symbol)] = false;
  Symbols symbols;
  std::int32_t before = scores.blank();
  for (std::size_t t = 0; t < scores.steps(); ++t) {
    const std::span<const double> own = scores.at(t);
    std::int32_t best = -1;
    for (std::int32_t c = 0; c < scores.classes; ++c) {
      if (!may_say[static_cast<std::size_t>(c)]) continue;
      if (best < 0 || own[static_cast<std::size_t>(c)] > own[static_cast<std::size_t>(best)]) {
        best = c;
      }
    }
    if (best != before && best != scores.blank()) symbols.push_back(best);
    before = best;
  }
  return symbols;
}

}  // namespace

bool StepScores::are_numbers() const {
  return std::ranges::all_of(values, [](double score) { return std::isfinite(score); });
}

SpellingOptions usual_spelling(const Column& said) {
  SpellingOptions options;
  for (const std::int32_t symbol : {said.vocabulary->unknown(), said.vocabulary->end()}) {
    if (symbol >= 0) options.never.push_back(symbol);
  }
  return options;
}

double log_probability(const StepScores& scores, const Symbols& symbols) {
  std::vector<double> own;
  for (std::size_t t = 0; t < scores.steps(); ++t) {
    const std::span<const double> step = scores.at(t);
    own.push_back(step[static_cast<std::size_t>(scores.blank())]);
    for (const std::int32_t symbol : symbols) own.push_back(step[static_cast<std::size_t>(symbol)]);
  }
  std::vector<double> room(ctc::room_for(symbols.size()) + 2 * ctc::positions(symbols.size()));
  return ctc::log_probability({symbols, static_cast<std::int64_t>(scores.steps()), own}, room);
}

SpeltText no_text() {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  return {{}, nothing, nothing};
}

void keep_best(std::vector<SpeltText>& texts, const SpellingOptions& options) {
  std::ranges::stable_sort(texts, std::ranges::greater(), &SpeltText::score);
  texts.resize(std::min(texts.size(), static_cast<std::size_t>(options.n_best)));
}

std::vector<SpeltText> spell(const StepScores& scores, const SpellingOptions& options) {
  if (!scores.are_numbers()) return {no_text()};
  std::vector<SpeltText> texts;
  if (options.beam <= 1) {
    texts.push_back({greedy(scores, options)});
  } else {
    PrefixSearch search(options, scores.blank());
    for (std::size_t t = 0; t < scores.steps(); ++t) search.step(scores.at(t));
    for (PrefixSearch::Text& text : search.texts()) texts.push_back({std::move(text.symbols)});
  }
  for (SpeltText& text : texts) {
    text.score = text.log_probability = log_probability(scores, text.symbols);
  }
  keep_best(texts, options);
  return texts;
}

std::vector<SpeltSymbol> align(const StepScores& scores, std::span<const std::int32_t> symbols) {
  const std::size_t positions = ctc::positions(symbols.size()), steps = scores.steps();
  const auto class_of = [&](std::size_t position) {
    return static_cast<std::size_t>(position % 2 == 0 ? scores.blank() : symbols[position / 2]);
  };
  // The best way to each position, and from how many positions before it came.
  std::vector<double> best(positions, ctc::impossible), next(positions);
  std::vector<std::uint8_t> moved(steps * positions, 0);
  for (std::size_t s = 0; s < std::min<std::size_t>(positions, 2); ++s) {
    best[s] = scores.at(0)[class_of(s)];
  }
  for (std::size_t t = 1; t < steps; ++t) {
    for (std::size_t s = 0; s < positions; ++s) {
      const bool skips = s >= 3 && s % 2 == 1 && symbols[s / 2] != symbols[s / 2 - 1];
      double most = best[s];
      std::uint8_t from = 0;
      for (std::uint8_t by = 1; by <= (skips ? 2 : 1) && by <= s; ++by) {
        if (best[s - by] > most) {
          most = best[s - by];
          from = by;
        }
      }
      moved[t * positions + s] = from;
      next[s] = most == ctc::impossible ? most : most + scores.at(t)[class_of(s)];
    }
    best.swap(next);
  }
  std::size_t position = positions - 1;
  if (positions > 1 && best[position - 1] > best[position]) --position;
  std::vector<SpeltSymbol> said(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) said[i] = {symbols[i], -1, -1, 0};
  for (std::size_t t = steps; t-- > 0;) {
    if (position % 2 == 1) {
      SpeltSymbol& own = said[position / 2];
      own.first = static_cast<std::int64_t>(t);
      if (own.last < 0) own.last = own.first;
      own.confidence = std::max(own.confidence, exact::exp(scores.at(t)[class_of(position)]));
    }
    position -= moved[t * positions + position];
  }
  return said;
}

}  // namespace rondo::tasks
