#include "apps/compare/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <utility>

#include "rondo/core/nearest_name.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps::compare {
namespace {

std::string plain(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Whether a key can change a curve. One that this rondo does not know may.
bool changes_curves(const std::string& name) {
  static const std::set<std::string> groups = {"files", "rhythm", "machine", "tests"};
  static const std::set<std::string> starting_point = {"init-from", "vectors", "reducer"};
  const ConfigKey* key = find_config_key(name);
  if (key == nullptr || starting_point.contains(name)) return true;
  return key->owner == KeyOwner::run && !groups.contains(key->group);
}

struct Setting {
  std::string key, value;
};

// All that can change a run's curve, in the order of the table of keys.
std::vector<Setting> settings_of(const RunRecord& run) {
  std::vector<Setting> settings;
  for (const auto& [name, value] : run.checkpoint["configuration"].items()) {
    if (changes_curves(name)) settings.push_back({name, plain(value)});
  }
  settings.push_back({"data", plain(run.checkpoint["data_fingerprint"]).substr(0, 8)});
  return settings;
}

std::vector<Difference> find_differences(const std::vector<RunRecord>& runs) {
  std::vector<Difference> all;
  for (std::size_t run = 0; run < runs.size(); ++run) {
    if (!runs[run].has_checkpoint) continue;
    for (const Setting& setting : settings_of(runs[run])) {
      auto found = std::find_if(all.begin(), all.end(),
                                [&](const Difference& each) { return each.key == setting.key; });
      if (found == all.end()) {
        found = all.insert(all.end(), {setting.key, std::vector<std::string>(runs.size(), "-")});
      }
      found->values[run] = setting.value;
    }
  }
  std::erase_if(all, [&](const Difference& each) {
    std::set<std::string> values;  // of the runs whose configuration is known
    for (std::size_t run = 0; run < runs.size(); ++run) {
      if (runs[run].has_checkpoint) values.insert(each.values[run]);
    }
    return values.size() == 1;
  });
  return all;
}

// Whether runs that differ in a key alone are the same thing tried again.
bool is_repetition(const std::string& key) { return key == "seed" || key == "fold"; }

void measure(SeedGroup& group, const Summary& summary) {
  const auto loss_of = [&](std::size_t run) { return summary.runs[run].best()->loss; };
  const auto count = static_cast<double>(group.runs.size());
  for (const std::size_t run : group.runs) group.mean += loss_of(run) / count;
  double squares = 0;
  for (const std::size_t run : group.runs) squares += std::pow(loss_of(run) - group.mean, 2);
  // The runs are sorted: of two in the middle their mean.
  const auto loss_at = [&](std::size_t place) { return loss_of(group.runs[place]); };
  group.median = (loss_at((group.runs.size() - 1) / 2) + loss_at(group.runs.size() / 2)) / 2;
  group.deviation = std::sqrt(squares / (count - 1));
}

std::vector<SeedGroup> find_seeds(const Summary& summary) {
  std::map<std::vector<std::string>, SeedGroup> groups;
  for (std::size_t run = 0; run < summary.runs.size(); ++run) {
    if (!summary.runs[run].best() || !summary.runs[run].has_checkpoint) continue;
    std::vector<std::string> others;
    for (const Difference& difference : summary.differences) {
      if (!is_repetition(difference.key)) others.push_back(difference.values[run]);
    }
    groups[others].runs.push_back(run);
  }
  std::vector<SeedGroup> seeds;
  for (auto& [values, group] : groups) {
    if (group.runs.size() < 2) continue;
    measure(group, summary);
    seeds.push_back(std::move(group));
  }
  std::stable_sort(seeds.begin(), seeds.end(), [](const SeedGroup& one, const SeedGroup& other) {
    return one.runs.front() < other.runs.front();
  });
  return seeds;
}

std::string bits(double loss) { return fmt::format("{:.3f} bits", loss / std::numbers::ln2); }

// Whether a column holds numbers below its heading.
bool numeric(const std::vector<std::vector<std::string>>& rows, std::size_t column) {
  return std::all_of(rows.begin() + 1, rows.end(), [&](const std::vector<std::string>& row) {
    return row[column] == "-" || (!row[column].empty() && std::isdigit(row[column].front()) != 0);
  });
}

// Columns as wide as their widest entry, two spaces between them, numbers to the right; the first
// row is the heading.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += numeric(rows, i) ? fmt::format("{:>{}}  ", row[i], widths[i])
                               : fmt::format("{:<{}}  ", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string numbered(std::size_t run) { return fmt::format("{}", run + 1); }

std::string figures_text(const Summary& summary) {
  std::vector<std::vector<std::string>> rows = {{"", "run", "best validation", "", "at step",
                                                 "last training", "steps", "", "tokens/s",
                                                 "of peak"}};
  for (std::size_t i = 0; i < summary.runs.size(); ++i) {
    const RunRecord& run = summary.runs[i];
    const auto best = run.best();
    const bool trained = !run.training.empty();
    rows.push_back(
        {numbered(i), run.name, best ? fmt::format("{:.4f}", best->loss) : "-",
         best ? bits(best->loss) : "", best ? fmt::format("{:.0f}", best->step) : "-",
         trained ? fmt::format("{:.4f}", run.training.back().loss) : "-",
         run.checkpoint["step"].is_null() ? "-" : plain(run.checkpoint["step"]),
         !run.has_checkpoint                  ? "no checkpoint"
         : run.checkpoint["finished"] == true ? "finished"
                                              : "not finished",
         run.tokens_per_second > 0 ? fmt::format("{:.0f}", run.tokens_per_second) : "-",
         run.share_of_peak > 0 ? fmt::format("{:.0f} %", 100 * run.share_of_peak) : "-"});
  }
  return aligned(rows);
}

std::string differences_text(const Summary& summary) {
  const bool known = std::all_of(summary.runs.begin(), summary.runs.end(),
                                 [](const RunRecord& run) { return run.has_checkpoint; });
  if (summary.differences.empty()) {
    return known ? "\nThe configurations are the same.\n"
                 : "\nThe configurations that are known do not differ.\n";
  }
  std::vector<std::vector<std::string>> rows(summary.runs.size() + 1);
  rows[0].emplace_back("");
  for (std::size_t i = 0; i < summary.runs.size(); ++i) rows[i + 1].push_back(numbered(i));
  for (const Difference& difference : summary.differences) {
    rows[0].push_back(difference.key);
    for (std::size_t i = 0; i < summary.runs.size(); ++i) {
      rows[i + 1].push_back(difference.values[i].empty() ? "-" : difference.values[i]);
    }
  }
  return "\nwhere their configurations differ:\n" + aligned(rows);
}

std::string seeds_text(const Summary& summary) {
  if (summary.seeds.empty()) return "";
  std::vector<std::vector<std::string>> rows = {
      {"runs", "mean of the best validations", "", "median", "standard deviation"}};
  for (const SeedGroup& group : summary.seeds) {
    std::string runs;
    for (const std::size_t run : group.runs) runs += (runs.empty() ? "" : ", ") + numbered(run);
    rows.push_back({runs, fmt::format("{:.4f}", group.mean), bits(group.mean),
                    fmt::format("{:.4f}", group.median), fmt::format("{:.4f}", group.deviation)});
  }
  std::vector<std::string> over;
  for (const Difference& difference : summary.differences) {
    if (is_repetition(difference.key)) over.push_back(difference.key + "s");
  }
  return fmt::format("\nover {}:\n", list_names(over, "and")) + aligned(rows);
}

Json curve_json(const std::vector<CurvePoint>& curve) {
  Json list = Json::array();
  for (const CurvePoint& point : curve) {
    list.push_back({{"step", point.step},
                    {"targets", point.targets},
                    {"seconds", point.seconds},
                    {"loss", point.loss}});
  }
  return list;
}

}  // namespace

bool is_better(const RunRecord& one, const RunRecord& other) {
  const auto here = one.best();
  const auto there = other.best();
  return here && (!there || here->loss < there->loss);
}

Summary summarize(std::vector<RunRecord> runs) {
  std::stable_sort(runs.begin(), runs.end(), is_better);
  Summary summary{std::move(runs), {}, {}};
  summary.differences = find_differences(summary.runs);
  summary.seeds = find_seeds(summary);
  return summary;
}

std::string to_text(const Summary& summary) {
  return figures_text(summary) + differences_text(summary) + seeds_text(summary);
}

Json to_json(const Summary& summary) {
  Json runs = Json::array();
  for (const RunRecord& run : summary.runs) {
    const auto best = run.best();
    runs.push_back({{"run", run.name},
                    {"step", run.checkpoint["step"]},
                    {"finished", run.checkpoint["finished"]},
                    {"parameters", run.checkpoint["parameters"]},
                    {"best_validation", best ? curve_json({*best})[0] : Json(nullptr)},
                    {"tokens_per_second", run.tokens_per_second},
                    {"share_of_peak", run.share_of_peak},
                    {"configuration", run.checkpoint["configuration"]},
                    {"training", curve_json(run.training)},
                    {"validation", curve_json(run.validation)}});
  }
  Json differences = Json::object();
  for (const Difference& difference : summary.differences) {
    differences[difference.key] = difference.values;
  }
  Json seeds = Json::array();
  for (const SeedGroup& group : summary.seeds) {
    seeds.push_back({{"runs", group.runs},
                     {"mean", group.mean},
                     {"median", group.median},
                     {"deviation", group.deviation}});
  }
  return {{"runs", runs}, {"differences", differences}, {"seeds", seeds}};
}

std::string differences_of(const Summary& summary, std::size_t run) {
  std::string text;
  for (const Difference& difference : summary.differences) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", difference.key, difference.values[run]);
  }
  return text;
}

}  // namespace rondo::apps::compare
