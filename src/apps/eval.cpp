// `rondo eval`: the loss of a checkpoint, or of the n-gram baseline, on a split.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/saved_model.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::apps {
namespace {

const char* beside_the_baseline(const GivenOptions& given) {
  return given.flag("baseline") ? "the baseline is counted, by one thread" : nullptr;
}

const char* best_of_no_run(const GivenOptions& given) {
  if (given.flag("baseline")) return "the baseline has no checkpoint";
  return best_of_a_file(given);
}

const char* mean_of_no_run(const GivenOptions& given) {
  return given.flag("baseline") ? "the baseline has no checkpoints" : nullptr;
}

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "eval",
      .summary = "Measures a model, or the baseline to compare it with, on a split of a data set.",
      .example =
          "  rondo eval --checkpoint runs/kjv --data kjv.rondo --split test\n"
          "  rondo eval --baseline --data kjv.rondo --split test\n",
      .positional = "",
      .options =
          {
              checkpoint_option(),
              best_option(best_of_no_run),
              average_checkpoints_option(mean_of_no_run),
              {.name = "baseline",
               .value_name = "",
               .help =
                   "measure what is counted on the train split: of texts an n-gram, Witten-Bell "
                   "for characters, modified Kneser-Ney for words and subwords; of tables the "
                   "most frequent class, or the mean"},
              {.name = "order",
               .value_name = "N",
               .help = "of the baseline: it foresees a token from N - 1 before it",
               .default_text = "5"},
              {.name = "horizon",
               .value_name = "N",
               .help = "of the baselines of forecasts: rows ahead",
               .default_text = "1"},
              {.name = "season",
               .value_name = "N",
               .help = "of the baselines of forecasts: rows after which a series repeats itself",
               .default_text = "1"},
              {.name = "data", .value_name = "FILE", .help = "the prepared data set"},
              {.name = "split",
               .value_name = "NAME",
               .help = "train, validation or test",
               .default_text = "test"},
              threads_option("threads a rank", "as many as there are cores for it",
                             beside_the_baseline),
              vector_option(beside_the_baseline),
              json_option("print one JSON object"),
          },
  };
  return line;
}

void print(const std::string& what, const Dataset& data, const std::string& split,
           const Evaluation& evaluation, bool json) {
  if (json) {
    print_result("{}\n", data.task().figures_json(what, evaluation, data, split).dump());
  } else {
    print_result("{}", data.task().figures_text(what, evaluation, data, split));
  }
}

int eval_baseline(const GivenOptions& given) {
  Dataset data(given.text("data"));
  const std::string split = given.text("split", "test");
  TaskSettings settings;
  settings.horizon = given.integer("horizon", settings.horizon, 1, 100'000);
  settings.season = given.integer("season", settings.season, 1, keys::million);
  data.read_as(settings);
  data.task().check_split(data, split);
  const auto order = static_cast<int>(given.integer("order", 5, 1, 16));
  for (const Task::Baseline& baseline : data.task().baselines(data, split, order)) {
    print(baseline.name, data, split, baseline.evaluation, given.flag("json"));
  }
  return static_cast<int>(ExitCode::finished);
}

template <class Real>
int eval_checkpoint(Communicator& world, const GivenOptions& given, const NamedState& state,
                    const std::string& where, Dataset& data) {
  std::unique_ptr<SavedModel<Real>> model;
  std::unique_ptr<WindowSource> split;
  const std::string name = given.text("split", "test");
  phase(world, [&] {
    model = std::make_unique<SavedModel<Real>>(state, where);
    check_columns(model->task, model->stored_columns, data, where, given.text("checkpoint"));
    data.read_as(model->config);
    data.task().check_split(data, name);
    split = data.split(name);
    const EvaluationShape shape = evaluation_shape(model->config, *split);
    const LanePlan plan = shape.plan(world.size());
    if (plan.ranks > plan.blocks().blocks) {
      throw_input("{} ranks are more than the {} blocks that the model is evaluated in", plan.ranks,
                  plan.blocks().blocks);
    }
    const PassShape pass =
        bounded_pass<Real>(model->plan, shape.block, plan.share(world.rank()).blocks(),
                           shape.longest, false, shape.memory);
    check_memory(Network<Real>::bytes(model->plan, pass).total());
  });
  const int usual_threads = default_threads(world);
  ThreadPool pool(threads_of(given, usual_threads), kernels::set_float_mode);
  Evaluator<Real> evaluator(model->plan, model->layout, model->parameters.data(),
                            evaluation_shape(model->config, *split), world);
  const Evaluation evaluation = *measure(evaluator, *split, data.task(), data.columns(), pool);
  if (world.rank() == 0) print(where, data, name, evaluation, given.flag("json"));
  return static_cast<int>(ExitCode::finished);
}

int eval_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");

  GivenOptions given;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    require_options(command_line(), given, {"data"});
    if (given.flag("baseline") == given.has("checkpoint")) {
      throw_input("rondo eval takes one of --checkpoint PATH and --baseline");
    }
    for (const char* name : {"order", "horizon", "season"}) {
      if (!given.has(name) || given.flag("baseline")) continue;
      throw_input("--{} is the baseline's: a checkpoint has {}", name,
                  std::string_view(name) == "order" ? "none" : "its own");
    }
    if (world.rank() == 0) say_if_any(idle_options(command_line(), given));
  });
  if (given.flag("baseline")) return world.rank() == 0 ? eval_baseline(given) : 0;

  std::unique_ptr<Dataset> data;
  NamedState state;
  std::string where;
  phase(world, [&] {
    choose_kernels(given);
    data = std::make_unique<Dataset>(given.text("data"));
    if (world.rank() != 0) return;
    ModelFile file = read_asked_model(given, given.text("checkpoint"));
    where = file.path.string();
    state = std::move(file.state);
  });
  broadcast(world, where, 0);
  state = broadcast_state(world, std::move(state));
  return with_precision(state, where, [&]<class Real>() {
    return eval_checkpoint<Real>(world, given, state, where, *data);
  });
}

}  // namespace

int run_eval(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return eval_in(world, arguments); });
}

}  // namespace rondo::apps
