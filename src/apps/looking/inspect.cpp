
#include <filesystem>

#include "apps/commands.hpp"
#include "apps/looking/describe.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

const char* best_of_a_file(const GivenOptions& given) {
  return is_folder(given.text("file")) ? nullptr : "a file is named, not a run";
}

const char* beside_a_digest(const GivenOptions& given) {
  return given.flag("digest") || given.flag("digest-state") ? "a digest stands alone" : nullptr;
}

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "inspect",
      .summary = "Describes a data set, a checkpoint, or the newest good checkpoint of a run.",
      .example =
          "  rondo inspect runs/book\n"
          "  rondo inspect runs/book/checkpoint-000000001000.h5 --digest\n"
          "  rondo inspect book.rondo --json\n",
      .positional = "file",
      .options =
          {
              {.name = "file", .value_name = "FILE|RUN", .help = "what to look at"},
              {.name = "best",
               .help = "of a run, the checkpoint with the best validation loss",
               .idle = best_of_a_file},
              {.name = "digest", .help = "print the sha256 of the weights alone"},
              {.name = "digest-state",
               .help = "print the sha256 of all that the next step depends on, alone"},
              json_option(),
              {.name = "spectra",
               .help = "add eigenvalues and singular values of the recurrent matrices, a gate at a "
                       "time (slow for large layers)",
               .idle = beside_a_digest},
          },
  };
  return line;
}

}  // namespace

int run_inspect(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"file"});
  const bool digest_alone = given.flag("digest");
  const bool state_alone = given.flag("digest-state");
  const bool json = given.flag("json");
  if (digest_alone + state_alone + json > 1) {
    throw_input("--digest, --digest-state and --json exclude each other");
  }
  const fs::path asked = given.text("file");

  nlohmann::ordered_json description;
  if (is_dataset(asked)) {
    for (const char* flag : {"best", "digest", "digest-state", "spectra"}) {
      if (given.flag(flag)) {
        throw_input("--{} is for checkpoints, and {} is a data set", flag, asked.string());
      }
    }
    description = describe_dataset(DatasetReader(asked));
  } else {
    say_if_any(idle_options(command_line(), given));
    const fs::path path = resolve_checkpoint(asked, given.flag("best"), say);
    const NamedState state = read_checkpoint(path);
    if (digest_alone || state_alone) {
      print_result("{}\n", digest_alone ? parameter_digest(state) : state_digest(state));
      return static_cast<int>(ExitCode::finished);
    }
    description = describe_checkpoint(path, state, given.flag("spectra"));
  }
  print_result("{}", json ? description.dump(2, ' ', false,
                                             nlohmann::ordered_json::error_handler_t::replace) +
                                "\n"
                          : to_text(description));
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
