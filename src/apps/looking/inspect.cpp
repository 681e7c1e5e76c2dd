
#include <fmt/format.h>

#include <filesystem>

#include "apps/commands.hpp"
#include "apps/looking/describe.hpp"
#include "apps/looking/describe_sweep.hpp"
#include "apps/looking/reach.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/pictures/picture_file.hpp"
#include "apps/sweep/sweep_folder.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "io/output_file.hpp"
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
      .summary =
          "Describes a data set, a checkpoint, the newest good checkpoint of a run, or a "
          "sweep.",
      .example =
          "  rondo inspect runs/book\n"
          "  rondo inspect runs/book/checkpoint-000000001000.h5 --digest\n"
          "  rondo inspect book.rondo --json\n"
          "  rondo inspect runs/book --gradient-reach --data book.rondo --svg reach.svg\n",
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
              {.name = "gradient-reach",
               .help = "add how far back gradients reach, layer by layer, and whether the run's "
                       "window is long enough for them",
               .idle = beside_a_digest},
              {.name = "data",
               .value_name = "FILE",
               .help = "for --gradient-reach: the prepared data set to measure on"},
              {.name = "split",
               .value_name = "NAME",
               .help = "of it: train, validation or test",
               .default_text = "train"},
              {.name = "window",
               .value_name = "N",
               .help = "steps to look back at most, where windows cut sequences",
               .default_text = "four times the run's, as far as the data allow"},
              {.name = "svg", .value_name = "FILE", .help = "draw how far they reach as an SVG"},
              threads_option("threads to measure it with", "1"),
              {.name = "spectra",
               .help = "add eigenvalues and singular values of the recurrent matrices, a gate at a "
                       "time (slow for large layers)",
               .idle = beside_a_digest},
          },
  };
  return line;
}

const OwnKind own_picture = {"a picture that rondo inspect drew",
                             [](const fs::path& path) { return is_picture_of(path, "inspect"); }};

// InputError unless what --gradient-reach needs is there, and nothing of it alone.
void check_reach_options(const GivenOptions& given) {
  if (given.flag("gradient-reach")) {
    if (!given.has("data")) {
      throw_input("--gradient-reach is measured on data: add --data FILE, a prepared data set");
    }
    if (given.has("svg")) check_output(given.text("svg"), "--svg", own_picture);
    return;
  }
  for (const char* name : {"data", "split", "window", "svg", "threads"}) {
    if (given.has(name))
      throw_input("--{} is for --gradient-reach: add that, or leave it out", name);
  }
}

void refuse_checkpoint_options(const GivenOptions& given, const char* what) {
  for (const char* flag : {"best", "digest", "digest-state", "spectra", "gradient-reach"}) {
    if (!given.flag(flag)) continue;
    throw_input("--{} is for checkpoints, and {} is {}", flag, given.text("file"), what);
  }
}

MeasuredReach measured_as_asked(const GivenOptions& given, const NamedState& state,
                                const fs::path& path) {
  ReachQuestion question;
  question.asked = given.text("file");
  question.data = given.text("data");
  question.split = given.text("split", "train");
  question.window = given.integer("window", 0, 2, keys::million);
  question.threads = threads_of(given, 1);
  choose_kernels(given);
  return measure_reach(state, path.string(), question);
}

void draw(const MeasuredReach& measured, const fs::path& path) {
  clean_up_when_stopped();
  write_picture(path, draw_reach(measured), own_picture);
  say(fmt::format("{} shows how far gradients reach", path.string()));
}

}  // namespace

const CommandLine& inspect_command_line() { return command_line(); }

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
  check_reach_options(given);
  const fs::path asked = given.text("file");

  nlohmann::ordered_json description;
  std::string text;
  if (is_folder(asked) && is_sweep(asked)) {
    refuse_checkpoint_options(given, "a sweep");
    description = describe_sweep(asked);
    text = sweep_text(description);
  } else if (is_dataset(asked)) {
    refuse_checkpoint_options(given, "a data set");
    description = describe_dataset(DatasetReader(asked));
    text = to_text(description);
  } else {
    say_if_any(idle_options(command_line(), given));
    const fs::path path = resolve_checkpoint(asked, given.flag("best"), say);
    const NamedState state = read_checkpoint(path);
    if (digest_alone || state_alone) {
      print_result("{}\n", digest_alone ? parameter_digest(state) : state_digest(state));
      return static_cast<int>(ExitCode::finished);
    }
    description = describe_checkpoint(path, state, given.flag("spectra"));
    text = to_text(description);
    if (given.flag("gradient-reach")) {
      const MeasuredReach measured = measured_as_asked(given, state, path);
      if (given.has("svg")) draw(measured, given.text("svg"));
      description["gradient_reach"] = reach_json(measured);
      text += reach_text(measured);
    }
  }
  print_result("{}", json ? description.dump(2, ' ', false,
                                             nlohmann::ordered_json::error_handler_t::replace) +
                                "\n"
                          : text);
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
