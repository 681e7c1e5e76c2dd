// Where numbers lie in a picture: a rectangle with an axis across and one up.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/pictures/svg.hpp"

namespace rondo::apps {

struct Plot {
  double left = 0, top = 0, width = 0, height = 0;  // in the picture
  Range x = {}, y = {};                             // both of a length above 0

  double right() const { return left + width; }
  double bottom() const { return top + height; }
  double across(double value) const { return left + width * (value - x.low) / (x.high - x.low); }
  double up(double value) const { return top + height * (y.high - value) / (y.high - y.low); }
  std::vector<std::pair<double, double>> places(
      const std::vector<std::pair<double, double>>& points) const;

  // Lines and numbers at about so many round ones of each axis.
  void draw_axes(Svg& svg, int across_count, int up_count) const;
  // The same of one axis, each at a place of its own, in words.
  using Tick = std::pair<double, std::string>;
  void draw_across(Svg& svg, const std::vector<Tick>& list) const;
  void draw_up(Svg& svg, const std::vector<Tick>& list) const;
};

}  // namespace rondo::apps
