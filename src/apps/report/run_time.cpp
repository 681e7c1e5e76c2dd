// Where a run's time went.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/report/reported_run.hpp"

namespace rondo::apps::report {
namespace {

constexpr std::size_t many_ranks = 16;  // more are shown on demand

std::string bars(const RunMetrics& metrics, double all) {
  std::string text = "<div class=\"bars\">\n";
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    const double share = metrics.phase_seconds[phase] / all;
    text += fmt::format(
        "<span>{}</span><span><span class=\"bar\" style=\"width:{:.1f}%\"></span></span>"
        "<span class=\"number\">{:.1f} %, {}</span>\n",
        phase_names[phase], 100 * share, 100 * share,
        plain(duration(metrics.phase_seconds[phase])));
  }
  return text + "</div>\n";
}

std::string milliseconds(double seconds) { return fmt::format("{:.3g}", 1e3 * seconds); }

}  // namespace

std::string time_section(const ReportedRun& run) {
  const RunMetrics& metrics = run.metrics;
  if (metrics.clock.starts() == 0) return "";
  Facts list = {{"trained for", duration(metrics.clock.total())},
                {"starts of the program", grouped(metrics.clock.starts())}};
  if (run.record.tokens_per_second > 0) {
    list.emplace_back("steps of sequences a second, median",
                      grouped(std::llround(run.record.tokens_per_second)));
  }
  if (run.record.share_of_peak > 0) {
    list.emplace_back("of the cores' peak, median",
                      fmt::format("{:.0f} %", 100 * run.record.share_of_peak));
  }
  if (metrics.least_filled > 0 && metrics.least_filled < 1) {
    list.emplace_back("of a window filled, at least",
                      fmt::format("{:.0f} %", 100 * metrics.least_filled));
  }
  std::string text = facts(list);
  double all = 0;
  for (const double seconds : metrics.phase_seconds) all += seconds;
  if (all > 0) text += bars(metrics, all);
  if (metrics.ranks.empty()) return text;
  Table ranks{{"rank", "least", "median", "most", "slowest"}, {}, 1};
  for (std::size_t rank = 0; rank < metrics.ranks.size(); ++rank) {
    const RankTime& time = metrics.ranks[rank];
    ranks.rows.push_back({fmt::format("{}", rank), milliseconds(time.least),
                          milliseconds(time.median), milliseconds(time.most),
                          fmt::format("{} of {}", time.slowest, time.reports)});
  }
  const std::string words = paragraph(
      "A rank's own work in a step, in milliseconds, without what it waits for others, and in how "
      "many reports it was the slowest:",
      "small muted");
  return text + (ranks.rows.size() > many_ranks
                     ? on_demand(fmt::format("{} ranks", ranks.rows.size()), words + table(ranks))
                     : words + table(ranks));
}

}  // namespace rondo::apps::report
