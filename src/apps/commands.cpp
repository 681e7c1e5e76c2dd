#include "apps/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "apps/options/options.hpp"
#include "apps/predicting/predict_options.hpp"
#include "apps/words/program_version.hpp"
#include "apps/words/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"
#include "rondo/core/version.hpp"
#include "rondo/io/hdf5_version.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps {
namespace {

std::string overview() {
  std::string text =
      "rondo trains recurrent neural networks on many nodes, with the same bits wherever it runs.\n"
      "\nusage: rondo COMMAND [--name value]...\n\ncommands:\n";
  for (const Command& command : commands()) {
    text += fmt::format("  {:<12}{}\n", command.name, command.summary);
  }
  return text +
         "\nexample:\n"
         "  rondo prepare --task text --level char --input book.txt --output book.rondo\n"
         "  mpirun -n 2 rondo train --data book.rondo --run runs/book --steps 1000\n"
         "\nrondo COMMAND --help explains a command, rondo --version [--json] names versions.\n";
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"prepare", "turns texts and tables into a data set", run_prepare, prepare_command_line},
      {"train", "trains a model, alone, under mpirun or under srun", run_train, train_command_line},
      {"eval", "measures a model or the baseline on a split", run_eval, eval_command_line},
      {"generate", "writes text with a trained model", run_generate, generate_command_line},
      {"predict", "answers a table's sequences with a trained model", run_predict,
       predict_command_line},
      {"ngram", "counts a text's n-grams, a language model for predict and eval", run_ngram,
       ngram_command_line},
      {"check-data", "names what is likely wrong in a data set, before training", run_check_data,
       check_data_command_line},
      {"suspects", "lists samples that a model is sure are labelled wrongly", run_suspects,
       suspects_command_line},
      {"inspect", "describes a data set, a checkpoint or a run", run_inspect, inspect_command_line},
      {"compare", "sets runs side by side: figures, configurations, curves", run_compare,
       compare_command_line},
      {"report", "writes what there is to see of runs as one HTML page", run_report,
       report_command_line},
      {"export", "writes a trained model for other programs", run_export, export_command_line},
      {"verify", "trains steps of a run again and compares: the same bits?", run_verify,
       verify_command_line},
      {"replay", "tells which samples made a step's loss and gradient", run_replay,
       replay_command_line},
      {"bench", "measures parts of rondo beside what the processor allows", run_bench, nullptr},
      {"doctor", "checks hosts, network and run folder before a long run", run_doctor,
       doctor_command_line},
  };
  return table;
}

std::string version_text() {
  const std::vector<std::string> targets = kernels::supported_targets();
  const std::string vectors =
      targets.empty() ? "none on this processor" : fmt::format("{}", fmt::join(targets, ", "));
  return fmt::format("rondo {}\nnumerics {}\nMPI {}\nHDF5 {}\nvector instructions {}\n",
                     program_version(), numerics_version, mpi_library(), hdf5_version(), vectors);
}

std::string version_json() {
  nlohmann::ordered_json version;
  version["rondo"] = program_version();
  version["numerics"] = numerics_version;
  version["mpi"] = mpi_library();
  version["hdf5"] = hdf5_version();
  version["vector_instructions"] = kernels::supported_targets();
  return version.dump() + "\n";
}

int run_rondo(const std::vector<std::string>& arguments) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the user's limit is a failed write, not the end
  if (arguments.empty()) throw_input("rondo needs a command: rondo --help lists them");
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_result("{}", overview());
    return static_cast<int>(ExitCode::finished);
  }
  if (name == "--version") {
    const bool as_json = arguments.size() == 2 && arguments[1] == "--json";
    if (arguments.size() > 1 && !as_json) {
      throw_input("rondo --version takes --json and nothing else, not \"{}\"", arguments[1]);
    }
    print_result("{}", as_json ? version_json() : version_text());
    return static_cast<int>(ExitCode::finished);
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (name == command.name) return command.run({arguments.begin() + 1, arguments.end()});
    names.emplace_back(command.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw_input("\"{}\" is no command of rondo; {}", name,
              nearest.empty() ? "rondo --help lists them" : "did you mean " + nearest + "?");
}

}  // namespace rondo::apps
