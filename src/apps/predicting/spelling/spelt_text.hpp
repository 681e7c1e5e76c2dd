// Answers of models whose steps spell texts: the options of the search, and how the texts are told.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "apps/options/options.hpp"
#include "apps/predicting/said_text.hpp"
#include "apps/predicting/voters.hpp"
#include "tasks/decoding/language/fusion.hpp"
#include "tasks/decoding/spelling.hpp"

namespace rondo::apps {

// Those of `rondo predict` that no other model has.
std::vector<Option> spelling_options();
// InputError that names one of them which was given, for models whose steps spell nothing.
void refuse_spelling(const GivenOptions& given, const std::string& task);

// InputError for options of models that say one symbol after another. `rondo eval` answers one text
// of each sequence.
tasks::SpellingOptions spelling_of(const GivenOptions& given, const Column& said);

// What voters say together of the steps of each sequence: the logarithms of the probabilities
// [step][class]; of several voters the logarithm of the mean of the probabilities, which are added
// in the voters' order.
std::vector<std::vector<double>> scores_of(const std::vector<std::unique_ptr<Voter>>& voters,
                                           const WindowSource& sequences, ThreadPool& pool);

struct SpeltOptions {
  tasks::SpellingOptions search;
  std::int64_t frames_together = 1;  // steps of the data, as one of what spells
  bool json = false, alignment = false;
  const tasks::Fusion* fusion = nullptr;
};

// Of each sequence the best texts, the best first: the text and its score, without a fusion the
// logarithm of its probability, likewise of further ones on the same line; as JSON an object, with
// when each symbol of the best was said, in steps of the data, of which the sequence has so many,
// and how sure that is. `alignment`: alignment_line()s, in place of attention.
SaidText spelt_text(const std::vector<std::vector<double>>& scores,
                    std::span<const std::int32_t> steps, const Column& said,
                    const SpeltOptions& options, ThreadPool& pool);

}  // namespace rondo::apps
