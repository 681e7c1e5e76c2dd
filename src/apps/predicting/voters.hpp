// Models that answer together: each adds the probabilities that it gives, or the numbers.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "apps/options/options.hpp"
#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/tasks/task.hpp"
#include "rondo/train/config.hpp"
#include "tasks/decoding/decode_sequences.hpp"

namespace rondo::apps {

// One model that has a vote.
class Voter {
 public:
  virtual ~Voter() = default;
  virtual const Task& task() const = 0;
  virtual const Columns& stored_columns() const = 0;
  virtual const Columns& columns() const = 0;
  virtual const Config& config() const = 0;
  // Adds its votes for all rows of a batch: its probabilities [row][class]; of numbers what
  // tasks::add_vote makes of them, [row][number][part].
  virtual void vote(const WindowSource& sequences, ThreadPool& pool,
                    std::vector<std::vector<double>>& votes) = 0;
  // Of a model whose steps spell texts: Evaluator::say_scores.
  virtual void say_scores(
      const WindowSource& sequences, ThreadPool& pool,
      const std::function<void(std::int64_t, std::span<const double>)>& say) = 0;
  // Of a model that says texts. It and `pool` outlive what is made.
  virtual tasks::MakeScorer scorer(ThreadPool& pool) = 0;
};

// Those of --checkpoint, one or more. Rank 0 reads them, and each rank answers by itself, in the
// world `alone`, which outlives them. InputError where one cannot be read, answers nothing, or was
// trained on other columns than the first, or to say other things of numbers. Collective.
std::vector<std::unique_ptr<Voter>> open_voters(const GivenOptions& given, Communicator& world,
                                                Communicator& alone);

}  // namespace rondo::apps
