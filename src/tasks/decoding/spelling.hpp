// What a sequence's steps spell (model/heads/ctc.hpp): the search for its text, and when each
// symbol is said.
//
// All in double, from logarithms of probabilities; a text hangs on nothing but its own sequence.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/data/columns.hpp"

namespace rondo::tasks {

// Of each step the logarithms of the probabilities of all classes, the last of which is the blank.
struct StepScores {
  std::span<const double> values;  // [step][class]
  int classes = 0;

  std::int32_t blank() const { return classes - 1; }
  std::size_t steps() const { return values.size() / static_cast<std::size_t>(classes); }
  std::span<const double> at(std::size_t step) const {
    return values.subspan(step * static_cast<std::size_t>(classes),
                          static_cast<std::size_t>(classes));
  }
  bool are_numbers() const;  // all of them, and not infinite
};

struct SpellingOptions {
  // Texts that are kept at each step. 1: greedy, the likeliest class of each step, of equal ones
  // the lower.
  std::int64_t beam = 1;
  std::int64_t n_best = 1;               // texts that are answered, the best first; at most `beam`
  std::vector<std::int32_t> never = {};  // classes that are not said
};

// As nobody says otherwise: neither unknown symbols nor the one that ends texts are said.
SpellingOptions usual_spelling(const Column& said);

struct SpeltText {
  std::vector<std::int32_t> symbols;
  double log_probability = 0;  // over all paths that spell it
  double score = 0;            // what texts are chosen by: that, and more with language/fusion.hpp
  bool outside_list = false;   // has words that are not in the list that was asked for
  bool operator==(const SpeltText&) const = default;
};

// The likeliest texts, one at least. Beside a greedy one, prefix search (Graves 2008): each step
// takes the best of all that its classes make of the texts before it, by the probability of the
// paths that were not dropped; of equal ones the one with the lower last symbol (of the empty text:
// below all), then the one that was better before, as it is before those that it becomes. The texts
// that are left are answered by their own log probability, of equal ones the better in the search.
// Where a score is no number the one text is empty, and its log probability no number.
std::vector<SpeltText> spell(const StepScores& scores, const SpellingOptions& options);

// What the searches share: the logarithm of the probability of all paths that spell a text; the
// text of steps whose scores are no numbers; the best by score put first, of equal ones the one
// that was, and the others dropped.
double log_probability(const StepScores& scores, const std::vector<std::int32_t>& symbols);
SpeltText no_text();
void keep_best(std::vector<SpeltText>& texts, const SpellingOptions& options);

// When a symbol is said on the likeliest path that spells a text, and how sure that is: the highest
// probability of the symbol in these steps.
struct SpeltSymbol {
  std::int32_t symbol = 0;
  std::int64_t first = 0, last = 0;  // steps
  double confidence = 0;
  bool operator==(const SpeltSymbol&) const = default;
};

// The likeliest path: of equally likely ones, looked at from the end, the one that has stayed, then
// the one that has stepped, then the one that has skipped a blank. The steps are enough for it.
std::vector<SpeltSymbol> align(const StepScores& scores, std::span<const std::int32_t> symbols);

}  // namespace rondo::tasks
