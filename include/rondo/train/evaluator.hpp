// The loss of a model over a whole split.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/comm/reducer.hpp"
#include "rondo/comm/small_sums.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "rondo/tasks/task.hpp"
#include "rondo/train/config.hpp"
#include "rondo/train/pulse.hpp"

namespace rondo {

namespace tasks {
struct Fusion;  // tasks/decoding/language/fusion.hpp
}

// How a model is evaluated: lanes of its own, walked in the file's order from fresh states.
struct EvaluationShape {
  std::int64_t lanes = 0;  // of the whole run
  std::int64_t block = 0;
  std::int64_t window = 0;
  LongestWindow longest;
  std::uint64_t memory = 256'000'000;  // for a rank's activations, in bytes
  bool carried = false;                // as LaneLayout's
  std::int64_t target_window = 0;      // likewise
  Thinning thinning = {};              // likewise

  LanePlan plan(int ranks) const { return {lanes, block, ranks}; }
  LaneLayout layout(const LanePlan& plan, int rank) const;
};

// A configuration's: beside training's activations, validation's take up to a quarter of `memory`.
EvaluationShape evaluation_shape(const Config& config, const WindowSource& split);

using LookUp = std::function<std::int64_t()>;

template <class Real>
class Evaluator {
 public:
  // `parameters` may change between calls. At most lanes / block ranks. Blocks beyond `memory` are
  // worked on in groups.
  Evaluator(const NetworkPlan& model, const ParameterLayout& layout, const Real* parameters,
            const EvaluationShape& shape, Communicator& world);

  // Mean loss over `split`: each block's losses added window after window, blocks joined by the
  // tree; the same bits for any ranks and threads. `pulse` beats with each window, and is joining
  // at last. Collective.
  Evaluation evaluate(const WindowSource& split, ThreadPool& pool, Pulse* pulse = nullptr);
  // The same, with `look_up` called behind the first window, on all ranks: it says after how many
  // windows more it is to be called again, the same number on all ranks; 0 breaks off, and there is
  // no result. Collective.
  std::optional<Evaluation> evaluate(const WindowSource& split, ThreadPool& pool, Pulse* pulse,
                                     const LookUp& look_up);
  // The mean loss of texts that are said (tasks/decoding): each one's losses are added in the order
  // of its symbols, and these sums by the tree over the sequences' numbers, so that it does not
  // depend on lanes, windows or ranks. `look_up`, if there is one, as above. Collective.
  std::optional<Evaluation> evaluate_texts(const WindowSource& split, ThreadPool& pool,
                                           Pulse* pulse, const LookUp& look_up);
  // The same, text by text: losses and weights alone. Collective.
  std::optional<Answers> answer_texts(const WindowSource& split, ThreadPool& pool,
                                      Pulse* pulse = nullptr, const LookUp& look_up = {});
  // What the model says of a split of whole sequences: of each its own losses and answers, so that
  // nothing depends on lanes, windows or ranks. `look_up`, if there is one, as above. `say`, if
  // there is one, hears of each row of this rank's lanes, with the head's values. Collective.
  std::optional<Answers> answer(
      const WindowSource& split, const Task::SequenceTargets& targets, ThreadPool& pool,
      Pulse* pulse = nullptr, const LookUp& look_up = {},
      const std::function<void(std::int64_t row, std::span<const Real>)>& say = {});
  // The texts that the steps of a split's sequences spell (tasks/decoding/spelling.hpp), found by a
  // beam of `beam`, with `fusion`, where it is not null, by more than the steps, and their losses.
  // `look_up`, if there is one, as above; `likely`, if there is one, is given the logarithms of the
  // texts' probabilities. Collective.
  std::optional<Answers> spell(const WindowSource& split, const Columns& columns, std::int64_t beam,
                               ThreadPool& pool, Pulse* pulse, const LookUp& look_up,
                               std::vector<double>* likely = nullptr,
                               const tasks::Fusion* fusion = nullptr);
  // Calls say(sequence, [step][class]), the logarithms of all probabilities at the steps of the
  // network's head, for the sequences in this rank's lanes.
  void say_scores(const WindowSource& split, ThreadPool& pool,
                  const std::function<void(std::int64_t, std::span<const double>)>& say);

 private:
  // The same, part by part of the windows, with say(part, spans, scores of each). False where
  // `look_up` broke off.
  template <class Say>
  bool walk_scores(const WindowSource& split, ThreadPool& pool, Pulse* pulse, const LookUp& look_up,
                   const Say& say);
  // answer() of targets that are numbers.
  std::optional<Answers> answer_numbers(
      const WindowSource& split, const Task::SequenceTargets& targets, ThreadPool& pool,
      Pulse* pulse, const LookUp& look_up,
      const std::function<void(std::int64_t row, std::span<const Real>)>& say);

  // Calls body(part, first block of it) after the forward pass of each part of each window. False
  // where `look_up` broke off.
  template <class Body>
  bool walk(const WindowSource& split, ThreadPool& pool, Pulse* pulse, const LookUp& look_up,
            const Body& body);
  // The same for the rows that are answered: adds the loss and the weight of each of which
  // take(part, t, lane, row) says that it counts to its sequence's, which are kept as bits.
  template <class Take>
  bool walk_rows(const WindowSource& split, bool per_step, ThreadPool& pool, Pulse* pulse,
                 const LookUp& look_up, std::vector<std::uint64_t>& losses,
                 std::vector<std::uint64_t>& weights, const Take& take);

  EvaluationShape shape_;
  Communicator& world_;
  LanePlan plan_;
  PassShape pass_;
  Network<Real> network_;
};

// A split measured as its task wants it; without a result where `look_up` broke off. `beam` and
// `fusion`: of texts that steps spell. Collective.
template <class Real>
std::optional<Evaluation> measure(Evaluator<Real>& evaluator, const WindowSource& split,
                                  const Task& task, const Columns& columns, ThreadPool& pool,
                                  Pulse* pulse = nullptr, const LookUp& look_up = {},
                                  std::int64_t beam = 1, const tasks::Fusion* fusion = nullptr);

}  // namespace rondo
