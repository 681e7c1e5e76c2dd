// What the texts that models say of a split come to.
#pragma once

#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "tasks/decoding/decode_sequences.hpp"

namespace rondo::tasks {

struct Judged {
  TextLengths lengths;
  DecodeOptions decode;
  // Of the split's first sequences, so many.
  std::int64_t sequences = std::numeric_limits<std::int64_t>::max();
};

// As `rondo eval` searches, where nobody says otherwise; unknown symbols are never said: a data set
// does not tell what stood in their place.
DecodeOptions usual_search(const Column& said);

// How long texts of these columns are, where nobody says: in captions, whose steps tell nothing of
// it, at most four times as many symbols as those of training have in the mean, and 20.
TextLengths usual_lengths(const Columns& columns);

// The best text of each of the split's first sequences, on every rank. As judge_texts().
std::vector<std::vector<std::int32_t>> texts_of(std::span<const MakeScorer> voters,
                                                const WindowSource& split, const Columns& columns,
                                                const Judged& judged, Communicator& world,
                                                ThreadPool& pool,
                                                const std::function<void()>& beat);

// Puts the figures of what `voters` say into an evaluation, the first of which becomes its score
// (tasks/figures/text_figures.hpp). Ranks share the work; the same figures on each, for any number
// of them. Where the loss is not finite there are none, and the score is the loss. `beat` is called
// now and then. Collective.
void judge_texts(std::span<const MakeScorer> voters, const WindowSource& split,
                 const Columns& columns, const Judged& judged, Communicator& world,
                 ThreadPool& pool, const std::function<void()>& beat, Evaluation& evaluation);

}  // namespace rondo::tasks
