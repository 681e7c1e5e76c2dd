// What a run was made with, and how it is made again.
#include <fmt/format.h>

#include <set>

#include "apps/report/reported_run.hpp"
#include "rondo/core/shell_quote.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps::report {
namespace {

// Where files lie and what a machine is like changes no bit; when checkpoints, reports and samples
// come, neither.
// But for when validations come, to which a run may listen.
bool changes_bits(const ConfigKey& key) {
  static const std::set<std::string> groups = {"rhythm", "machine", ""};
  static const std::set<std::string> others = {"data", "run", "resume"};
  if (key.name == "reducer" || key.name == "validate-every") return true;
  return key.owner == KeyOwner::run && !groups.contains(key.group) && !others.contains(key.name);
}

bool is_file(const ConfigKey& key) { return key.value_name == "FILE" || key.value_name == "PATH"; }

}  // namespace

std::string configuration_list(const ReportedRun& run) {
  Facts keys;
  for (const auto& [name, value] : run.record.checkpoint["configuration"].items()) {
    const ConfigKey* key = find_config_key(name);
    if (name == "run" || name == "resume" || (key != nullptr && key->group.empty())) continue;
    const std::string text = setting(run, name);
    // Of files the names: where they lie is no part of a run.
    keys.emplace_back(name, key != nullptr && is_file(*key) ? file_name(text) : text);
  }
  return short_facts(keys);
}

std::string training_command(const ReportedRun& run) {
  const Config usual;
  std::string command =
      fmt::format("rondo train --data {} --run {}", shell_quoted(file_name(setting(run, "data"))),
                  shell_quoted(run.name + "-again"));
  for (const ConfigKey& key : config_keys()) {
    const std::string value = setting(run, key.name);
    if (value.empty() || value == key.print(usual) || !changes_bits(key)) continue;
    command += " \\\n  --" + key.name;
    if (!key.value_name.empty())
      command += ' ' + shell_quoted(is_file(key) ? file_name(value) : value);
  }
  const Json& told = run.record.checkpoint;
  if (told["finished"] != true) {
    command += fmt::format(" \\\n  --max-steps {}", told["step"].get<std::int64_t>());
  }
  return command;
}

std::string reproduction(const ReportedRun& run) {
  if (!run.record.has_checkpoint) {
    return paragraph("There is no checkpoint, and so no configuration to train it again by.");
  }
  const Json& told = run.record.checkpoint;
  const auto text = [&](const char* key) {
    return told[key].is_string() ? told[key].get<std::string>() : told[key].dump();
  };
  const std::string again = shell_quoted(run.name + "-again");
  std::string body =
      preformatted(training_command(run) + fmt::format("\nrondo inspect {} --digest", again));
  body += digests(
      {{"which prints, with data of the fingerprint above and numerics version " + text("numerics"),
        text("parameter_digest")}});
  if (setting(run, "reducer") != "exact") {
    body += paragraph(
        "The run did not add its gradients exactly (reducer " + setting(run, "reducer") +
        "), so the same bits come out on as many ranks of the same machines alone, if at all.");
  } else {
    body += paragraph(
        "On any number of ranks and threads of any machine. Of a run that was given other keys "
        "when "
        "it was resumed, the command has the last ones: it comes to the same bits only with the "
        "same changes at the same steps.",
        "small muted");
  }
  return body;
}

}  // namespace rondo::apps::report
