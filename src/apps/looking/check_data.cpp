// `rondo check-data`: what is likely wrong in a data set, before anybody trains on it.
#include "data/checks/check_data.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/tasks/dataset.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "check-data",
      .summary =
          "Names what is likely wrong in a prepared data set of sequences: inputs in two splits, "
          "the "
          "same\n"
          "inputs with different targets, targets that steps cannot spell (transcribe, frames not "
          "stacked),\n"
          "unknown symbols, sequences without content, classes that train lacks, numbers further "
          "than 10\n"
          "deviations of train from its mean (but of pictures and sound files). Each by its number "
          "in its\n"
          "split, from 1. Ends with 0 whatever it finds.",
      .example =
          "  rondo check-data names.rondo\n"
          "  rondo check-data lines.rondo --most 100 --json\n",
      .positional = "data",
      .options = {{.name = "data", .value_name = "FILE", .help = "the prepared data set"},
                  {.name = "most",
                   .value_name = "N",
                   .help = "so many sequences of each kind are named",
                   .default_text = "5"},
                  json_option("print one JSON object")},
  };
  return line;
}

std::string verdict_of(const CheckedData& data) {
  std::string kinds;
  for (const Check& check : data.checks) {
    if (check.count == 0) continue;
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", check.name, check.count);
  }
  return kinds.empty() ? "nothing is wrong that these checks know" : "look at: " + kinds;
}

std::string text_of(const std::string& path, const CheckedData& data) {
  std::string text = path + ':';
  for (const auto& [split, sequences] : data.splits) {
    text += fmt::format("{} {} {}", text.ends_with(':') ? "" : ",", split, sequences);
  }
  text += " sequences\n";
  for (const Check& check : data.checks) {
    text += fmt::format("{:>9}  {:<16} {}\n", check.count, check.name, check.meaning);
  }
  for (const Check& check : data.checks) {
    if (check.count == 0) continue;
    text += fmt::format("\n{}:\n", check.name);
    for (const Finding& found : check.first) {
      text += fmt::format("  {} {}: {}: {}\n", found.split, found.sequence + 1, found.detail,
                          found.excerpt);
    }
    const std::int64_t more = check.count - std::ssize(check.first);
    if (more > 0) text += fmt::format("  and {} more\n", more);
  }
  return text + "\n" + verdict_of(data) + "\n";
}

Json json_of(const std::string& path, const Task& task, const CheckedData& data) {
  Json splits = Json::object(), checks = Json::array();
  for (const auto& [split, sequences] : data.splits) splits[split] = sequences;
  for (const Check& check : data.checks) {
    Json first = Json::array();
    for (const Finding& found : check.first) {
      first.push_back({{"split", found.split},
                       {"sequence", found.sequence + 1},
                       {"detail", found.detail},
                       {"excerpt", found.excerpt}});
    }
    checks.push_back({{"name", check.name},
                      {"meaning", check.meaning},
                      {"count", check.count},
                      {"first", std::move(first)}});
  }
  return {{"data", path},
          {"task", task.name()},
          {"sequences", std::move(splits)},
          {"checks", std::move(checks)},
          {"verdict", verdict_of(data)}};
}

}  // namespace

const CommandLine& check_data_command_line() { return command_line(); }

int run_check_data(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"data"});
  const std::int64_t most = given.integer("most", 5, 1, keys::million);
  const std::string path = given.text("data");
  const Dataset data(path);
  if (!data.task().table_targets()) {
    throw_input(
        "{} is prepared for the task '{}', and rondo check-data is for data sets of "
        "sequences, made from tables",
        path, data.task().name());
  }
  const CheckedData checked =
      check_data(data.shared_file(), data.stored_columns(), data.task().spells(), most);
  if (given.flag("json")) {
    print_result(
        "{}\n",
        json_of(path, data.task(), checked).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_result("{}", text_of(path, checked));
  }
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
