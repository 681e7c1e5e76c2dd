// What the program's pictures are made of: SVG of itself, without scripts or fonts.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace rondo::apps {

// Of curve number `curve`: colours that people with any kind of colour vision can tell apart; the
// ninth has the first colour again, in dashes (an attribute, empty for the first eight).
std::string colour(std::size_t curve);
std::string dashes(std::size_t curve);

// Text as XML can hold it.
std::string escaped(const std::string& text);
// Words at a place; `more`: attributes, with a blank before each.
std::string text_element(double x, double y, const char* anchor, const std::string& words,
                         const std::string& more = "");

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  bool empty() const { return low > high; }
};

// Round numbers of a range: steps of 1, 2 or 5 times a power of ten, about `count` of them.
std::vector<double> ticks(const Range& range, int count);

// A picture as it is written. Places are in pixels from the upper left corner.
class Svg {
 public:
  // `command` is who draws it, and may draw it anew (picture_file.hpp).
  Svg(double width, double height, const std::string& command);
  // A part of an HTML page, as wide as there is room for it, at most its own width. The page's
  // style has the colours of the classes "picture" and "grid". `id` tells its parts from other
  // pictures'; `told` is said in its place to those who do not see it.
  static Svg in_page(double width, double height, const std::string& id, const std::string& told);

  // What is drawn between begin_plot() and end_plot() is seen inside of the rectangle alone; it is
  // not filled.
  void begin_plot(double left, double top, double width, double height);
  void end_plot() { text_ += "</g>\n"; }

  // `more`: attributes, with a blank before each.
  void write(double x, double y, const char* anchor, const std::string& words,
             const std::string& more = "") {
    add(text_element(x, y, anchor, words, more));
  }
  void line(double x1, double y1, double x2, double y2, const std::string& more);
  void grid_line(double x1, double y1, double x2, double y2) { line(x1, y1, x2, y2, grid_); }
  void polyline(const std::vector<std::pair<double, double>>& points, const std::string& more);
  void add(const std::string& element) { text_ += element; }

  std::string finish() const { return text_ + "</svg>\n"; }

 private:
  Svg() = default;

  std::string text_;
  std::string grid_ = " stroke=\"#e4e4e4\"";
  std::string plot_name_ = "plot";
  int plots_ = 0;
};

}  // namespace rondo::apps
