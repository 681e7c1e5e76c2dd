// Which of several texts a model finds the likeliest of what it reads: whether it knows the right
// one among others.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "tasks/decoding/decode_sequences.hpp"

namespace rondo::tasks {

// A source's text: what is scored is its log probability behind it, with the end's, as a search
// would (DecodeOptions::length_penalty).
struct Reading {
  std::int32_t source = 0;  // of those that the voters have chosen
  std::span<const std::int32_t> text;
};

// The scores of `readings`, each the same in any company and for any threads; so many `lanes` at
// once.
std::vector<double> score_texts(std::span<StepScorer* const> voters,
                                std::span<const Reading> readings, int lanes,
                                const DecodeOptions& options, ThreadPool& pool);

// InputError where the split has fewer than `among` different texts.
void check_retrieval(const WindowSource& split, const Columns& columns, std::int64_t among);

// Of each sequence of a split that has a text: the place of this one, the best by score first,
// among it and `among` - 1 others, different ones of the split that are drawn by the sequence's
// number. Adds recall_at_1 and recall_at_5, the shares of sequences whose own is first, and among
// the first five, to the evaluation's figures; of equal scores the own is last. The other way
// round, source_recall_at_1 and source_recall_at_5: how often its own source, among it and those
// that the others are of, makes the text the likeliest; there it does not matter which texts are
// likely by themselves (Karpathy and Fei-Fei 2015, "Deep visual-semantic alignments", rank both
// ways). Ranks share the work. Collective.
void judge_retrieval(std::span<const MakeScorer> voters, const WindowSource& split,
                     const Columns& columns, std::int64_t among, const DecodeOptions& options,
                     Communicator& world, ThreadPool& pool, Evaluation& evaluation);

}  // namespace rondo::tasks
