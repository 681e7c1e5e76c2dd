#include "apps/pictures/svg.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "apps/pictures/picture_file.hpp"

namespace rondo::apps {
namespace {

// Okabe and Ito's colours.
constexpr const char* colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                   "#e69f00", "#56b4e9", "#000000", "#b8a800"};

}  // namespace

std::string colour(std::size_t curve) { return colours[curve % std::size(colours)]; }

std::string dashes(std::size_t curve) {
  const std::size_t round = curve / std::size(colours);
  return round == 0 ? "" : fmt::format(" stroke-dasharray=\"{} 3\"", 3 + 3 * round);
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

std::string text_element(double x, double y, const char* anchor, const std::string& words,
                         const std::string& more) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y,
                     anchor, more, escaped(words));
}

std::vector<double> ticks(const Range& range, int count) {
  const double rough = (range.high - range.low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = power * (rough / power > 5   ? 10
                               : rough / power > 2 ? 5
                               : rough / power > 1 ? 2
                                                   : 1);
  std::vector<double> list;
  for (double at = std::ceil(range.low / step); at * step <= range.high * (1 + 1e-9); ++at) {
    list.push_back(at * step);
  }
  return list;
}

Svg::Svg(double width, double height, const std::string& command) {
  text_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"sans-serif\" font-size=\"13\" "
      "fill=\"#222\">\n{2}<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width, height, picture_mark(command));
}

Svg Svg::in_page(double width, double height, const std::string& id, const std::string& told) {
  Svg svg;
  svg.text_ = fmt::format(
      "<svg class=\"picture\" viewBox=\"0 0 {0:.0f} {1:.0f}\" style=\"max-width:{0:.0f}px\" "
      "role=\"img\" aria-label=\"{2}\" font-size=\"13\">\n",
      width, height, escaped(told));
  svg.grid_ = " class=\"grid\"";
  svg.plot_name_ = id + "-plot";
  return svg;
}

void Svg::begin_plot(double left, double top, double width, double height) {
  const std::string name = plots_++ == 0 ? plot_name_ : fmt::format("{}{}", plot_name_, plots_);
  text_ += fmt::format(
      "<clipPath id=\"{0}\"><rect x=\"{1}\" y=\"{2}\" width=\"{3}\" height=\"{4}\"/></clipPath>\n"
      "<g clip-path=\"url(#{0})\" fill=\"none\" stroke-linejoin=\"round\">\n",
      name, left, top, width, height);
}

void Svg::line(double x1, double y1, double x2, double y2, const std::string& more) {
  text_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"{}/>\n", x1,
                       y1, x2, y2, more);
}

void Svg::polyline(const std::vector<std::pair<double, double>>& points, const std::string& more) {
  std::string list;
  for (const auto& [x, y] : points) {
    list += fmt::format("{}{:.1f},{:.1f}", list.empty() ? "" : " ", x, y);
  }
  text_ += fmt::format("<polyline points=\"{}\"{}/>\n", list, more);
}

}  // namespace rondo::apps
