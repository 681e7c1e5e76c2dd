// `rondo suspects`: the samples of a split that are likely labelled wrongly, by a trained model.
#include "rondo/train/suspects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/predicting/answers_text.hpp"
#include "apps/predicting/measured_model.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/data/excerpts.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/machine.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/figures/suspects.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;
using tasks::Suspect;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "suspects",
      .summary =
          "Lists the samples of a split on which a model is sure and the target differs, worst "
          "first:\n"
          "what may be labelled wrongly. The same list on any number of ranks and threads. A "
          "sample's "
          "score:\n"
          "  classes    log p(answer) - log p(target); of labels summed over those that differ; "
          "where\n"
          "             each step has a class, that of the worst step\n"
          "  numbers    the error over the root of the mean square of the split's errors, or over "
          "the\n"
          "             deviation that the model says (--loss gaussian); of forecasts the first "
          "row's\n"
          "  texts      log p(answer) - log p(target), over the symbols of the longer one and its "
          "end",
      .example =
          "  rondo suspects runs/names --data names.rondo --split train\n"
          "  mpirun -n 2 rondo suspects runs/lines --data lines.rondo --most 50 --json\n",
      .positional = "run",
      .options =
          {
              {.name = "run", .value_name = "RUN|FILE", .help = "a run, or one checkpoint"},
              best_option([](const GivenOptions& given) -> const char* {
                return is_folder(given.text("run")) ? nullptr : "a file is named, not a run";
              }),
              {.name = "data", .value_name = "FILE", .help = "the prepared data set"},
              {.name = "split",
               .value_name = "NAME",
               .help = "train, validation or test",
               .default_text = "train"},
              {.name = "most",
               .value_name = "N",
               .help = "so many are listed",
               .default_text = "20"},
              {.name = "beam",
               .value_name = "N",
               .help = "of texts: how wide the model's own one is searched for",
               .default_text = "1"},
              threads_option("threads a rank", "as many as there are cores for it"),
              vector_option(),
              json_option("print one JSON object"),
          },
  };
  return line;
}

const char* score_of(const Task& task, const Columns& columns) {
  if (tasks::said_column_of(columns) != nullptr) {
    return "log p(answer) - log p(target) a symbol";
  }
  if (task.sequence_targets(columns)->numbers > 0) return "error in usual errors";
  return "log p(answer) - log p(target)";
}

std::string plain(const Json& value) {
  if (value.is_string()) return in_one_line(value.get<std::string>());
  if (value.is_number()) return fmt::format("{:.6g}", value.get<double>());
  std::string names;
  for (const Json& name : value) names += (names.empty() ? "" : ";") + name.get<std::string>();
  return in_one_line(names);
}

// The rows of a series are many, and their place tells enough.
std::string source_of(const SequenceSource* stored, const Columns& columns,
                      const Suspect& suspect) {
  return stored == nullptr ? "" : excerpt(*stored, columns, suspect.sequence);
}

class Report {
 public:
  Report(const AskedModel& asked, std::string split, const WindowSource& windows)
      : asked_(asked), split_(std::move(split)), sequences_(windows.whole()->sequences()) {
    if (dynamic_cast<const ForecastSequences*>(windows.whole()) != nullptr) return;
    stored_ = open_sequences(data().shared_file(), data().stored_columns(), split_);
  }

  std::string text(std::span<const Suspect> worst, std::size_t all) const {
    std::string text =
        fmt::format("{} on {} of {}: {} samples differ from their targets; score: {}\n",
                    asked_.where, split_, data().file().path().string(), all, score());
    if (worst.empty()) return text;
    text += "rank\tscore\tsample\ttarget\tanswer\tsource\n";
    for (std::size_t i = 0; i < worst.size(); ++i) {
      const Suspect& suspect = worst[i];
      text += fmt::format("{}\t{:.4f}\t{}{}{}\t{}\t{}\t{}\n", i + 1, suspect.score,
                          suspect.sequence + 1,
                          suspect.step < 0 ? "" : fmt::format(" step {}", suspect.step + 1),
                          suspect.number.empty() ? "" : " " + suspect.number, plain(suspect.given),
                          plain(suspect.said), source(suspect));
    }
    return text;
  }

