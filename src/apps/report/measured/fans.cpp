#include "apps/report/measured/fans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "apps/pictures/plot.hpp"
#include "apps/report/chart.hpp"
#include "apps/report/html.hpp"
#include "apps/report/style.hpp"
#include "rondo/data/excerpts.hpp"
#include "tasks/answers/number_answers.hpp"
#include "tasks/figures/each_forecast.hpp"

namespace rondo::apps::report {
namespace {

constexpr double width = 440, height = 240;
constexpr double right = 12, top = 28, below = 38;
constexpr std::size_t most_targets = 7, most_pictures = 14;
constexpr std::int64_t most_history = 4;  // horizons

using Line = std::vector<std::pair<double, double>>;

// One forecast of one target: rows from the origin on, 0 the origin's own.
struct Fan {
  std::string title;
  Line before, came, said, low, high;
};

std::string list_of(const Line& line) {
  std::string text;
  for (const auto& [x, y] : line)
    text += fmt::format("{}{:.1f},{:.1f}", text.empty() ? "" : " ", x, y);
  return text;
}

// What came stands in pieces where values are missing.
void add_pieces(Svg& svg, const Plot& plot, const Line& line, const std::string& more) {
  Line piece;
  const auto finish = [&] {
    if (piece.size() > 1) svg.polyline(plot.places(piece), more);
    piece.clear();
  };
  for (const auto& point : line) {
    if (std::isfinite(point.second)) {
      piece.push_back(point);
    } else {
      finish();
    }
  }
  finish();
}

std::string draw(const Fan& fan, const std::string& id) {
  Plot plot{0, top, width - right, height - top - below};
  for (const Line* line : {&fan.before, &fan.came, &fan.said, &fan.low, &fan.high}) {
    for (const auto& [x, y] : *line) {
      plot.x.take(x);
      if (std::isfinite(y)) plot.y.take(y);
    }
  }
  if (plot.y.empty()) return "";
  if (!(plot.x.high > plot.x.low)) plot.x.low = plot.x.high - 1;
  const double margin = plot.y.high > plot.y.low ? 0.06 * (plot.y.high - plot.y.low) : 0.5;
  plot.y = {plot.y.low - margin, plot.y.high + margin};
  const auto heights = short_ticks(plot.y, 4);
  plot.left = room_for(heights);
  plot.width -= plot.left;
  Svg svg = Svg::in_page(width, height, id, fan.title);
  svg.write(plot.left, top - 11, "start", fan.title);
  plot.draw_across(svg, short_ticks(plot.x, 5));
  plot.draw_up(svg, heights);
  svg.write((plot.left + plot.right()) / 2, height - 4, "middle", "rows from the origin",
            " class=\"muted\"");
  svg.line(plot.across(0), plot.top, plot.across(0), plot.bottom(),
           " style=\"stroke:var(--muted)\" stroke-dasharray=\"2 3\"");
  svg.begin_plot(plot.left, plot.top, plot.width + 2, plot.height);
  if (!fan.low.empty()) {
    Line around = plot.places(fan.low);
    Line back = plot.places(fan.high);
    around.insert(around.end(), back.rbegin(), back.rend());
    svg.add(fmt::format("<polygon points=\"{}\" style=\"fill:{}\" fill-opacity=\"0.22\"/>\n",
                        list_of(around), curve_colour(1)));
  }
  add_pieces(svg, plot, fan.before, " style=\"stroke:var(--muted)\" stroke-width=\"1.2\"");
  add_pieces(svg, plot, fan.came, " style=\"stroke:var(--ink)\" stroke-width=\"1.4\"");
  svg.polyline(plot.places(fan.said),
               fmt::format(" style=\"stroke:{}\" stroke-width=\"2\"", curve_colour(1)));
  for (const auto& [x, y] : fan.said) {  // a horizon of one row is no line
    if (fan.said.size() > 1) break;
    svg.add(fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" style=\"fill:{}\"/>\n",
                        plot.across(x), plot.up(y), curve_colour(1)));
    svg.add(
        fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" style=\"fill:var(--ink)\"/>\n",
                    plot.across(x), plot.up(fan.came.back().second)));
  }
  svg.end_plot();
  return svg.finish();
}

