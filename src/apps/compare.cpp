#include <fmt/format.h>

#include <filesystem>

#include "apps/commands.hpp"
#include "apps/compare/picture.hpp"
#include "apps/compare/summary.hpp"
#include "apps/options.hpp"
#include "apps/say.hpp"
#include "io/file_system.hpp"
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
              {.name = "run", .value_name = "RUN", .help = "folders of runs", .many = true},
              {.name = "svg", .value_name = "FILE", .help = "draw their curves as an SVG"},
              {.name = "across",
               .value_name = "NAME",
               .help = "what the picture shows across: steps, tokens or hours",
               .default_text = "steps"},
              {.name = "json", .help = "print everything as JSON, for programs"},
          },
  };
  return line;
}

const compare::Across& find_across(const std::string& name) {
  for (const compare::Across& across : compare::across_table()) {
    if (across.name == name) return across;
  }
  throw_input("--across takes steps, tokens or hours, not \"{}\"", name);
}

}  // namespace

int run_compare(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"run"});
  const compare::Across& across = find_across(given.text("across", "steps"));
  if (given.has("across") && !given.has("svg")) {
    throw_input("--across is for the picture: add --svg FILE");
  }
  std::vector<compare::RunRecord> runs;
  for (const std::string& run : given.list("run")) runs.push_back(compare::read_run(run, say));
  const compare::Summary summary = compare::summarize(std::move(runs));
  if (given.has("svg")) {
    const std::filesystem::path path = given.text("svg");
    TemporaryFile file(path);
    const std::string text = draw(summary, across);
    file.write(0, std::as_bytes(std::span(text)));
    file.flush();
    file.close();
    file.rename();
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
