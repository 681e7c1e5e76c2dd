#include "apps/report/reported_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "apps/compare/runs_given.hpp"
#include "apps/compare/summary.hpp"
#include "apps/looking/describe.hpp"
#include "apps/pictures/visible.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo::apps::report {
namespace {

namespace fs = std::filesystem;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

// Of a run's folder, "." and ".." resolved.
std::string folder_name(const std::string& folder) {
  std::error_code unknown;
  fs::path path = fs::absolute(folder, unknown).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  return path.filename().empty() ? folder : printable(path.filename());
}

ReportedRun read(const std::string& folder, bool best) {
  ReportedRun run;
  run.folder = folder;
  run.record = compare::read_run(folder, say, [&](const Json& line) { run.metrics.take(line); });
  run.metrics.finish();
  if (run.record.has_checkpoint) {
    run.model = read_model(folder, best, [](const std::string&) {});
    // What is told is that of the weights that are measured: of a run that diverges not the newest.
    if (run.record.checkpoint["file"] != printable(run.model->path)) {
      run.record.checkpoint = describe_checkpoint(run.model->path, run.model->state, false);
    }
  }
  return run;
}

void name_runs(std::vector<ReportedRun>& runs) {
  std::map<std::string, int> times;
  for (const ReportedRun& run : runs) ++times[folder_name(run.folder)];
  for (ReportedRun& run : runs) {
    const std::string name = folder_name(run.folder);
    run.name = times[name] > 1 ? run.record.name : name;
    run.record.name = run.name;
  }
}

}  // namespace

std::vector<ReportedRun> read_reported_runs(const std::vector<std::string>& folders, bool best) {
  std::vector<ReportedRun> runs =
      compare::read_each(folders, [&](const std::string& folder) { return read(folder, best); });
  name_runs(runs);
  std::ranges::stable_sort(runs, [](const ReportedRun& one, const ReportedRun& other) {
    return compare::is_better(one.record, other.record);
  });
  return runs;
}

std::string file_name(const std::string& path) {
  const fs::path whole = fs::path(path).lexically_normal();
  return printable(whole.filename().empty() ? whole.parent_path().filename() : whole.filename());
}

std::string setting(const ReportedRun& run, const std::string& key) {
  const Json& configuration = run.record.checkpoint["configuration"];
  const auto found = configuration.find(key);
  return found == configuration.end() ? "" : text_of(*found);
}

std::string in_a_line(const ReportedRun& run) {
  const Json& told = run.record.checkpoint;
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  if (run.model) add(task_of(run.model->state, run.model->path.string()).name());
  if (!setting(run, "cell").empty()) {
    add(fmt::format("{} {} × {}{}", setting(run, "cell"), setting(run, "layers"),
                    setting(run, "hidden"),
                    setting(run, "bidirectional") == "true" ? ", both directions" : ""));
    const std::string pyramid = setting(run, "pyramid");
    if (!pyramid.empty() && pyramid != "1") add("a pyramid of " + pyramid);
  }
  if (told["parameters"].is_number()) {
    add(grouped(told["parameters"].get<std::int64_t>()) + " parameters");
  }
  if (told["step"].is_number()) {
    const std::string finished = told["finished"] == true ? "finished" : "not finished";
    add(fmt::format("step {}{}", grouped(told["step"].get<std::int64_t>()),
                    run.record.has_checkpoint ? ", " + finished : ", no checkpoint"));
  }
  return text;
}

std::string trained_facts(const ReportedRun& run) {
  const Json& told = run.record.checkpoint;
  Facts list;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) list.emplace_back(name, value);
  };
  add("data set", file_name(setting(run, "data")));
  if (told["step"].is_number()) {
    add("trained to step", grouped(told["step"].get<std::int64_t>()));
    const std::string epochs = setting(run, "epochs");
    const std::string steps = setting(run, "steps");
    add("the run's length", !epochs.empty() && epochs != "0" ? epochs + " epochs"
                            : steps.empty()                  ? ""
                                                             : steps + " steps");
  }
  add("a batch",
      setting(run, "lanes").empty()
          ? ""
          : fmt::format("{} lanes × {} steps", setting(run, "lanes"), setting(run, "window")));
  if (!setting(run, "optimizer").empty()) {
    add("updates", fmt::format("{}, rate {}, schedule {}", setting(run, "optimizer"),
                               setting(run, "rate"), setting(run, "schedule")));
  }
  add("seed", setting(run, "seed"));
  add("numerics version", text_of(told["numerics"]));
  const std::string described = facts(list);
  list.clear();
  add("fingerprint of the data set", text_of(told["data_fingerprint"]));
  add("digest of the weights", text_of(told["parameter_digest"]));
  return described + (list.empty() ? "" : digests(list));
}

std::string columns_table(const ReportedRun& run) {
  if (!run.model) return "";
  const std::string where = run.model->path.string();
  const Task& task = task_of(run.model->state, where);
  Table columns{{"column", "role", "kind", "holds", "most frequent in training"}, {}, 5};
  for (const Column& column : task.load_columns(run.model->state)) {
    std::string holds = column.is_real() ? fmt::format("{} number{} a value", column.width,
                                                       column.width == 1 ? "" : "s")
                                         : fmt::format("{} symbols", column.vocabulary->size());
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < column.counts.size(); ++i) order.push_back(i);
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t i) { return column.counts[i]; });
    std::string most;
    for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 6); ++i) {
      most += fmt::format("{}{} {}", i == 0 ? "" : ", ", visible(column.symbol_name(order[i])),
                          grouped(column.counts[order[i]]));
    }
    columns.rows.push_back(
        {column.name, name_of(column.role), column.kind_in_table(), holds, most});
  }
  if (std::ranges::all_of(columns.rows, [](const auto& row) { return row.back().empty(); })) {
    columns.head.pop_back();
    for (auto& row : columns.rows) row.pop_back();
  }
  return table(columns);
}

}  // namespace rondo::apps::report
