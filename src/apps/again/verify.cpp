// `rondo verify`: trains steps of a run again, and compares.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>

#include "apps/again/past_run.hpp"
#include "apps/again/run_again.hpp"
#include "apps/again/verdict.hpp"
#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/comm/reducer.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

const CommandLine& command_line() {
  static const CommandLine line = [] {
    CommandLine verify = {
        .command = "verify",
        .summary =
            "Trains steps of a run again, on any number of ranks and any machine, and compares "
            "the\n"
            "state with the digests that the run has left in metrics.jsonl each check-every "
            "steps,\n"
            "and with its kept checkpoints. It goes on from the newest kept checkpoint up to "
            "--from,\n"
            "else from step 0, and writes nothing into the run's folder. Exit code 0: the same; "
            "1:\n"
            "it differs, and the steps between which it begins to are named.",
        .example =
            "  rondo verify runs/book --from 4000 --to 5000\n"
            "  mpirun -n 2 rondo verify runs/book --data /elsewhere/book.rondo\n",
        .positional = "run",
        .options =
            {
                {.name = "run", .value_name = "RUN", .help = "the run's folder"},
                {.name = "from",
                 .value_name = "STEP",
                 .help = "the steps behind it",
                 .default_text = "0"},
                {.name = "to",
                 .value_name = "STEP",
                 .help = "up to it",
                 .default_text = "the last that can be compared"},
            },
    };
    for (Option& option : again_options()) verify.options.push_back(std::move(option));
    verify.options.push_back(json_option("print one JSON object"));
    return verify;
  }();
  return line;
}

// What a run's states are compared with, by step.
struct Marks {
  std::map<std::int64_t, std::string> digests;
  std::map<std::int64_t, std::filesystem::path> checkpoints;

  std::set<std::int64_t> steps() const {
    std::set<std::int64_t> all;
    for (const auto& [step, digest] : digests) all.insert(step);
    for (const auto& [step, path] : checkpoints) all.insert(step);
    return all;
  }
};

Marks marks_of(const std::string& run, const PastRun& past) {
  Marks marks{past.digests, {}};
  for (const CheckpointFile& file : whole_checkpoints(run))
    marks.checkpoints[file.step] = file.path;
  return marks;
}

