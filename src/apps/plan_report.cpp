#include "apps/plan_report.hpp"

#include <algorithm>

#include "rondo/comm/reducer.hpp"
#include "rondo/kernels/target.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {
namespace {

template <class Real>
std::uint64_t rank_bytes(const Config& config, const ModelShape& model, const BlockPlan& plan,
                         int rank) {
  const auto lanes = static_cast<int>((plan.end(rank) - plan.begin(rank)) * config.block);
  const auto times = static_cast<int>(config.window);
  const auto parameters = static_cast<std::uint64_t>(model_layout(model).size()) * sizeof(Real);
  const std::uint64_t moments = config.optimizer == "adam" ? 2 : 1;
  const BlockPlan eval{config.eval_lanes / config.block, plan.ranks};
  const auto eval_lanes = static_cast<int>((eval.end(rank) - eval.begin(rank)) * config.block);
  std::uint64_t bytes = Network<Real>::bytes(model, {lanes, times, true});
  if (config.validate_every > 0) bytes += Network<Real>::bytes(model, {eval_lanes, times, false});
  bytes += parameters * (1 + moments + plan.roots(rank).size());
  // Rank 0 copies a state, builds its file in memory and reads it back.
  if (rank == 0) bytes += 3 * parameters * (1 + moments);
  return bytes;
}

}  // namespace

std::string describe_run(const Communicator& world, const Config& config, const ModelShape& model,
                         const ParameterLayout& layout, int threads, std::int64_t step,
                         std::int64_t total) {
  return fmt::format(
      "{} {} x {}, {:.2f} M parameters, {} lanes in {} blocks, window {}; {} rank{} x {} thread{}, "
      "{}, {} reduction; {} {} of {}",
      model.cell, model.layers, model.hidden, static_cast<double>(layout.elements()) * 1e-6,
      config.lanes, config.lanes / config.block, config.window, world.size(),
      world.size() == 1 ? "" : "s", threads, threads == 1 ? "" : "s", kernels::selected_target(),
      config.reducer, step == 0 ? "from step" : "resumes at step", step, total);
}

std::string describe_plan(const Communicator& world, const Config& config,
                          const TextDataset& data) {
  const ModelShape model = model_shape(config, data.vocabulary().size());
  const ParameterLayout layout = model_layout(model);
  const BlockPlan plan{config.lanes / config.block, world.size()};
  const auto training = data.split("train");
  const std::int64_t steps = total_steps(config, training->size());
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<12}{}\n", name, value);
  };
  line("model", fmt::format("{}, {} layers of {}, embedding {}, vocabulary {}: {} parameters",
                            model.cell, model.layers, model.hidden, model.embedding,
                            model.vocabulary, layout.elements()));
  line("data", fmt::format("{}: {} training tokens in {} documents", config.data, training->size(),
                           training->documents().size()));
  line("steps", fmt::format("{} of {} tokens each ({} lanes x window {})", steps,
                            config.lanes * config.window, config.lanes, config.window));
  line("work", fmt::format("{:.2f} GFLOP a step, {:.1f} TFLOP in all",
                           model.training_flops_per_token() * 1e-9 *
                               static_cast<double>(config.lanes * config.window),
                           model.training_flops_per_token() * 1e-12 *
                               static_cast<double>(config.lanes * config.window * steps)));
  line("ranks",
       fmt::format("{} with {} thread{} each; {} blocks of {} lanes, at most {} a rank; "
                   "idle share {:.1f} %",
                   plan.ranks, config.threads, config.threads == 1 ? "" : "s", plan.blocks,
                   config.block, (plan.blocks + plan.ranks - 1) / plan.ranks, 100 * plan.idle()));
  std::uint64_t most = 0;
  for (int rank = 0; rank < plan.ranks; ++rank) {
    most =
        std::max(most, config.precision == "double" ? rank_bytes<double>(config, model, plan, rank)
                                                    : rank_bytes<float>(config, model, plan, rank));
  }
  line("memory", fmt::format("{:.0f} MB for the largest rank, its checkpoint's image included",
                             static_cast<double>(most) * 1e-6));
  return text;
}

}  // namespace rondo::apps
