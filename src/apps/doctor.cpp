// `rondo doctor`: what a careful administrator checks before a long run.

#include "apps/commands.hpp"
#include "apps/doctor/same_bits.hpp"
#include "apps/doctor/verdicts.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/machine.hpp"

namespace rondo::apps {
namespace {

using doctor::Check;
using doctor::Facts;
using doctor::Verdict;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "doctor",
      .summary =
          "Checks hosts, cores, network and run folder before a long run, as the ranks see them.\n"
          "Start it as the run will be started. The exit code is 1 if a check is bad, 0 otherwise.",
      .example =
          "  rondo doctor\n"
          "  mpirun --host a:2,b:2 rondo doctor --run /scratch/my-run --data book.rondo\n",
      .positional = "",
      .options =
          {
              {.name = "run",
               .value_name = "FOLDER",
               .help = "where the run's checkpoints would go",
               .default_text = "the current folder"},
              {.name = "data", .value_name = "FILE", .help = "data set to look at on every host"},
              threads_option("threads a rank would have", "the host's processors over its ranks"),
              {.name = "megabytes",
               .value_name = "N",
               .help = "size of the file that is written to try the folder",
               .default_text = "64"},
              json_option(),
          },
  };
  return line;
}

// Each rank's own view of --data, with the sentence of what is wrong with it.
void look_at_data(const std::string& path, doctor::RankFacts& facts) {
  if (path.empty()) return;
  try {
    facts.data_fingerprint = Dataset(path).file().fingerprint();
  } catch (const Error& error) {
    facts.data_error = error.what();
  }
}

Facts find_out(Communicator& world, const GivenOptions& given, int threads) {
  doctor::RankFacts mine;
  phase(world, [&] {
    mine = doctor::facts_of_rank(world, threads);
    look_at_data(given.text("data"), mine);
    kernels::select_target("auto");
    kernels::set_float_mode();
  });
  ThreadPool pool(threads, kernels::set_float_mode);
  mine.thread_peak = doctor::thread_peak(world, pool);
  phase(world, [&] { mine.digest = doctor::digest_of_small_training(pool); });
  Facts facts;
  const std::vector<std::string> hosts = hosts_of_ranks(world);
  facts.links = doctor::measure_links(world, hosts);
  facts.clocks = doctor::measure_clocks(world, hosts);
  facts.ranks = doctor::gather_facts(world, mine);
  phase(world, [&] {
    if (world.rank() != 0) return;
    facts.folder =
        doctor::try_folder(given.text("run", "."), given.integer("megabytes", 64, 1, 1 << 20));
  });
  return facts;
}

void print_table(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    const char* verdict = doctor::name_of(check.verdict);
    std::string name = check.name;
    for (const std::string& finding : check.findings) {
      print_result("{:<11}{:<9}{}\n", name, name.empty() ? "" : verdict, finding);
      name.clear();
    }
    if (!check.advice.empty()) print_result("{:<20}-> {}\n", "", check.advice);
  }
}

void print_json(const Facts& facts, const std::vector<Check>& checks) {
  nlohmann::json json = {{"checks", nlohmann::json::array()}};
  for (const Check& check : checks) {
    json["checks"].push_back({{"name", check.name},
                              {"verdict", doctor::name_of(check.verdict)},
                              {"findings", check.findings},
                              {"advice", check.advice}});
  }
  json["ranks"] = facts.ranks;
  json["links"] = facts.links;
  json["clocks"] = facts.clocks;
  json["folder"] = facts.folder;
  print_result("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

int doctor_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  GivenOptions given;
  std::int64_t threads = 0;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    threads = given.integer("threads", 0, 1, 1024);
  });
  const int usual_threads = default_threads(world);
  if (threads == 0) threads = usual_threads;
  const Facts facts = find_out(world, given, static_cast<int>(threads));
  std::int64_t code = 0;
  if (world.rank() == 0) {
    const std::vector<Check> checks = judge(facts);
    given.flag("json") ? print_json(facts, checks) : print_table(checks);
    const bool bad = std::any_of(checks.begin(), checks.end(),
                                 [](const Check& check) { return check.verdict == Verdict::bad; });
    code = static_cast<int>(bad ? ExitCode::failure : ExitCode::finished);
  }
  world.maximum(std::span(&code, 1));
  return static_cast<int>(code);
}

}  // namespace

const CommandLine& doctor_command_line() { return command_line(); }

int run_doctor(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  clean_up_when_stopped();
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return doctor_in(world, arguments); });
}

}  // namespace rondo::apps