  Json json(std::span<const Suspect> worst, std::size_t all) const {
    Json list = Json::array();
    for (const Suspect& suspect : worst) {
      Json one = {
          {"rank", list.size() + 1}, {"score", suspect.score}, {"sequence", suspect.sequence + 1}};
      if (suspect.step >= 0) one["step"] = suspect.step + 1;
      if (!suspect.number.empty()) one["number"] = suspect.number;
      one["target"] = suspect.given;
      one["answer"] = suspect.said;
      if (stored_) one["source"] = source(suspect);
      list.push_back(std::move(one));
    }
    return {{"model", asked_.where},
            {"data", data().file().path().string()},
            {"split", split_},
            {"score", score()},
            {"sequences", sequences_},
            {"differ", all},
            {"suspects", std::move(list)}};
  }

 private:
  const Dataset& data() const { return *asked_.data; }
  const char* score() const { return score_of(data().task(), data().columns()); }
  std::string source(const Suspect& suspect) const {
    return source_of(stored_.get(), data().stored_columns(), suspect);
  }

  const AskedModel& asked_;
  std::string split_;
  std::int64_t sequences_;
  std::unique_ptr<SequenceSource> stored_;  // none of series
};

template <class Real>
int list_suspects(Communicator& world, const GivenOptions& given, const AskedModel& asked) {
  std::optional<MeasuredModel<Real>> measured;
  const std::string split = given.text("split", "train");
  std::int64_t most = 0, beam = 0;
  phase(world, [&] {
    most = given.integer("most", 20, 1, keys::million);
    beam = given.integer("beam", 1, 1, 1024);
    const Dataset& data = *asked.data;
    if (!has_suspects(data.task(), data.columns())) {
      throw_input(
          "{} is prepared for the task '{}', which gives sequences no target to disagree "
          "with: rondo suspects is for tasks that answer sequences",
          data.file().path().string(), data.task().name());
    }
    measured.emplace(asked, split);
    if (given.has("beam") && tasks::said_column_of(data.columns()) == nullptr) {
      throw_input("--beam is for models that say texts, and this one's task is '{}'",
                  data.task().name());
    }
    measured->check_room(world);
  });
  const int usual_threads = default_threads(world);
  ThreadPool pool(threads_of(given, usual_threads), kernels::set_float_mode);
  const SavedModel<Real>& model = measured->model;
  Evaluator<Real> evaluator(model.plan, model.layout, model.parameters.data(),
                            evaluation_shape(model.config, *measured->split), world);
  const std::vector<Suspect> all =
      find_suspects(model, evaluator, *measured->split, asked.data->columns(), beam, pool, world);
  if (world.rank() != 0) return static_cast<int>(ExitCode::finished);
  const auto worst = std::span(all).first(std::min(all.size(), static_cast<std::size_t>(most)));
  const Report report(asked, split, *measured->split);
  if (given.flag("json")) {
    print_result(
        "{}\n",
        report.json(worst, all.size()).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_result("{}", report.text(worst, all.size()));
  }
  return static_cast<int>(ExitCode::finished);
}

int suspects_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");
  GivenOptions given;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    require_options(command_line(), given, {"run", "data"});
    if (world.rank() == 0) say_if_any(idle_options(command_line(), given));
  });
  const AskedModel asked = read_model_and_data(world, given, given.text("run"));
  return with_precision(asked.state, asked.where,
                        [&]<class Real>() { return list_suspects<Real>(world, given, asked); });
}

}  // namespace

const CommandLine& suspects_command_line() { return command_line(); }

int run_suspects(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return suspects_in(world, arguments); });
}

}  // namespace rondo::apps
