// `rondo replay`: the samples of a step, and what each had to do with its loss and gradient.
#include <algorithm>
#include <optional>

#include "apps/again/past_run.hpp"
#include "apps/again/run_again.hpp"
#include "apps/again/sample_table.hpp"
#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/sample_shares.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

const CommandLine& command_line() {
  static const CommandLine line = [] {
    CommandLine replay = {
        .command = "replay",
        .summary =
            "Tells which samples were in a step of a run, worst first: each one's loss, the norm "
            "of\n"
            "its own gradient (its part of the step's, before clipping), and the share of the "
            "step's\n"
            "gradient that is due to it, 100 % in all, less than 0 where it pulls the other way. "
            "A\n"
            "sample is a sequence, by its number in the train split; of a text, what a lane has "
            "of\n"
            "it. Trains from the newest kept checkpoint before, else from step 0, on any number "
            "of\n"
            "ranks: the same table on each. Writes nothing into the run's folder.",
        .example =
            "  rondo replay runs/book --step 4711\n"
            "  mpirun -n 2 rondo replay runs/lines --step 120 --most 5 --json\n",
        .positional = "run",
        .options =
            {
                {.name = "run", .value_name = "RUN", .help = "the run's folder"},
                {.name = "step", .value_name = "N", .help = "the step, counted from 1"},
                {.name = "most",
                 .value_name = "N",
                 .help = "so many are listed",
                 .default_text = "20"},
            },
    };
    for (Option& option : again_options()) replay.options.push_back(std::move(option));
    replay.options.push_back(json_option("print one JSON object"));
    return replay;
  }();
  return line;
}

// The gradient of a step, as it comes.
template <class Real>
class GradientKeeper final : public TrainingListener {
 public:
  void gradient(std::span<const Real> sum, const GradientOfStep& of) override {
    sum_.assign(sum.begin(), sum.end());
    of_ = of;
  }
  void message(const std::string& sentence) override { say(sentence); }
  std::span<const Real> sum() const { return sum_; }
  const GradientOfStep& of() const { return of_; }

 private:
  using TrainingListener::gradient;
  std::vector<Real> sum_;
  GradientOfStep of_;
};

struct Question {
  std::int64_t step = 0, most = 0;
  bool json = false;
};

template <class Real>
int replay(Communicator& world, RunAgain& again, const PastRun& past, const Dataset& data,
           const Question& question) {
  ThreadPool pool(static_cast<int>(again.stretches.front().config.threads),
                  kernels::set_float_mode);
  NamedState before = train_again<Real>(world, again, data, pool, question.step - 1, {});
  NamedState state = broadcast_state(world, std::move(before));
  const Config& config = again.config_of(question.step);
  GradientKeeper<Real> keeper;
  ParameterLayout layout;
  std::int64_t total = 0;
  {
    Trainer<Real> trainer(config, data, world, pool, &keeper);
    trainer.restore(world.rank() == 0 ? state : NamedState{});
    total = trainer.total();
    if (trainer.counters().step != question.step - 1 || trainer.is_finished()) {
      throw_agreed(ExitCode::bad_input,
                   fmt::format("{} ends at step {}: there is no step {}", again.run,
                               trainer.counters().step, question.step));
    }
    end_at_once(
        world, [&] { trainer.step(); }, [] {});
    layout = trainer.layout();
  }
  const LaneShare own = LanePlan{config.lanes, config.block, world.size()}.share(world.rank());
  std::vector<SampleShare> samples;
  phase(world, [&] {
    if (keeper.sum().empty()) throw_input("step {} has no target", question.step);
    samples = measure_samples<Real>(config, data, state, layout, keeper.sum(), keeper.of().targets,
                                    total, own, pool);
  });
  samples = united(world, samples);
  if (world.rank() != 0) return static_cast<int>(ExitCode::finished);
  worst_first(samples);
  Counters counters;
  counters.load(state);
  ReplayedStep step;
  step.run = again.run;
  step.where = again.where;
  step.step = question.step;
  step.window = counters.window;
  step.epoch = data.split("train")->epoch_of(counters.window, training_lanes(config));
  step.loss = keeper.of().loss / keeper.of().targets;
  step.targets = keeper.of().targets;
  step.norm = keeper.of().norm;
  const auto reported = past.gradient_norms.find(question.step);
  if (reported != past.gradient_norms.end()) step.reported_norm = reported->second;
  const SampleTable table(data, training_lanes(config), step);
  const auto most = static_cast<std::size_t>(question.most);
  if (question.json) {
    print_result("{}\n",
                 table.json(samples, most).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_result("{}", table.text(samples, most));
  }
  return static_cast<int>(ExitCode::finished);
}

int replay_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");
  GivenOptions given;
  Question question;
  std::string run;
  PastRun past;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    require_options(command_line(), given, {"run", "step"});
    run = given.text("run");
    question.step = given.integer("step", 1, 1, keys::many);
    question.most = given.integer("most", 20, 1, keys::million);
    question.json = given.flag("json");
    if (world.rank() != 0) return;
    if (!is_folder(run)) throw_input("{} is no folder: rondo replay takes that of a run", run);
    past = read_past_run(run);
  });
  RunAgain again = find_run_again(world, given, run, past, question.step - 1);
  const std::unique_ptr<Dataset> data = open_same_data(world, again);
  phase(world, [&] {
    const std::int64_t steps = total_steps(again.config_of(question.step), *data->split("train"));
    if (question.step > steps) {
      throw_input("{} ends at step {}: there is no step {}", run, steps, question.step);
    }
  });
  if (world.rank() == 0) {
    say_again(again, question.step - 1);
  }
  return again.config_of(question.step).precision == "double"
             ? replay<double>(world, again, past, *data, question)
             : replay<float>(world, again, past, *data, question);
}

}  // namespace

const CommandLine& replay_command_line() { return command_line(); }

int run_replay(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return replay_in(world, arguments); });
}

}  // namespace rondo::apps
