// What models say of whole sequences.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "rondo/core/lane_plan.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/tasks/decoding.hpp"
#include "tasks/decoding/source_scorer.hpp"

namespace rondo::tasks {

// How long texts are. Without `longest`: as many symbols as three times the steps of what was read,
// and 20.
struct TextLengths {
  std::int64_t shortest = 0;
  std::int64_t longest = 0;  // 0: by what was read
  DecodeSource of(std::int64_t number, std::int64_t steps) const;
};

// Lanes that `texts` at once of `beam` a sequence are said in: no more than there is use for.
int decoding_lanes(std::int64_t sequences, const DecodeOptions& options);

// Makes a voter for windows of so many lanes and at most so many steps.
using MakeScorer = std::function<std::unique_ptr<SourceScorer>(int lanes, int times)>;

// Of a model's plan, layout and parameters, which outlive what is made of them.
template <class Model>
MakeScorer scorer_of(const Model& model, ThreadPool& pool) {
  return [&model, &pool](int lanes, int times) -> std::unique_ptr<SourceScorer> {
    using Real = std::remove_cvref_t<decltype(model.parameters[0])>;
    return std::make_unique<NetworkScorer<Real>>(model.plan, model.layout, model.parameters.data(),
                                                 lanes, times, pool);
  };
}

// The voters, who have read all of a window, and the sequences of it that they now answer.
using AnswerGroup = std::function<void(std::span<StepScorer* const>, std::span<const Span> group)>;

// Calls answer() for the sequences that lie in this rank's `lanes`, at most `together` at once, of
// like lengths.
void for_each_read_group(std::span<const MakeScorer> voters, const WindowSource& sequences,
                         int ranks, int rank, std::int64_t lanes, std::size_t together,
                         const AnswerGroup& answer);

// Calls say(sequence, its texts) for the sequences that lie in this rank's lanes; all of them,
// where it is the only one of `ranks`. Which these are changes nothing else. `first_number`: by
// which the first sequence's draws differ from others'.
void decode_sequences(std::span<const MakeScorer> voters, const WindowSource& sequences, int ranks,
                      int rank, std::int64_t first_number, const TextLengths& lengths,
                      const DecodeOptions& options, ThreadPool& pool,
                      const std::function<void(std::int64_t, std::vector<Hypothesis>)>& say);

}  // namespace rondo::tasks
