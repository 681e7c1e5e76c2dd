// `rondo eval`: the loss of a checkpoint, or of the n-gram baseline, on a split.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/predicting/measured_model.hpp"
#include "apps/predicting/said_text.hpp"
#include "apps/predicting/spelling/fusion_options.hpp"
#include "apps/predicting/spelling/spelt_text.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/feedback.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/saved_model.hpp"
#include "tasks/decoding/retrieval.hpp"
#include "tasks/decoding/said_column.hpp"

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

CommandLine make_command_line() {
  CommandLine line = {
      .command = "eval",
      .summary = "Measures a model, or the baseline to compare it with, on a split of a data set.",
      .example =
          "  rondo eval --checkpoint runs/kjv --data kjv.rondo --split test\n"
          "  rondo eval --baseline --data kjv.rondo --split test\n"
          "  rondo eval --checkpoint runs/etth1 --data etth1.rondo --backtest 4\n",
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
              {.name = "backtest",
               .value_name = "FOLDS",
               .help =
                   "of forecasts: the errors of so many equal parts of the split's time, and of "
                   "each row ahead, with the baselines beside"},
              {.name = "data", .value_name = "FILE", .help = "the prepared data set"},
              {.name = "split",
               .value_name = "NAME",
               .help = "train, validation or test",
               .default_text = "test"},
              {.name = "retrieval",
               .value_name = "N",
               .help = "of texts that are said: how often a sequence's own text is the likeliest "
                       "among it and N - 1 drawn ones of the split (recall_at_1), or one of the "
                       "likeliest five (recall_at_5); and how often a text is likelier of its own "
                       "sequence than of theirs (source_recall_at_1, source_recall_at_5)"},
              threads_option("threads a rank", "as many as there are cores for it",
                             beside_the_baseline),
              vector_option(beside_the_baseline),
              json_option("print one JSON object"),
          },
  };
  for (const Option& option : judged_saying_options()) line.options.push_back(option);
  for (const Option& option : fusion_options()) line.options.push_back(option);
  return line;
}

