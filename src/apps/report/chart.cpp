#include "apps/report/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/pictures/plot.hpp"
#include "apps/report/html.hpp"
#include "apps/report/style.hpp"

namespace rondo::apps::report {
namespace {

constexpr double width = 440, height = 270;
constexpr double right = 14, top = 30, below = 42;
constexpr std::size_t most_points = 400, most_dots = 100;
constexpr double beginning = 0.04;  // of the axis across: not what the height is chosen for

double shown(const Chart& chart, double value) {
  return chart.logarithmic ? std::log10(value) : value;
}

// What can be drawn, as it is drawn.
Points drawable(const Chart& chart, const Points& points) {
  Points list;
  for (const auto& [step, value] : points) {
    const double at = shown(chart, value);
    if (std::isfinite(at)) list.emplace_back(step, at);
  }
  return list;
}

Plot plot_of(const std::vector<Points>& curves, bool whole) {
  Plot plot{0, top, width - right, height - top - below};
  plot.x.low = 0;
  for (const Points& points : curves) {
    for (const auto& point : points) plot.x.take(point.first);
  }
  if (!(plot.x.high > 0)) plot.x.high = 1;
  for (const Points& points : curves) {
    for (const auto& point : points) {
      if (whole || point.first >= beginning * plot.x.high || &point == &points.back()) {
        plot.y.take(point.second);
      }
    }
  }
  const double margin = plot.y.high > plot.y.low ? 0.05 * (plot.y.high - plot.y.low)
                                                 : std::max(0.5 * std::abs(plot.y.high), 1e-9);
  plot.y = {plot.y.low - margin, plot.y.high + margin};
  return plot;
}

// "40k" of 40,000.
std::string short_number(double value) {
  const double size = std::abs(value);
  if (size >= 1e12 || size < 1e4) return fmt::format("{:.5g}", value + 0.0);  // no "-0"
  const auto [unit, letter] = size < 1e6   ? std::pair(1e3, 'k')
                              : size < 1e9 ? std::pair(1e6, 'M')
                                           : std::pair(1e9, 'G');
  return fmt::format("{:.5g}{}", value / unit, letter);
}

// Of a range of logarithms to the base of 10: 1, 2 and 5 times its powers, of a long one the powers
// alone, of a very long one some of them.
std::vector<Plot::Tick> decades(const Range& range) {
  const int first = static_cast<int>(std::floor(range.low));
  const int last = static_cast<int>(std::ceil(range.high));
  const int apart = std::max(1, (last - first) / 6);
  std::vector<Plot::Tick> list;
  for (int decade = first; decade <= last; decade += apart) {
    for (const double times : {1.0, 2.0, 5.0}) {
      if (times > 1 && last - first > 3) break;
      const double value = times * std::pow(10.0, decade);
      const double at = std::log10(value);
      if (at >= range.low && at <= range.high) list.emplace_back(at, fmt::format("{:.5g}", value));
    }
  }
  if (list.size() > 1) return list;
  list.clear();
  for (const double at : ticks(range, 4)) {
    list.emplace_back(at, fmt::format("{:.3g}", std::pow(10.0, at)));
  }
  return list;
}

// Dots that tell their numbers.
std::string dots(const Chart& chart, const ChartCurve& curve, const Points& points,
                 const Plot& plot) {
  std::string text;
  for (const auto& [step, value] : points) {
    text += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" stroke=\"none\" style=\"fill:{}\"><title>{}"
        "step {:.0f}: {:.5g}</title></circle>\n",
        plot.across(step), plot.up(value), curve_colour(curve.number),
        curve.name.empty() ? "" : plain(curve.name) + ", ", step,
        chart.logarithmic ? std::pow(10.0, value) : value);
  }
  return text;
}

}  // namespace

Points thinned(const Points& points, std::size_t most) {
  if (points.size() <= most) return points;
  const std::size_t buckets = std::max<std::size_t>(most / 2, 1);
  Points list;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const std::size_t begin = bucket * points.size() / buckets;
    const std::size_t end = (bucket + 1) * points.size() / buckets;
    std::size_t low = begin, high = begin;
    for (std::size_t i = begin; i < end; ++i) {
      if (points[i].second < points[low].second) low = i;
      if (points[i].second > points[high].second) high = i;
    }
    if (bucket == 0 && std::min(low, high) > 0) list.push_back(points.front());
    list.push_back(points[std::min(low, high)]);
    if (low != high) list.push_back(points[std::max(low, high)]);
  }
  if (list.back().first != points.back().first) list.push_back(points.back());
  return list;
}

std::vector<Plot::Tick> short_ticks(const Range& range, int count) {
  std::vector<Plot::Tick> list;
  for (const double value : ticks(range, count)) list.emplace_back(value, short_number(value));
  return list;
}

double room_for(const std::vector<Plot::Tick>& list) {
  constexpr double digit = 8.3, around = 14;  // the widest fonts'
  std::size_t longest = 3;
  for (const auto& [value, words] : list) longest = std::max(longest, words.size());
  return digit * static_cast<double>(longest) + around;
}

std::string draw(const Chart& chart, const std::string& id) {
  std::vector<Points> curves;
  bool has_points = false;
  for (const ChartCurve& curve : chart.curves) {
    const Points all = drawable(chart, curve.points);
    curves.push_back(thinned(all, curve.dots ? most_dots : most_points));
    has_points = has_points || !all.empty();
  }
  if (!has_points) return "";
  Plot plot = plot_of(curves, chart.whole);
  const auto heights = chart.logarithmic ? decades(plot.y) : short_ticks(plot.y, 5);
  plot.left = room_for(heights);
  plot.width -= plot.left;
  Svg svg = Svg::in_page(width, height, id, chart.title + " over steps");
  svg.write(plot.left, top - 12, "start", chart.title);
  plot.draw_across(svg, short_ticks(plot.x, 5));
  plot.draw_up(svg, heights);
  svg.write((plot.left + plot.right()) / 2, height - 4, "middle", chart.across, " class=\"muted\"");
  svg.begin_plot(plot.left - 4, top - 4, plot.width + 8, plot.height + 8);  // room for dots
  for (const bool pale : {true, false}) {
    for (std::size_t i = chart.curves.size(); i-- > 0;) {  // the first one above the others
      const ChartCurve& curve = chart.curves[i];
      if (curve.pale != pale || curves[i].empty()) continue;
      svg.polyline(plot.places(curves[i]),
                   fmt::format(" style=\"stroke:{}\" stroke-width=\"{}\" stroke-opacity=\"{}\"{}",
                               curve_colour(curve.number), pale ? 1.2 : 1.8, pale ? 0.4 : 1.0,
                               curve_dashes(curve.number)));
      if (curve.dots) svg.add(dots(chart, curve, curves[i], plot));
    }
  }
  svg.end_plot();
  return svg.finish();
}

std::string legend(const std::vector<std::pair<std::size_t, std::string>>& curves) {
  std::string text = "<ul class=\"legend\">\n";
  for (const auto& [number, name] : curves) {
    text += fmt::format(
        "<li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><line x1=\"0\" y1=\"5\" x2=\"26\" "
        "y2=\"5\" style=\"stroke:{}\" stroke-width=\"3\"{}/></svg>{}</li>\n",
        curve_colour(number), curve_dashes(number), plain(name));
  }
  return text + "</ul>\n";
}

}  // namespace rondo::apps::report
