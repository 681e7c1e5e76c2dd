#include "apps/again/run_again.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/options/model_options.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/first_parameters.hpp"
#include "apps/training/opened_data.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/version.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/saved_run.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::json;

std::string text_of(const NamedState& state, const char* name, const std::string& where) {
  const auto found = state.texts.find(name);
  if (found == state.texts.end()) throw_input("{} has no entry '{}'", where, name);
  return found->second;
}

void check_numerics(const std::string& numerics, const std::string& run) {
  if (numerics == std::to_string(numerics_version)) return;
  throw_input(
      "{} was trained with numerics version {}, and this rondo has {}, which computes other bits: "
      "take the rondo that trained it",
      run, numerics, numerics_version);
}

// What a run's steps depend on, and nothing that is written, shown or broken on purpose.
Config quiet(const std::string& text, const std::string& where) {
  Config config = config_from_text(text, where);
  static_cast<FaultSettings&>(config) = {};
  config.run.clear();
  config.resume = config.dry_run = config.accept_numerics = false;
  config.max_steps = 0;
  config.max_minutes = config.hang_minutes = config.checkpoint_minutes = 0;
  config.checkpoint_every = config.check_every = config.sample_every = 0;
  if (!listens_to_validation(config)) config.validate_every = 0;
  return config;
}

// Rank 0's finding, as all ranks get it.
struct Found {
  Json plan;  // begin, where, data_fingerprint, stretches: [from, configuration]
  NamedState state;
};

// The configuration of a run whose first start left no line: any of its checkpoints has one.
std::string oldest_configuration(const std::string& run, std::string& fingerprint) {
  const std::vector<CheckpointFile> files = whole_checkpoints(run);
  if (files.empty()) {
    throw_input("{} has neither a whole checkpoint nor a start in metrics.jsonl to go on from",
                run);
  }
  const NamedState state = read_checkpoint(files.front().path);
  const std::string where = files.front().path.string();
  fingerprint = text_of(state, "data_fingerprint", where);
  check_numerics(text_of(state, "numerics", where), run);
  return text_of(state, "configuration", where);
}

Found find(const std::string& run, const PastRun& past, std::int64_t at_most) {
  Found found;
  std::string where, configuration, fingerprint;
  std::int64_t begin = 0;
  for (const CheckpointFile& file : whole_checkpoints(run)) {
    if (file.step > at_most) break;
    where = file.path.string();
    begin = file.step;
  }
  if (!where.empty()) {
    found.state = read_checkpoint(where);
    configuration = text_of(found.state, "configuration", where);
    fingerprint = text_of(found.state, "data_fingerprint", where);
    check_numerics(text_of(found.state, "numerics", where), run);
  }
  Json stretches = Json::array();
  for (const RunStart& start : past.starts) {
    if (start.step < begin) continue;
    check_numerics(std::to_string(start.numerics), run);
    if (start.step == begin) {
      configuration = start.configuration;
      fingerprint = start.data_fingerprint;
    } else {
      stretches.push_back({start.step, start.configuration});
    }
  }
  if (configuration.empty()) configuration = oldest_configuration(run, fingerprint);
  stretches.insert(stretches.begin(), Json{begin, configuration});
  found.plan = {{"begin", begin},
                {"where", where},
                {"data_fingerprint", fingerprint},
                {"stretches", std::move(stretches)}};
  return found;
}

// Tells the looks what they want to know.
class AgainListener final : public TrainingListener {
 public:
  explicit AgainListener(const Looks& looks) : looks_(looks) {}

  void report(const ProgressReport& report) override {
    if (looks_.hear) looks_.hear(report.step, report.gradient_norm);
  }
  void message(const std::string& sentence) override { say(sentence); }
  // A mark's first is of the state before a validation.
  void checkpoint(NamedState state, const DueCheckpoint& due) override { see(due.step, state); }
  void see(std::int64_t step, const NamedState& state) {
    if (enough_ || !looks_.see || !looks_.marks.contains(step)) return;
    if (!seen_.insert(step).second) return;
    if (!looks_.see(step, state)) enough_ = true;
  }
  bool enough() const { return enough_; }

 private:
  const Looks& looks_;
  std::set<std::int64_t> seen_;
  bool enough_ = false;
};

}  // namespace

const Config& RunAgain::config_of(std::int64_t step) const {
  const Config* config = &stretches.front().config;
  for (const Stretch& stretch : stretches) {
    if (stretch.from < step) config = &stretch.config;
  }
  return *config;
}

std::vector<CheckpointFile> whole_checkpoints(const std::filesystem::path& folder) {
  std::vector<CheckpointFile> files;
  for (const CheckpointFile& file : list_checkpoints(folder)) {
    if (check_checkpoint(file.path).empty()) files.push_back(file);
  }
  const std::filesystem::path best = best_path(folder);
  if (is_there(best) && check_checkpoint(best).empty()) {
    Counters counters;
    counters.load(read_checkpoint(best));
    const auto has_step = [&](const CheckpointFile& file) { return file.step == counters.step; };
    if (std::ranges::none_of(files, has_step)) files.push_back({best, counters.step});
    std::ranges::sort(files, {}, &CheckpointFile::step);
  }
  return files;
}

