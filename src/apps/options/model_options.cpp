#include "apps/options/model_options.hpp"

#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/checkpoint_mean.hpp"

namespace rondo::apps {

Option checkpoint_option() {
  return {.name = "checkpoint",
          .value_name = "PATH",
          .help = "a checkpoint, or a run's folder: its newest good one"};
}

Option several_checkpoints_option() {
  Option option = checkpoint_option();
  option.help += "; several, or the members of a sweep's folder, vote";
  option.many = true;
  return option;
}

Option best_option(WhyIdle idle, const std::string& of) {
  return {.name = "best", .help = "the best checkpoint of " + of, .idle = idle};
}

Option average_checkpoints_option(WhyIdle idle) {
  return {.name = "average-checkpoints",
          .value_name = "N",
          .help = "the mean of a run's newest N checkpoints, in place of the newest alone",
          .default_text = "1",
          .idle = idle};
}

Option threads_option(const std::string& help, const std::string& usual, WhyIdle idle) {
  return {.name = "threads", .value_name = "N", .help = help, .default_text = usual, .idle = idle};
}

Option vector_option(WhyIdle idle) {
  return {.name = "vector",
          .value_name = "NAME",
          .help = "vector instructions: auto, avx2, avx512, neon",
          .default_text = "auto",
          .idle = idle};
}

Option json_option(const std::string& help) { return {.name = "json", .help = help}; }

const char* best_of_a_file(const GivenOptions& given) {
  return is_folder(given.text("checkpoint")) ? nullptr : "a file is named, not a run";
}

ModelFile read_asked_model(const GivenOptions& given, const std::string& asked) {
  if (!given.has("average-checkpoints")) return read_model(asked, given.flag("best"), say);
  if (given.flag("best")) {
    throw_input(
        "--best is one checkpoint, and --average-checkpoints the mean of several: give one "
        "of the two");
  }
  return read_mean_model(asked, given.integer("average-checkpoints", 1, 1, keys::million), say);
}

int threads_of(const GivenOptions& given, int usual) {
  return static_cast<int>(given.integer("threads", usual, 1, 1024));
}

void choose_kernels(const GivenOptions& given) {
  kernels::select_target(given.text("vector", "auto"));
  kernels::set_float_mode();
  kernels::prove_target();
}

}  // namespace rondo::apps
