#include "apps/report/curves.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "apps/report/chart.hpp"

namespace rondo::apps::report {
namespace {

constexpr std::size_t most_seen = 3;  // figures of validations; the others on demand

std::string legend_of(const std::vector<ReportedRun>& runs) {
  std::vector<std::pair<std::size_t, std::string>> names;
  for (std::size_t run = 0; run < runs.size(); ++run) names.emplace_back(run, runs[run].name);
  return legend(names);
}

std::string name_among(const std::vector<ReportedRun>& runs, std::size_t run) {
  return runs.size() == 1 ? "" : runs[run].name;
}

Chart losses(const std::vector<ReportedRun>& runs) {
  Chart chart{"loss, nats a target", {}};
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const auto& validation = runs[run].metrics.validation;
    const auto loss = std::ranges::find(validation, "loss", &FigureCurve::name);
    const bool validated = loss != validation.end() && !loss->points.empty();
    chart.curves.push_back({"training", run, runs[run].metrics.loss, false, validated});
    if (validated) chart.curves.push_back({name_among(runs, run), run, loss->points, true});
  }
  return chart;
}

// Figures of validations beside the loss, in the order in which the runs tell them.
std::vector<std::string> figures_of(const std::vector<ReportedRun>& runs) {
  std::vector<std::string> names;
  for (const ReportedRun& run : runs) {
    for (const FigureCurve& figure : run.metrics.validation) {
      if (figure.name != "loss" && std::ranges::find(names, figure.name) == names.end()) {
        names.push_back(figure.name);
      }
    }
  }
  return names;
}

Chart validations(const std::vector<ReportedRun>& runs, const std::string& name) {
  Chart chart{name + " on validation", {}};
  for (std::size_t run = 0; run < runs.size(); ++run) {
    for (const FigureCurve& figure : runs[run].metrics.validation) {
      if (figure.name != name) continue;
      chart.curves.push_back({name_among(runs, run), run, figure.points, true});
    }
  }
  return chart;
}

Chart reports(const std::vector<ReportedRun>& runs, const std::string& title,
              Points RunMetrics::*which, bool logarithmic) {
  Chart chart{title, {}, logarithmic};
  for (std::size_t run = 0; run < runs.size(); ++run) {
    chart.curves.push_back({runs[run].name, run, runs[run].metrics.*which});
  }
  return chart;
}

// Those that have points, beside one another.
std::string pictures(const std::vector<Chart>& charts, const std::string& id) {
  std::vector<std::string> drawn;
  for (const Chart& chart : charts) {
    std::string svg = draw(chart, id + std::to_string(drawn.size()));
    if (!svg.empty()) drawn.push_back(figure(svg, ""));
  }
  return drawn.empty() ? "" : beside(drawn);
}

}  // namespace

std::string curves_section(const std::vector<ReportedRun>& runs) {
  std::vector<Chart> seen = {losses(runs)}, others;
  for (const std::string& name : figures_of(runs)) {
    (seen.size() < most_seen ? seen : others).push_back(validations(runs, name));
  }
  const std::string first = pictures(seen, "curve");
  if (first.empty()) return "";
  std::string body = heading(2, "Curves");
  if (runs.size() > 1) body += legend_of(runs);
  body += paragraph("Lines with dots: validation. Pale: training.", "small muted") + first;
  const std::string rest = pictures(others, "figure");
  if (!rest.empty()) body += on_demand("Other figures of validations", rest);
  const std::string more = pictures(
      {reports(runs, "rate", &RunMetrics::rate, false),
       reports(runs, "norm of the gradient, before clipping", &RunMetrics::gradient_norm, true),
       reports(runs, "steps of sequences a second", &RunMetrics::tokens_per_second, false),
       reports(runs, "share of the cores' peak", &RunMetrics::share_of_peak, false)},
      "more");
  if (!more.empty()) body += on_demand("Rate, gradient norm, speed", more);
  return section(body);
}

}  // namespace rondo::apps::report
