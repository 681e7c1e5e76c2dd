#include <fmt/format.h>

#include <filesystem>
#include <string_view>

#include "apps/commands.hpp"
#include "apps/compare/picture.hpp"
#include "apps/compare/runs_given.hpp"
#include "apps/compare/summary.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/pictures/picture_file.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "io/output_file.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "compare",
      .summary =
          "Sets runs side by side: best figures, speed, where their configurations differ, "
          "curves.",
      .example =
          "  rondo compare runs/seed-1 runs/seed-2 runs/seed-3\n"
          "  rondo compare runs/* --svg curves.svg --across hours\n",
      .positional = "run",
      .options =
          {
              compare::runs_option(),
              {.name = "svg", .value_name = "FILE", .help = "draw their curves as an SVG"},
              {.name = "across",
               .value_name = "NAME",
               .help = "what the picture shows across: steps, tokens or hours",
               .default_text = "steps"},
              json_option(),
          },
  };
  return line;
}

const compare::Across& find_across(std::string_view name) {
  for (const compare::Across& across : compare::across_table()) {
    if (across.name == name) return across;
  }
  throw_input("--across takes steps, tokens or hours, not \"{}\"", name);
}

const OwnKind own_picture = {
    "a picture that rondo compare drew",
    [](const std::filesystem::path& path) { return is_picture_of(path, "compare"); }};

}  // namespace

const CommandLine& compare_command_line() { return command_line(); }

int run_compare(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"run"});
  const compare::Across& across = find_across(given.text("across", "steps"));
  if (given.has("across") && !given.has("svg")) {
    throw_input("--across is for the picture: add --svg FILE");
  }
  if (given.has("svg")) check_output(given.text("svg"), "--svg", own_picture);
  const compare::Summary summary = compare::summarize(compare::read_each(
      given.list("run"), [](const std::string& folder) { return compare::read_run(folder, say); }));
  if (given.has("svg")) {
    const std::filesystem::path path = given.text("svg");
    clean_up_when_stopped();
    write_picture(path, draw(summary, across), own_picture);
    say(fmt::format("{} shows the curves", path.string()));
  }
  print_result(
      "{}",
      given.flag("json")
          ? to_json(summary).dump(2, ' ', false, compare::Json::error_handler_t::replace) + "\n"
          : to_text(summary));
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
