#include "apps/report/figures.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "tasks/figures/class_figures.hpp"

namespace rondo::apps::report {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "–";
}

std::string loss_text(double loss) {
  return fmt::format("{:.4f} nats, {:.3f} bits", loss, loss / std::numbers::ln2);
}

// Shares of targets that are each right or not: of those an interval is known.
bool counts_targets(const std::string& name) { return name == "accuracy" || name == "exact_match"; }

std::string whole(double step) { return grouped(static_cast<std::int64_t>(step)); }

}  // namespace

std::string interval_text(const std::string& name, double value, double targets) {
  if (!counts_targets(name) || !(targets >= 1) || !(value >= 0 && value <= 1)) return "";
  const tasks::Interval interval =
      tasks::interval_of(std::llround(value * targets), static_cast<std::int64_t>(targets));
  return fmt::format("{:.1f} to {:.1f} %", 100 * interval.low, 100 * interval.high);
}

std::string first_figures(const ReportedRun& run) {
  const RunMetrics& metrics = run.metrics;
  Facts list;
  if (const auto best = run.record.best()) {
    list.emplace_back(fmt::format("least validation loss, step {}", whole(best->step)),
                      fmt::format("{:.4f}", best->loss));
  }
  for (const FigureCurve& figure : metrics.validation) {
    if (figure.name == "loss" || list.size() >= 3) continue;
    const double value = metrics.at_best(figure.name);
    if (std::isfinite(value)) list.emplace_back(figure.name + " at that step", number(value));
  }
  if (!metrics.loss.empty()) {
    list.emplace_back("last training loss", fmt::format("{:.4f}", metrics.loss.back().second));
  }
  if (metrics.clock.starts() > 0) list.emplace_back("trained for", duration(metrics.clock.total()));
  return list.empty() ? "" : cards(list);
}

std::string validation_table(const ReportedRun& run) {
  const RunMetrics& metrics = run.metrics;
  if (metrics.validation.empty()) {
    return paragraph("The run has not validated: --validate-every N does.", "muted");
  }
  Table figures{{"figure", fmt::format("least loss, step {}", whole(metrics.best_step())),
                 fmt::format("last, step {}", whole(metrics.last_step())), "95 % interval"},
                {},
                1};
  bool has_interval = false;
  for (const FigureCurve& figure : metrics.validation) {
    const double last = metrics.last(figure.name);
    // Of texts the targets are symbols.
    const std::string interval = figure.name == "exact_match"
                                     ? ""
                                     : interval_text(figure.name, last, metrics.validation_targets);
    has_interval = has_interval || !interval.empty();
    figures.rows.push_back(
        {figure.name, number(metrics.at_best(figure.name)), number(last), interval});
  }
  if (!has_interval) {
    figures.head.pop_back();
    for (auto& row : figures.rows) row.pop_back();
  }
  std::string text = table(figures);
  if (metrics.validation_targets > 0) {
    text += paragraph(
        fmt::format("Of {} targets of the validation split.", whole(metrics.validation_targets)),
        "small muted");
  }
  return text;
}

std::string comparison(const std::vector<ReportedRun>& runs, const compare::Summary& summary) {
  Table figures{
      {"run", "best validation", "at step", "last training", "step", "", "steps/s", "of peak"},
      {},
      1};
  for (const ReportedRun& run : runs) {
    const auto best = run.record.best();
    const Json& told = run.record.checkpoint;
    figures.rows.push_back(
        {run.name, best ? loss_text(best->loss) : "–", best ? whole(best->step) : "–",
         run.record.training.empty() ? "–" : number(run.record.training.back().loss),
         told["step"].is_number() ? grouped(told["step"].get<std::int64_t>()) : "–",
         !run.record.has_checkpoint ? "no checkpoint"
         : told["finished"] == true ? "finished"
                                    : "not finished",
         run.record.tokens_per_second > 0 ? whole(run.record.tokens_per_second + 0.5) : "–",
         run.record.share_of_peak > 0 ? fmt::format("{:.0f} %", 100 * run.record.share_of_peak)
                                      : "–"});
  }
  std::string body = table(figures) + heading(3, "Where their configurations differ");
  if (summary.differences.empty()) {
    body += paragraph("Nowhere.");
  } else {
    Table differences{{"key"}, {}, 1 + runs.size()};
    for (const ReportedRun& run : runs) differences.head.push_back(run.name);
    for (const compare::Difference& difference : summary.differences) {
      differences.rows.push_back({difference.key});
      differences.rows.back().insert(differences.rows.back().end(), difference.values.begin(),
                                     difference.values.end());
    }
    body += table(differences);
  }
  if (summary.seeds.empty()) return body;
  Table seeds{
      {"runs that differ in their seeds", "mean of the best validations", "deviation"}, {}, 1};
  for (const compare::SeedGroup& group : summary.seeds) {
    std::string names;
    for (const std::size_t run : group.runs) names += (names.empty() ? "" : ", ") + runs[run].name;
    seeds.rows.push_back({names, loss_text(group.mean), fmt::format("{:.4f}", group.deviation)});
  }
  return body + heading(3, "Over seeds") + table(seeds);
}

}  // namespace rondo::apps::report
