// What a rank allocates, part by part: each is computed where it is known.
#include <algorithm>
#include <numeric>

#include "rondo/data/batcher.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "rondo/train/block_groups.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/touched_rows.hpp"

namespace rondo {
namespace {

// States of all lanes between windows.
template <class Real>
std::uint64_t carried_by_all(const Config& config, const NetworkPlan& model) {
  const PassShape one_block = training_pass<Real>(config, model, 1, {1, 1});
  return Network<Real>::bytes(model, one_block).carried *
         static_cast<std::uint64_t>(config.lanes / config.block);
}

}  // namespace

template <class Real>
std::uint64_t checkpoint_bytes(const Config& config, const NetworkPlan& model) {
  const std::uint64_t averages = averages_weights(config) ? 1 : 0;
  const std::uint64_t moments = make_optimizer<Real>(config, ParameterLayout())->moments().size();
  return model.layout().elements() * sizeof(Real) * (1 + averages + moments) +
         carried_by_all<Real>(config, model);
}

template std::uint64_t checkpoint_bytes<float>(const Config&, const NetworkPlan&);
template std::uint64_t checkpoint_bytes<double>(const Config&, const NetworkPlan&);

template <class Real>
std::vector<MemoryItem> memory_of_rank(const Config& config, const NetworkPlan& model,
                                       const WindowSource& training, const WindowSource* validation,
                                       const LanePlan& plan, int rank) {
  const ParameterLayout layout = model.layout();
  const std::uint64_t parameters = layout.size() * sizeof(Real);
  const std::uint64_t moments = make_optimizer<Real>(config, ParameterLayout())->moments().size();
  const LaneShare own = plan.share(rank);
  const LongestWindow longest = training.longest_windows(training_lanes(config));

  const PassShape pass = training_pass<Real>(config, model, own.blocks(), longest);
  const NetworkBytes network = Network<Real>::bytes(model, pass);
  const BlockGroups groups = group_blocks(own.first_block, own.last_block, plan.blocks().blocks,
                                          pass.lanes / config.block);

  std::vector<MemoryItem> parts;
  parts.push_back({"parameters", parameters});
  parts.push_back({"optimizer", moments * parameters});
  const std::uint64_t averages = averages_weights(config) ? 1 : 0;
  if (averages > 0) parts.push_back({"average of the weights", averages * parameters});
  const std::optional<SparseTable> sparse =
      sparse_table(model, config.lanes * longest.first, plan.ranks);
  const std::uint64_t touched_rows = sparse ? sparse->size() * sizeof(Real) : 0;
  parts.push_back({fmt::format("gradients ({} of them)", groups.buffers),
                   groups.buffers * (model.gradient_size() * sizeof(Real) + touched_rows)});
  parts.push_back({"transposed weights", network.weights});
  parts.push_back(
      {fmt::format("activations ({} of {} lanes{} at a time)", pass.lanes, pass.rank_lanes,
                   pass.window == 0 ? "" : fmt::format(", {} steps", pass.piece())),
       network.activations - network.logits});
  parts.push_back({pass.logit_times == 0
                       ? "logits"
                       : fmt::format("logits ({} steps at a time)", pass.logit_times),
                   network.logits});
  parts.push_back({"states between windows", network.carried});
  LaneLayout lanes = training_lanes(config);
  lanes.first_lane = own.first_lane();
  lanes.last_lane = own.last_lane();
  std::uint64_t read_ahead = training.bytes(lanes);

  if (validation != nullptr) {
    const EvaluationShape shape = evaluation_shape(config, *validation);
    const LanePlan eval = shape.plan(plan.ranks);
    const PassShape eval_pass = bounded_pass<Real>(model, shape.block, eval.share(rank).blocks(),
                                                   shape.longest, false, shape.memory);
    parts.push_back({fmt::format("validation ({} of {} lanes at a time)", eval_pass.lanes,
                                 eval_pass.rank_lanes),
                     Network<Real>::bytes(model, eval_pass).total()});
    read_ahead += validation->bytes(shape.layout(eval, rank));
  }
  parts.push_back({"data read ahead", read_ahead});
  if (plan.ranks > 1) {
    parts.push_back({"reducer's pieces", 4 * default_piece_elements * sizeof(Real)});
  }

  // Logical values, without padding. Rank 0 collects the lanes' states of all ranks, which until
  // they are joined are there four times; then it has the whole state, and its image.
  const std::uint64_t own_lanes = network.carried;
  const std::uint64_t all_lanes = carried_by_all<Real>(config, model);
  const std::uint64_t state = checkpoint_bytes<Real>(config, model);
  if (rank == 0) {
    parts.push_back({"checkpoint: the state and its image",
                     std::max(2 * state, 2 * own_lanes + 2 * all_lanes)});
    // What is due is on its way to the disk when a validation turns out to be the best.
    if (validation != nullptr) parts.push_back({"a checkpoint that waits for another", state});
  } else {
    parts.push_back({"checkpoint: the lanes' states", 2 * own_lanes});
    if (config.resume) parts.push_back({"the state to resume from", state});
  }
  return parts;
}

std::uint64_t total_bytes(const std::vector<MemoryItem>& parts) {
  return std::accumulate(
      parts.begin(), parts.end(), std::uint64_t{0},
      [](std::uint64_t sum, const MemoryItem& part) { return sum + part.bytes; });
}

template std::vector<MemoryItem> memory_of_rank<float>(const Config&, const NetworkPlan&,
                                                       const WindowSource&, const WindowSource*,
                                                       const LanePlan&, int);
template std::vector<MemoryItem> memory_of_rank<double>(const Config&, const NetworkPlan&,
                                                        const WindowSource&, const WindowSource*,
                                                        const LanePlan&, int);

}  // namespace rondo
