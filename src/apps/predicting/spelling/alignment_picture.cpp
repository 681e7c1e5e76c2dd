#include "apps/predicting/spelling/alignment_picture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/pictures/svg.hpp"
#include "apps/pictures/visible.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

constexpr double margin = 24, widest = 1152, bar = 26, between = 30, legend = 30;
constexpr double widest_step = 24;

void draw(const Aligned& aligned, double y, double step, Svg& svg) {
  const double width = step * static_cast<double>(aligned.steps);
  svg.add(
      fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" "
                  "fill=\"#f4f6f8\" stroke=\"#e3e8ee\"/>\n",
                  margin, y, width, bar));
  for (std::size_t i = 0; i < aligned.target.size(); ++i) {
    const double left = margin + step * static_cast<double>(aligned.first[i]);
    const double own = step * static_cast<double>(aligned.last[i] - aligned.first[i] + 1);
    const std::string symbol = escaped(visible(aligned.target[i]));
    svg.add(
        fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" "
                    "fill=\"#2171b5\" fill-opacity=\"{:.3f}\"><title>{}, steps {} to {}, "
                    "{:.1f} %</title></rect>\n",
                    left, y, own, bar, std::clamp(aligned.confidence[i], 0.05, 1.0), symbol,
                    aligned.first[i], aligned.last[i], 100 * aligned.confidence[i]));
    svg.write(left + own / 2, y - 5, "middle", visible(aligned.target[i]), " font-size=\"13\"");
  }
}

struct Layout {
  explicit Layout(const std::vector<Aligned>& sequences) {
    std::int64_t longest = 1;
    for (const Aligned& each : sequences) longest = std::max(longest, each.steps);
    step = std::min(widest_step, widest / static_cast<double>(longest));
    width = 2 * margin + std::max(300.0, step * static_cast<double>(longest));
    height = 2 * margin + legend + (bar + between) * static_cast<double>(sequences.size());
  }
  double step, width, height;
};

void draw(const std::vector<Aligned>& sequences, const Layout& layout, Svg& svg) {
  svg.write(margin, margin + 4, "start", "when each symbol was said, darker the surer it is",
            " fill=\"#555\"");
  double y = margin + legend + 16;
  for (const Aligned& each : sequences) {
    draw(each, y, layout.step, svg);
    y += bar + between;
  }
}

}  // namespace

std::string alignment_line(const Aligned& aligned) {
  std::vector<std::string> confidence;
  for (const double share : aligned.confidence) confidence.push_back(fmt::format("{:.6g}", share));
  return fmt::format(
      "{{\"target\":{},\"steps\":{},\"first\":[{}],\"last\":[{}],\"confidence\":[{}]}}\n",
      Json(aligned.target).dump(-1, ' ', false, Json::error_handler_t::replace), aligned.steps,
      fmt::join(aligned.first, ","), fmt::join(aligned.last, ","), fmt::join(confidence, ","));
}

Aligned aligned_in(const std::string& line) {
  const auto json = nlohmann::json::parse(line);
  return {json["target"], json["steps"], json["first"], json["last"], json["confidence"]};
}

std::string alignment_picture(const std::vector<Aligned>& sequences) {
  const Layout layout(sequences);
  Svg svg(layout.width, layout.height, "predict");
  draw(sequences, layout, svg);
  return svg.finish();
}

std::string alignment_in_page(const std::vector<Aligned>& sequences, const std::string& id) {
  const Layout layout(sequences);
  Svg svg = Svg::in_page(layout.width, layout.height, id, "when each symbol was said");
  draw(sequences, layout, svg);
  return svg.finish();
}

}  // namespace rondo::apps
