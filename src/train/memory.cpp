#include "rondo/train/memory.hpp"

#include <algorithm>
#include <bit>

#include "rondo/data/window_cuts.hpp"

namespace rondo {

template <class Real>
PassShape bounded_pass(const NetworkPlan& model, std::int64_t block, std::int64_t own_blocks,
                       const LongestWindow& longest, bool training, std::uint64_t budget) {
  PassShape pass;
  pass.times = static_cast<int>(longest.first);
  pass.second_times = static_cast<int>(longest.second);
  pass.training = training;
  pass.rank_lanes = static_cast<int>(own_blocks * block);
  const auto fits = [&] { return Network<Real>::bytes(model, pass).activations <= budget; };
  const auto largest_group = [&](auto&& set_logit_times) {
    for (std::int64_t blocks = own_blocks;; blocks = std::bit_floor(std::uint64_t(blocks - 1))) {
      pass.lanes = static_cast<int>(blocks * block);
      set_logit_times();
      if (blocks == 1 || fits()) return;
    }
  };
  largest_group([] {});
  if (fits()) return pass;
  // Not even one block: a quarter of the budget for logits, the rest for the largest group then.
  largest_group([&] {
    const std::uint64_t step = Network<Real>::logit_bytes(model, pass.lanes);
    pass.logit_times = static_cast<int>(
        std::clamp<std::uint64_t>(budget / 4 / step, 1, static_cast<std::uint64_t>(longest.first)));
  });
  return pass;
}

template <class Real>
PassShape training_pass(const Config& config, const NetworkPlan& model, std::int64_t own_blocks,
                        const LongestWindow& longest) {
  const auto memory = static_cast<std::uint64_t>(config.memory * 1e6);
  if (config.recompute == 0 || config.recompute >= longest.first) {
    PassShape whole = bounded_pass<Real>(model, config.block, own_blocks, longest, true, memory);
    whole.keeps_likeliest = config.scheduled_sampling > 0;
    return whole;
  }
  if (longest.second > 0 && config.letters_hidden > 0) {
    throw_input(
        "--recompute goes through a window piece by piece, and words' letters lie on an axis of "
        "their own: leave out --recompute, or the letters by --letters-hidden 0");
  }
  // A block at a time: its chains wait in the gradient's own buffer from piece to piece.
  PassShape pass = bounded_pass<Real>(model, config.block, 1, {config.recompute + 1}, true, memory);
  pass.rank_lanes = static_cast<int>(own_blocks * config.block);
  pass.window = static_cast<int>(longest.first);
  return pass;
}

template PassShape bounded_pass<float>(const NetworkPlan&, std::int64_t, std::int64_t,
                                       const LongestWindow&, bool, std::uint64_t);
template PassShape bounded_pass<double>(const NetworkPlan&, std::int64_t, std::int64_t,
                                        const LongestWindow&, bool, std::uint64_t);
template PassShape training_pass<float>(const Config&, const NetworkPlan&, std::int64_t,
                                        const LongestWindow&);
template PassShape training_pass<double>(const Config&, const NetworkPlan&, std::int64_t,
                                         const LongestWindow&);

}  // namespace rondo
