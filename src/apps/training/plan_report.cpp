#include "apps/training/plan_report.hpp"

#include <fstream>
#include <string>
#include <vector>

#include "rondo/comm/reducer.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {
namespace {

// What this process has taken at most so far: program, libraries, MPI, what start-up took.
std::uint64_t base_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  }
  return 0;
}

// The rank that needs most, part by part.
std::string describe_memory(const Config& config, const NetworkPlan& model, const Dataset& data,
                            const LanePlan& plan) {
  const std::uint64_t base = base_bytes();
  const auto training = data.split("train");
  const auto validation = config.validate_every > 0 ? data.split("validation") : nullptr;
  int largest = 0;
  std::vector<MemoryItem> parts;
  for (int rank = 0; rank < plan.ranks; ++rank) {
    const auto parts_of =
        config.precision == "double" ? memory_of_rank<double> : memory_of_rank<float>;
    std::vector<MemoryItem> other =
        parts_of(config, model, *training, validation.get(), plan, rank);
    if (rank > 0 && total_bytes(other) <= total_bytes(parts)) continue;
    largest = rank;
    parts = std::move(other);
  }
  parts.push_back({"program, libraries, MPI", base});
  const auto megabytes = [](std::uint64_t bytes) { return static_cast<double>(bytes) * 1e-6; };
  std::string text = fmt::format("{:<12}{:.0f} MB at the most, by rank {}:\n", "memory",
                                 megabytes(total_bytes(parts)), largest);
  for (const MemoryItem& part : parts) {
    text += fmt::format("  {:<44}{:>10.1f} MB\n", part.name, megabytes(part.bytes));
  }
  return text;
}

// "2 x 512", what its units are projected to, whether they go both ways, and whether steps become
// fewer.
std::string layers_of(const Config& config, const char* between) {
  return fmt::format("{}{}{}", config.layers, between, config.hidden) +
         (config.projection == 0 ? "" : fmt::format(", projected to {}", config.projection)) +
         (config.bidirectional ? ", both directions" : "") +
         (config.pyramid == 1 ? "" : fmt::format(", a pyramid of {}", config.pyramid));
}

}  // namespace

std::string describe_run(const Communicator& world, const Config& config,
                         const ParameterLayout& layout, int threads, std::int64_t step,
                         std::int64_t total) {
  return fmt::format(
      "{} {}, {:.2f} M parameters, {} lanes in {} blocks, window {}; {} rank{} x {} "
      "thread{}, "
      "{}, {} reduction; {} {} of {}",
      config.cell, layers_of(config, " x "), static_cast<double>(layout.elements()) * 1e-6,
      config.lanes, config.lanes / config.block, config.window, world.size(),
      world.size() == 1 ? "" : "s", threads, threads == 1 ? "" : "s", kernels::selected_target(),
      config.reducer, step == 0 ? "from step" : "resumes at step", step, total);
}

std::string describe_plan(const Communicator& world, const Config& config, const Dataset& data) {
  const NetworkPlan model = data.model(config);
  const ParameterLayout layout = model.layout();
  const LanePlan plan{config.lanes, config.block, world.size()};
  const BlockPlan blocks = plan.blocks();
  const auto training = data.split("train");
  const std::int64_t steps = total_steps(config, *training);
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<12}{}\n", name, value);
  };
  line("model",
       fmt::format("{}, {}, {}: {} parameters", config.cell, layers_of(config, " layers of "),
                   data.task().describe_inputs(config, data.columns()), layout.elements()));
  line("data", fmt::format("{}: {}", config.data, data.task().describe_training(*training)));
  line("steps", fmt::format("{} of {}{} tokens each ({} lanes x window {})", steps,
                            config.window_varies ? "about " : "", config.lanes * config.window,
                            config.lanes, config.window));
  line("work", fmt::format("{:.2f} GFLOP a step, {:.1f} TFLOP in all",
                           model.training_flops_per_step(training->second_steps()) * 1e-9 *
                               static_cast<double>(config.lanes * config.window),
                           model.training_flops_per_step(training->second_steps()) * 1e-12 *
                               static_cast<double>(config.lanes * config.window * steps)));
  line("ranks", fmt::format("{} with {} thread{} each; {} blocks of {} lanes, at most {} a rank; "
                            "idle share {:.1f} %",
                            plan.ranks, config.threads, config.threads == 1 ? "" : "s",
                            blocks.blocks, config.block, blocks.most(), 100 * blocks.idle()));
  return text + describe_memory(config, model, data, plan);
}

}  // namespace rondo::apps