// Without the counters, which a validation behind the state of a digest may have changed; nothing
// where the file has gone meanwhile.
std::optional<std::string> digest_of(const std::filesystem::path& path) {
  try {
    return state_digest(read_checkpoint(path), false);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// On rank 0.
class Comparison {
 public:
  Comparison(Marks marks, const PastRun& past) : marks_(std::move(marks)), past_(past) {}

  Verdict verdict;

  bool see(std::int64_t step, const NamedState& state) {
    bool same = true;
    if (const auto digest = marks_.digests.find(step); digest != marks_.digests.end()) {
      same = state_digest(state) == digest->second;
      if (same) ++verdict.digests;
    }
    const auto file = marks_.checkpoints.find(step);
    if (same && step != verdict.begin && file != marks_.checkpoints.end()) {
      const auto digest = digest_of(file->second);
      same = !digest || *digest == state_digest(state, false);
      if (same && digest) ++verdict.checkpoints;
    }
    verdict.end = step;
    if (!same) {
      verdict.first_different = step;
      return false;
    }
    verdict.last_same = step;
    verdict.norm_same = verdict.norm_different = -1;
    tell_progress(step);
    return true;
  }

  // Digests decide; what is reported between two of them tells more closely where.
  void hear(std::int64_t step, double norm) {
    const auto reported = past_.gradient_norms.find(step);
    if (reported == past_.gradient_norms.end() || verdict.norm_different >= 0) return;
    (reported->second == norm ? verdict.norm_same : verdict.norm_different) = step;
  }

 private:
  void tell_progress(std::int64_t step) {
    constexpr std::chrono::seconds pause(10);
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ < pause) return;
    told_ = now;
    say(fmt::format("the same up to step {}", step));
  }

  Marks marks_;
  const PastRun& past_;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

void check_reducer(const RunAgain& again, std::int64_t end) {
  for (const Stretch& stretch : again.stretches) {
    if (stretch.from >= end && stretch.from > again.begin) break;
    if (same_on_all_ranks(stretch.config.reducer)) continue;
    throw_input(
        "{} was trained with --reducer {}, which promises no bits: there is nothing to compare",
        again.run, stretch.config.reducer);
  }
}

// What weights began with that nobody keeps.
void say_what_may_be_another(const RunAgain& again, const Verdict& verdict) {
  if (verdict.same() || !again.where.empty()) return;
  const Config& config = again.stretches.front().config;
  for (const std::string& file : {config.init_from, config.vectors}) {
    if (file.empty()) continue;
    say(fmt::format("the run's first weights came from {}, which may be another by now", file));
  }
}

template <class Real>
int verify(Communicator& world, const GivenOptions& given, RunAgain& again, const Dataset& data,
           Comparison& comparison, const Looks& looks) {
  ThreadPool pool(static_cast<int>(again.stretches.front().config.threads),
                  kernels::set_float_mode);
  train_again<Real>(world, again, data, pool, *looks.marks.rbegin(), looks);
  const std::string where = on_ranks(world);
  std::int64_t differs = 0;
  if (world.rank() == 0) {
    const Verdict& verdict = comparison.verdict;
    differs = verdict.same() ? 0 : 1;
    if (given.flag("json")) {
      Json json = {{"run", again.run}, {"ranks", world.size()}};
      json.update(to_json(verdict));
      print_result("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
    } else {
      print_result("{}", to_text(verdict, where));
    }
    say_what_may_be_another(again, verdict);
  }
  world.maximum(std::span(&differs, 1));
  return static_cast<int>(differs == 0 ? ExitCode::finished : ExitCode::failure);
}

int verify_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");
  GivenOptions given;
  std::string run;
  std::int64_t from = 0, to = 0;
  PastRun past;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    require_options(command_line(), given, {"run"});
    run = given.text("run");
    from = given.integer("from", 0, 0, keys::many);
    to = given.integer("to", keys::many, 1, keys::many);
    if (to <= from) throw_input("--to {} is not behind --from {}", to, from);
    if (world.rank() != 0) return;
    if (!is_folder(run)) throw_input("{} is no folder: rondo verify takes that of a run", run);
    past = read_past_run(run);
  });
  RunAgain again = find_run_again(world, given, run, past, from);

  std::optional<Comparison> comparison;
  std::vector<std::uint64_t> united;  // the steps of the marks
  phase(world, [&] {
    if (world.rank() != 0) return;
    Marks marks = marks_of(run, past);
    // A validation may stand between a checkpoint and the check of the same step.
    const bool is_checked =
        again.begin == 0 || !listens_to_validation(again.config_of(again.begin));
    const std::set<std::int64_t> known = marks.steps();
    for (const std::int64_t step : known) {
      const bool at_begin = step == again.begin && is_checked && marks.digests.contains(step);
      if (step <= to && (step > again.begin || at_begin)) {
        united.push_back(static_cast<std::uint64_t>(step));
      }
    }
    if (united.empty() || static_cast<std::int64_t>(united.back()) <= from) {
      throw_input(
          "{} has left no digest and no checkpoint of steps {} to {} to compare with "
          "(--check-every "
          "of rondo train says how often it leaves one){}",
          run, from + 1, to == keys::many ? "its end" : std::to_string(to),
          known.empty() ? "" : fmt::format("; the last is of step {}", *known.rbegin()));
    }
    check_reducer(again, static_cast<std::int64_t>(united.back()));
    comparison.emplace(std::move(marks), past);
    comparison->verdict.begin = comparison->verdict.end = again.begin;
  });
  std::vector<std::byte> bytes(std::as_bytes(std::span(united)).begin(),
                               std::as_bytes(std::span(united)).end());
  broadcast(world, bytes, 0);
  united.resize(bytes.size() / sizeof(std::uint64_t));
  std::memcpy(united.data(), bytes.data(), bytes.size());

  const std::unique_ptr<Dataset> data = open_same_data(world, again);
  Looks looks;
  looks.marks.insert(united.begin(), united.end());
  if (world.rank() == 0) {
    looks.see = [&](std::int64_t step, const NamedState& state) {
      return comparison->see(step, state);
    };
    looks.hear = [&](std::int64_t step, double norm) { comparison->hear(step, norm); };
    say_again(again, *looks.marks.rbegin());
  }
  Comparison nothing({}, past);
  Comparison& own = comparison ? *comparison : nothing;
  return again.stretches.front().config.precision == "double"
             ? verify<double>(world, given, again, *data, own, looks)
             : verify<float>(world, given, again, *data, own, looks);
}

}  // namespace

const CommandLine& verify_command_line() { return command_line(); }

int run_verify(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return verify_in(world, arguments); });
}

}  // namespace rondo::apps
