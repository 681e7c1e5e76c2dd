// Curves over steps as a picture of a report.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "apps/pictures/plot.hpp"
#include "apps/report/run_metrics.hpp"

namespace rondo::apps::report {

struct ChartCurve {
  std::string name;
  std::size_t number = 0;  // by which it has its colour
  Points points;
  bool dots = false;  // a dot at each of its points, which tells its numbers
  bool pale = false;  // behind the others
};

struct Chart {
  std::string title;  // of the axis up
  std::vector<ChartCurve> curves;
  bool logarithmic = false;
  std::string across = "step";  // what the axis across counts
  bool whole = false;           // else the steep beginning may leave the picture at its top
};

// At most about `most` points, the lowest and the highest of neighbours among them, the first and
// the last too: no peak is lost.
Points thinned(const Points& points, std::size_t most);

// Round numbers of an axis and their short names: "0.25", "40k".
std::vector<Plot::Tick> short_ticks(const Range& range, int count);
// How wide their names are, with room around them, left of a plot.
double room_for(const std::vector<Plot::Tick>& list);

// `id`: as Svg::in_page(). Empty where no curve has a point.
std::string draw(const Chart& chart, const std::string& id);

// Names of curves beside their colours, as HTML.
std::string legend(const std::vector<std::pair<std::size_t, std::string>>& curves);

}  // namespace rondo::apps::report
