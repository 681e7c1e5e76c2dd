#include "rondo/train/evaluator.hpp"

#include <algorithm>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/train/memory.hpp"

namespace rondo {

EvaluationShape evaluation_shape(const Config& config) {
  return {config.eval_lanes, config.block, config.window,
          static_cast<std::uint64_t>(config.memory * 1e6 / 4)};
}

template <class Real>
Evaluator<Real>::Evaluator(const NetworkPlan& model, const ParameterLayout& layout,
                           const Real* parameters, const EvaluationShape& shape,
                           Communicator& world)
    : shape_(shape),
      world_(world),
      plan_(shape.plan(world.size())),
      pass_(bounded_pass<Real>(model, shape.block, plan_.share(world.rank()).blocks(), shape.window,
                               false, shape.memory)),
      network_(model, layout, parameters, pass_) {}

template <class Real>
Evaluation Evaluator<Real>::evaluate(const WindowSource& split, ThreadPool& pool, Pulse* pulse) {
  const auto own = static_cast<std::size_t>(plan_.share(world_.rank()).blocks());
  LaneLayout lanes = LaneLayout::of(plan_, world_.rank(), shape_.window);
  lanes.shuffle = false;
  Batcher batcher(split.reader(lanes), 0);
  network_.pack(pool);
  network_.clear_state();

  std::vector<double> losses(own), window_losses(own);
  std::vector<double> targets(own), window_targets(own);
  for (std::int64_t w = split.windows_of(1, lanes); w > 0; --w) {
    const WindowView window(batcher.next(), lanes.first_lane);
    if (pulse != nullptr) pulse->beat();
    for (int first = 0; first < window.lanes; first += pass_.lanes) {
      const WindowView part = window.part(first, std::min(first + pass_.lanes, window.lanes));
      const auto block = static_cast<std::size_t>(first / shape_.block);
      const auto blocks = static_cast<std::size_t>(part.lanes / shape_.block);
      network_.forward(part, pool);
      network_.block_losses(part, static_cast<int>(shape_.block),
                            std::span(window_losses).subspan(block, blocks),
                            std::span(window_targets).subspan(block, blocks));
      network_.carry(part);
    }
    for (std::size_t b = 0; b < own; ++b) {
      losses[b] += window_losses[b];
      targets[b] += window_targets[b];
    }
  }
  if (pulse != nullptr) pulse->enter(Activity::joining);
  std::vector<double> sums(2 * own);
  for (std::size_t b = 0; b < own; ++b) {
    sums[2 * b] = losses[b];
    sums[2 * b + 1] = targets[b];
  }
  const std::vector<double> total = tree_total(world_, plan_.blocks(), sums, 2);
  if (total[1] == 0) throw_input("the split has nothing to predict");
  return {total[0] / total[1], static_cast<std::int64_t>(total[1])};
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace rondo
