#include "apps/report/run_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace rondo::apps::report {
namespace {

void put(Points& curve, double step, double value) {
  if (std::isfinite(value)) curve.emplace_back(step, value);
}

std::vector<double> numbers(const Json& line, const char* key) {
  std::vector<double> list;
  const auto found = line.find(key);
  if (found == line.end() || !found->is_array()) return list;
  for (const Json& value : *found) {
    list.push_back(value.is_number() ? value.get<double>() : std::nan(""));
  }
  return list;
}

// Not figures, of a validation's line.
bool is_about(const std::string& key) {
  return key == "step" || key == "epoch" || key == "split" || key == "targets" || key == "seconds";
}

const Points& curve_of(const std::vector<FigureCurve>& figures, std::string_view name) {
  static const Points none;
  const auto found = std::ranges::find(figures, name, &FigureCurve::name);
  return found == figures.end() ? none : found->points;
}

}  // namespace

void RunMetrics::take(const Json& line) {
  const double step = compare::number_in(line, "step");
  if (line["split"] == "train") take_training(line, step);
  if (line["split"] == "validation") take_validation(line, step);
}

void RunMetrics::take_training(const Json& line, double step) {
  put(loss, step, compare::number_in(line, "loss"));
  put(rate, step, compare::number_in(line, "rate"));
  put(gradient_norm, step, compare::number_in(line, "gradient_norm"));
  put(tokens_per_second, step, compare::number_in(line, "tokens_per_second"));
  put(share_of_peak, step, compare::number_in(line, "share_of_peak"));
  put(filled, step, compare::number_in(line, "filled"));
  const double passed = clock.passed(line);
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    const double share = compare::number_in(line, fmt::format("{}_share", phase_names[phase]));
    if (share > 0) phase_seconds[phase] += share * passed;
  }
  take_ranks(line);
}

void RunMetrics::take_ranks(const Json& line) {
  const std::vector<double> least = numbers(line, "rank_step_minimum");
  const std::vector<double> middle = numbers(line, "rank_step_median");
  const std::vector<double> most = numbers(line, "rank_step_maximum");
  const std::size_t count = std::min({least.size(), middle.size(), most.size()});
  if (ranks.size() < count) {
    ranks.resize(count);
    medians_.resize(count);
  }
  for (std::size_t rank = 0; rank < count; ++rank) {
    RankTime& time = ranks[rank];
    time.least = time.reports == 0 ? least[rank] : std::min(time.least, least[rank]);
    time.most = std::max(time.most, most[rank]);
    ++time.reports;
    medians_[rank].push_back(middle[rank]);
  }
  const double slowest = compare::number_in(line, "slowest_rank");
  if (slowest >= 0 && slowest < static_cast<double>(count)) {
    ++ranks[static_cast<std::size_t>(slowest)].slowest;
  }
}

void RunMetrics::take_validation(const Json& line, double step) {
  for (const auto& [key, value] : line.items()) {
    if (is_about(key) || !value.is_number()) continue;
    auto found = std::ranges::find(validation, key, &FigureCurve::name);
    if (found == validation.end()) found = validation.insert(found, {key, {}});
    put(found->points, step, value.get<double>());
  }
  const double targets = compare::number_in(line, "targets");
  if (targets > 0) validation_targets = targets;
}

void RunMetrics::finish() {
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    ranks[rank].median = compare::median(std::move(medians_[rank]));
  }
  medians_.clear();
  for (const auto& [step, share] : filled) {
    least_filled = least_filled == 0 ? share : std::min(least_filled, share);
  }
}

double RunMetrics::last(const std::string& figure) const {
  const Points& points = curve_of(validation, figure);
  return points.empty() || points.back().first != last_step() ? std::nan("") : points.back().second;
}

double RunMetrics::last_step() const {
  double step = -1;
  for (const FigureCurve& figure : validation) {
    if (!figure.points.empty()) step = std::max(step, figure.points.back().first);
  }
  return step;
}

double RunMetrics::best_step() const {
  const Points& points = curve_of(validation, "loss");
  const auto least = std::ranges::min_element(
      points, {}, [](const std::pair<double, double>& point) { return point.second; });
  return least == points.end() ? -1 : least->first;
}

double RunMetrics::at_best(const std::string& figure) const {
  const double step = best_step();
  for (const auto& [at, value] : curve_of(validation, figure)) {
    if (at == step) return value;
  }
  return std::nan("");
}

}  // namespace rondo::apps::report
