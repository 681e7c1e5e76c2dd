#include "apps/pictures/plot.hpp"

#include <fmt/format.h>

namespace rondo::apps {

std::vector<std::pair<double, double>> Plot::places(
    const std::vector<std::pair<double, double>>& points) const {
  std::vector<std::pair<double, double>> list;
  list.reserve(points.size());
  for (const auto& [at, value] : points) list.emplace_back(across(at), up(value));
  return list;
}

void Plot::draw_axes(Svg& svg, int across_count, int up_count) const {
  const auto told = [](const std::vector<double>& values) {
    std::vector<Tick> list;
    list.reserve(values.size());
    for (const double value : values) list.emplace_back(value, fmt::format("{:.6g}", value));
    return list;
  };
  draw_across(svg, told(ticks(x, across_count)));
  draw_up(svg, told(ticks(y, up_count)));
}

void Plot::draw_across(Svg& svg, const std::vector<Tick>& list) const {
  for (const auto& [at, words] : list) {
    svg.grid_line(across(at), top, across(at), bottom());
    svg.write(across(at), bottom() + 20, "middle", words);
  }
}

void Plot::draw_up(Svg& svg, const std::vector<Tick>& list) const {
  for (const auto& [value, words] : list) {
    svg.grid_line(left, up(value), right(), up(value));
    svg.write(left - 8, up(value) + 4, "end", words);
  }
}

}  // namespace rondo::apps
