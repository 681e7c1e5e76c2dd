#include "apps/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

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
         "\nrondo COMMAND --help explains a command, rondo --version names versions.\n";
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"prepare", "turns texts and tables into a data set", run_prepare},
      {"train", "trains a model, alone, under mpirun or under srun", run_train},
      {"eval", "measures a model or the baseline on a split", run_eval},
      {"generate", "writes text with a trained model", run_generate},
      {"predict", "answers a table's sequences with a trained model", run_predict},
      {"check-data", "names what is likely wrong in a data set, before training", run_check_data},
      {"suspects", "lists samples that a model is sure are labelled wrongly", run_suspects},
      {"inspect", "describes a data set, a checkpoint or a run", run_inspect},
      {"compare", "sets runs side by side: figures, configurations, curves", run_compare},
      {"export", "writes a trained model for other programs", run_export},
      {"verify", "trains steps of a run again and compares: the same bits?", run_verify},
      {"replay", "tells which samples made a step's loss and gradient", run_replay},
      {"bench", "measures parts of rondo beside what the processor allows", run_bench},
      {"doctor", "checks hosts, network and run folder before a long run", run_doctor},
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

int run_rondo(const std::vector<std::string>& arguments) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the user's limit is a failed write, not the end
  if (arguments.empty()) throw_input("rondo needs a command: rondo --help lists them");
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_result("{}", overview());
    return static_cast<int>(ExitCode::finished);
  }
  if (name == "--version") {
    print_result("{}", version_text());
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
