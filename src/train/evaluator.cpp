#include "rondo/train/evaluator.hpp"

#include <algorithm>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/train/memory.hpp"

namespace rondo {

WindowView view_of(const Window& window, std::int64_t first_lane) {
  return {
      window.times, window.lanes, window.inputs.data(), window.targets.data(), window.resets.data(),
      window.index, first_lane};
}

EvaluationShape evaluation_shape(const Config& config) {
  return {config.eval_lanes, config.block, config.window,
          static_cast<std::uint64_t>(config.memory * 1e6 / 4)};
}

template <class Real>
Evaluator<Real>::Evaluator(const ModelShape& model, const ParameterLayout& layout,
                           const Real* parameters, const EvaluationShape& shape,
                           Communicator& world)
    : shape_(shape),
      world_(world),
      plan_{shape.lanes / shape.block, world.size()},
      pass_(bounded_pass<Real>(model, shape.block,
                               plan_.end(world.rank()) - plan_.begin(world.rank()), shape.window,
                               false, shape.memory)),
      network_(model, layout, parameters, pass_) {}

template <class Real>
Evaluation Evaluator<Real>::evaluate(const TokenSource& split, ThreadPool& pool, Pulse* pulse) {
  return *evaluate(split, pool, pulse, {});
}

template <class Real>
std::optional<Evaluation> Evaluator<Real>::evaluate(const TokenSource& split, ThreadPool& pool,
                                                    Pulse* pulse,
                                                    const std::function<std::int64_t()>& look_up) {
  const std::int64_t first_block = plan_.begin(world_.rank());
  const std::int64_t last_block = plan_.end(world_.rank());
  const auto own = static_cast<std::size_t>(last_block - first_block);
  LaneLayout lanes;
  lanes.lanes = shape_.lanes;
  lanes.first_lane = first_block * shape_.block;
  lanes.last_lane = last_block * shape_.block;
  lanes.window = shape_.window;
  lanes.shuffle = false;
  LaneBatcher batcher(split, lanes, 0);
  network_.pack(pool);
  network_.clear_state();

  std::vector<double> losses(own), window_losses(own);
  std::vector<std::int64_t> targets(own), window_targets(own);
  std::int64_t until_look = look_up ? 1 : 0;  // windows; 0: there is none to come
  for (std::int64_t w = batcher.windows_per_epoch(); w > 0; --w) {
    const WindowView window = view_of(batcher.next(), lanes.first_lane);
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
    if (until_look > 0 && --until_look == 0) {
      until_look = look_up();
      if (until_look == 0) return std::nullopt;
    }
  }
  if (pulse != nullptr) pulse->enter(Activity::joining);
  std::vector<double> sums(2 * own);
  for (std::size_t b = 0; b < own; ++b) {
    sums[2 * b] = losses[b];
    sums[2 * b + 1] = static_cast<double>(targets[b]);
  }
  const std::vector<double> total = tree_total(world_, plan_, sums, 2);
  if (total[1] == 0) throw_input("the split has nothing to predict");
  return Evaluation{total[0] / total[1], static_cast<std::int64_t>(total[1])};
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace rondo