std::vector<Option> again_options() {
  return {{.name = "data",
           .value_name = "FILE",
           .help = "the data set that the run was trained on, where it lies elsewhere now"},
          threads_option("threads a rank", "as many as there are cores for it"),
          {.name = "memory",
           .value_name = "MB",
           .help = "for a rank's activations",
           .default_text = "1024"},
          vector_option()};
}

RunAgain find_run_again(Communicator& world, const GivenOptions& given, const std::string& run,
                        const PastRun& past, std::int64_t at_most) {
  Found found;
  std::string text;
  phase(world, [&] {
    if (world.rank() != 0) return;
    found = find(run, past, at_most);
    text = found.plan.dump(-1, ' ', false, Json::error_handler_t::replace);
  });
  broadcast(world, text, 0);
  const int usual_threads = default_threads(world);
  RunAgain again;
  phase(world, [&] {
    const Json plan = Json::parse(text);
    again.run = run;
    again.begin = plan["begin"];
    again.where = plan["where"];
    again.data_fingerprint = plan["data_fingerprint"];
    again.state = std::move(found.state);
    for (const Json& one : plan["stretches"]) {
      Config config = quiet(one[1], "the configuration in " + run);
      config.data = given.text("data", config.data);
      config.threads = threads_of(given, usual_threads);
      config.vector = given.text("vector", "auto");
      config.memory = given.number("memory", MachineSettings().memory, {0, 1e9, true});
      complete(config);
      again.stretches.push_back({one[0], std::move(config)});
    }
    check_rank_count(again.stretches.front().config, world.size());
    choose_kernels(given);
    kernels::check_float_mode();
  });
  return again;
}

void say_again(const RunAgain& again, std::int64_t end) {
  say(fmt::format("trains {} again, {}, up to step {}", again.run,
                  again.where.empty() ? "from step 0" : "from " + again.where, end));
}

std::unique_ptr<Dataset> open_same_data(Communicator& world, RunAgain& again) {
  Config& config = again.stretches.front().config;
  phase(world, [&] {
    if (config.data.empty() || !is_there(config.data)) {
      throw_input("the data set of {}, '{}', is not there: name it by --data FILE", again.run,
                  config.data);
    }
  });
  std::unique_ptr<Dataset> data = open_data(world, config, false);
  phase(world, [&] {
    if (data->file().fingerprint() != again.data_fingerprint) {
      throw_input("{} is not the data set that {} was trained on (fingerprint {}, not {})",
                  config.data, again.run, data->file().fingerprint().substr(0, 12),
                  again.data_fingerprint.substr(0, 12));
    }
  });
  return data;
}

template <class Real>
NamedState train_again(Communicator& world, RunAgain& again, const Dataset& data, ThreadPool& pool,
                       std::int64_t end, const Looks& looks) {
  const bool leads = world.rank() == 0;
  AgainListener listener(looks);
  NamedState state = std::move(again.state);
  bool drawn = again.where.empty();
  std::int64_t step = again.begin;
  for (std::size_t i = 0; i < again.stretches.size(); ++i) {
    const bool is_last = i + 1 == again.stretches.size();
    const std::int64_t until = is_last ? end : std::min(end, again.stretches[i + 1].from);
    if (!drawn && step >= until && !(i == 0 && looks.marks.contains(step))) continue;
    Config config = again.stretches[i].config;
    config.max_steps = std::max<std::int64_t>(until - step, 0);
    phase(world, [&] {
      check_memory(needed_memory<Real>(config, data, world));
      if (leads && !drawn) check_saved_run<Real>(config, data, state, again.where);
    });
    Trainer<Real> trainer(config, data, world, pool, leads ? &listener : nullptr);
    if (drawn) {
      begin_as_asked(world, config, data, trainer);
    } else {
      trainer.restore(std::move(state));
    }
    drawn = false;
    if (i == 0 && looks.marks.contains(step)) {
      const NamedState first = trainer.save();
      if (leads) listener.see(step, first);
    }
    std::int64_t asked_at = -1;
    const auto asked = [&](std::int64_t at) {
      Requests requests;
      requests.stop = listener.enough();
      requests.checkpoint = looks.marks.contains(at) && std::exchange(asked_at, at) != at;
      return requests;
    };
    std::int64_t enough = listener.enough() ? 1 : 0;
    world.maximum(std::span(&enough, 1));
    if (enough == 0 && step < until) {
      end_at_once(
          world, [&] { trainer.run(asked); }, [] {});
    }
    step = trainer.counters().step;
    state = trainer.save();
    enough = listener.enough() ? 1 : 0;
    world.maximum(std::span(&enough, 1));
    if (enough != 0 || step >= end || step < until) break;
  }
  return state;
}

template NamedState train_again<float>(Communicator&, RunAgain&, const Dataset&, ThreadPool&,
                                       std::int64_t, const Looks&);
template NamedState train_again<double>(Communicator&, RunAgain&, const Dataset&, ThreadPool&,
                                        std::int64_t, const Looks&);

}  // namespace rondo::apps
