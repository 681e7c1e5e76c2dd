// Shallow fusion: texts are chosen by what their steps say and by what is known of texts.
//
// The score of a text is log p(text | steps) + the sum over its symbols, in their order, of
//   weight * log p_lm(symbol | those before it) + bonus,
// and behind the last one weight * log p_lm(end). Where there is a word list the words of a text
// are all in it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "rondo/core/thread_pool.hpp"
#include "tasks/decoding/language/text_model.hpp"
#include "tasks/decoding/spelling.hpp"

namespace rondo::tasks {

struct Fusion {
  std::unique_ptr<TextModel> language_model;  // null: there is none
  double weight = 0;                          // of it
  double bonus = 0;                           // of each symbol
  std::unique_ptr<TextModel> word_list;       // null: there is none
};

// spell() of each of `sequences`, with fusion, in the place of log probabilities by scores; a beam
// of 2 or more. A sequence of which no text that is kept has all of its words in the list is
// searched again without the list, and its texts are marked. Each sequence's texts are the same in
// any company and for any threads.
std::vector<std::vector<SpeltText>> spell_fused(std::span<const StepScores> sequences,
                                                const SpellingOptions& options,
                                                const Fusion& fusion, ThreadPool& pool);

// spell() of each, or spell_fused() where there is a fusion.
std::vector<std::vector<SpeltText>> spell_all(std::span<const StepScores> sequences,
                                              const SpellingOptions& options, const Fusion* fusion,
                                              ThreadPool& pool);

}  // namespace rondo::tasks