// Rows of targets that foretell number `target`, in the split's order.
std::vector<std::int64_t> rows_of(const Answers& answers, const ForecastSequences& sequences,
                                  int target) {
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < answers.numbers.starts.back(); ++row) {
    const ForecastSequences::Place place = sequences.place(row);
    if (place.counts && target >= place.target && target < place.target + sequences.targets()) {
      rows.push_back(row);
    }
  }
  return rows;
}

Fan fan_of(const Answers& answers, const ForecastSequences& sequences, std::int64_t row,
           int target) {
  const Columns& stored = sequences.stored_columns();
  const SeriesColumns places(stored);
  const Column& column = stored[static_cast<std::size_t>(places.target)];
  const ForecastSequences::Place place = sequences.place(row);
  Fan fan;
  fan.title = fmt::format("{} from row {}", column.number_name(static_cast<std::size_t>(target)),
                          grouped(place.row));
  if (sequences.series().sequences() > 1) fan.title += fmt::format(", series {}", place.series + 1);
  const std::vector<double> all =
      numbers_of(sequences.series(), stored, static_cast<std::size_t>(places.target), place.series);
  const auto value = [&](std::int64_t at) {
    return all[static_cast<std::size_t>(at * column.width + target)];
  };
  const std::int64_t first =
      std::max<std::int64_t>(0, place.origin - most_history * sequences.rows_ahead() + 1);
  for (std::int64_t at = std::min(first, std::max<std::int64_t>(0, place.origin - 8));
       at <= place.origin; ++at) {
    fan.before.emplace_back(static_cast<double>(at - place.origin), value(at));
  }
  if (!fan.before.empty()) fan.came.push_back(fan.before.back());
  const bool has_interval = tasks::interval_share(answers.numbers.loss) > 0;
  tasks::for_each_forecast(answers.numbers, sequences, row, [&](const tasks::Forecast& one) {
    if (one.target != target) return;
    const auto at = static_cast<double>(one.ahead + 1);
    fan.came.emplace_back(at, one.came);
    fan.said.emplace_back(at, one.answer);
    if (!has_interval) return;
    fan.low.emplace_back(at, one.low);
    fan.high.emplace_back(at, one.high);
  });
  return fan;
}

}  // namespace

std::string forecast_fans(const Answers& answers, const ForecastSequences& sequences,
                          const std::string& id) {
  const std::size_t targets =
      std::min(static_cast<std::size_t>(sequences.all_targets()), most_targets);
  const std::size_t each = std::max<std::size_t>(1, most_pictures / targets);
  std::vector<std::string> drawn;
  for (std::size_t target = 0; target < targets; ++target) {
    const auto rows = rows_of(answers, sequences, static_cast<int>(target));
    for (std::size_t i = 0; i < std::min(each, rows.size()); ++i) {
      const std::size_t at = (2 * i + 1) * rows.size() / (2 * std::min(each, rows.size()));
      const std::string svg = draw(fan_of(answers, sequences, rows[at], static_cast<int>(target)),
                                   fmt::format("{}-{}", id, drawn.size()));
      if (!svg.empty()) drawn.push_back(figure(svg, ""));
    }
  }
  if (drawn.empty()) return "";
  const double share = tasks::interval_share(answers.numbers.loss);
  return beside(drawn) +
         paragraph(share > 0 ? fmt::format("Thick: the forecast, with its {:.0f} % interval. Thin: "
                                           "what came; grey before the origin.",
                                           100 * share)
                             : "Thick: the forecast. Thin: what came; grey before the origin.",
                   "small muted");
}

}  // namespace rondo::apps::report