const CommandLine& command_line() {
  static const CommandLine line = make_command_line();
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

// Parts of a backtest; 0: there is none.
int folds_of(const GivenOptions& given, const Task& task) {
  const auto folds = static_cast<int>(given.integer("backtest", 0, 1, 10'000));
  if (folds > 0 && !task.has_backtests()) {
    throw_input("--backtest is of forecasts, and the data set is prepared for the task '{}'",
                task.name());
  }
  return folds;
}

// What was measured, and of a backtest the table.
void print_all(const std::vector<Task::Baseline>& measured, const GivenOptions& given,
               const Dataset& data) {
  const std::string split = given.text("split", "test");
  const bool json = given.flag("json");
  for (const Task::Baseline& each : measured) print(each.name, data, split, each.evaluation, json);
  if (given.has("backtest") && !json) print_result("{}", data.task().backtest_text(measured));
}

int eval_baseline(const GivenOptions& given) {
  Dataset data(given.text("data"));
  const std::string split = given.text("split", "test");
  TaskSettings settings;
  settings.horizon = given.integer("horizon", settings.horizon, 1, 100'000);
  settings.season = given.integer("season", settings.season, 1, keys::million);
  data.read_as(settings);
  data.task().check_split(data, split);
  Task::BaselineOptions options;
  options.order = static_cast<int>(given.integer("order", options.order, 1, 16));
  options.folds = folds_of(given, data.task());
  print_all(data.task().baselines(data, split, options), given, data);
  return static_cast<int>(ExitCode::finished);
}

template <class Real>
Evaluation measure_model(Communicator& world, const SavedModel<Real>& model,
                         const WindowSource& split, const Dataset& data, int folds,
                         std::int64_t beam, const tasks::Fusion* fusion, ThreadPool& pool) {
  const Task& task = data.task();
  const auto judge = [&](const Answers& answers, const SequenceSource& sequences) {
    Evaluation evaluation = task.judge(answers, data.columns(), sequences);
    if (folds > 0) task.backtest(answers, sequences, folds, evaluation);
    return evaluation;
  };
  if (model.config.feeds_back()) {
    const auto whole =
        dynamic_cast<const ForecastSequences&>(*split.whole()).like(whole_shape(model.config));
    return judge(answer_by_feedback(model, *whole, pool, world), *whole);
  }
  Evaluator<Real> evaluator(model.plan, model.layout, model.parameters.data(),
                            evaluation_shape(model.config, split), world);
  if (folds == 0) {
    return *measure(evaluator, split, task, data.columns(), pool, nullptr, {}, beam, fusion);
  }
  return judge(*evaluator.answer(split, *task.sequence_targets(data.columns()), pool),
               *split.whole());
}

template <class Real>
int eval_checkpoint(Communicator& world, const GivenOptions& given, const AskedModel& asked) {
  std::optional<MeasuredModel<Real>> measured_model;
  const Dataset& data = *asked.data;
  const Column *said = nullptr, *spelt = nullptr;
  std::int64_t beam = 1;
  tasks::Judged judged;
  const std::int64_t among = given.integer("retrieval", 0, 2, keys::million);
  const std::string name = given.text("split", "test");
  int folds = 0;
  phase(world, [&] {
    folds = folds_of(given, data.task());
    measured_model.emplace(asked, name);
    said = tasks::said_column_of(data.columns());
    if (said == nullptr && among > 0) {
      throw_input("--retrieval is for models that say texts, and this one's task is '{}'",
                  data.task().name());
    }
    if (data.task().spells()) {  // which takes no search of symbol after symbol
      if (among > 0) {
        throw_input(
            "--retrieval is for models that say symbol after symbol, and this one's task is '{}'",
            data.task().name());
      }
      beam = spelling_of(given, *said).beam;
      spelt = std::exchange(said, nullptr);
    } else {
      refuse_spelling(given, data.task().name());
      if (said == nullptr) refuse_saying(given, data.task().name());
    }
    if (said != nullptr)
      judged = judged_of(given, data.columns(), *measured_model->split->whole(), name);
    measured_model->check_room(world);
  });
  const SavedModel<Real>& model = measured_model->model;
  const WindowSource& split = *measured_model->split;
  const int usual_threads = default_threads(world);
  ThreadPool pool(threads_of(given, usual_threads), kernels::set_float_mode);
  std::unique_ptr<tasks::Fusion> fusion;
  if (spelt != nullptr) fusion = open_fusion(given, *spelt, world, pool);
  Evaluation evaluation = measure_model(world, model, split, data, folds, beam, fusion.get(), pool);
  if (said != nullptr && judged.decode.beam > 0) {
    const tasks::MakeScorer voter = tasks::scorer_of(model, pool);
    tasks::judge_texts(
        {&voter, 1}, split, data.columns(), judged, world, pool, [] {}, evaluation);
  }
  if (among > 0) {
    const tasks::MakeScorer voter = tasks::scorer_of(model, pool);
    phase(world, [&] { tasks::check_retrieval(split, data.columns(), among); });
    tasks::judge_retrieval({&voter, 1}, split, data.columns(), among, judged.decode, world, pool,
                           evaluation);
  }
  if (world.rank() != 0) return static_cast<int>(ExitCode::finished);
  std::vector<Task::Baseline> measured{{asked.where, std::move(evaluation), "the model"}};
  if (folds > 0) {
    Task::BaselineOptions options;
    options.folds = folds;
    std::ranges::move(data.task().baselines(data, name, options), std::back_inserter(measured));
  }
  print_all(measured, given, data);
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
    for (const auto& options : {judged_saying_options(), fusion_options()}) {
      for (const Option& option : options) {
        if (!given.has(option.name) || !given.flag("baseline")) continue;
        throw_input("--{} is a checkpoint's: the baseline searches for nothing", option.name);
      }
    }
    if (given.has("retrieval") && given.flag("baseline")) {
      throw_input("--retrieval is a checkpoint's: the baseline knows no likelihoods");
    }
    if (world.rank() == 0) say_if_any(idle_options(command_line(), given));
  });
  if (given.flag("baseline")) return world.rank() == 0 ? eval_baseline(given) : 0;

  AskedModel asked = read_model_and_data(world, given, given.text("checkpoint"));
  return with_precision(asked.state, asked.where,
                        [&]<class Real>() { return eval_checkpoint<Real>(world, given, asked); });
}

}  // namespace

const CommandLine& eval_command_line() { return command_line(); }

int run_eval(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return eval_in(world, arguments); });
}

}  // namespace rondo::apps
