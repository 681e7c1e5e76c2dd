#include "apps/report/measured/scatter.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "apps/pictures/plot.hpp"
#include "apps/report/chart.hpp"
#include "apps/report/html.hpp"
#include "apps/report/style.hpp"
#include "tasks/answers/number_answers.hpp"

namespace rondo::apps::report {
namespace {

constexpr double width = 380, height = 360;
constexpr double right = 12, top = 28, below = 38;
constexpr int most_targets = 6;
constexpr std::size_t most_dots = 1500;

using Dots = std::vector<std::pair<double, double>>;  // given, said

Dots dots_of(const NumberAnswers& answers, const Column& target, int number) {
  const auto of_row = static_cast<std::size_t>(target.width);
  const std::size_t outputs = of_row * answers.loss.parts();
  const std::size_t answer = tasks::answer_part(answers.loss);
  Dots all;
  std::vector<double> parts;
  for (std::size_t row = 0; row * of_row < answers.given.size(); ++row) {
    const double given = answers.given[row * of_row + static_cast<std::size_t>(number)];
    if (std::isnan(given)) continue;
    tasks::read_number(answers.loss, std::span(answers.said).subspan(row * outputs, outputs),
                       target.width, number, parts);
    tasks::to_units(answers.loss, target, number, parts);
    if (std::isfinite(parts[answer])) all.emplace_back(given, parts[answer]);
  }
  if (all.size() <= most_dots) return all;
  Dots some;
  for (std::size_t i = 0; i < most_dots; ++i) some.push_back(all[i * all.size() / most_dots]);
  return some;
}

std::string draw(const Dots& dots, const std::string& name, const std::string& id) {
  Range range;
  for (const auto& [given, said] : dots) {
    range.take(given);
    range.take(said);
  }
  if (range.empty()) return "";
  const double margin = range.high > range.low ? 0.04 * (range.high - range.low) : 0.5;
  range = {range.low - margin, range.high + margin};
  Plot plot{0, top, width - right, height - top - below};
  plot.x = plot.y = range;
  const auto heights = short_ticks(plot.y, 5);
  plot.left = room_for(heights);
  plot.width -= plot.left;
  Svg svg = Svg::in_page(width, height, id, name + ", said over given");
  svg.write(plot.left, top - 11, "start", name + ", said");
  plot.draw_across(svg, short_ticks(plot.x, 5));
  plot.draw_up(svg, heights);
  svg.write((plot.left + plot.right()) / 2, height - 4, "middle", "given", " class=\"muted\"");
  svg.begin_plot(plot.left, plot.top, plot.width, plot.height);
  svg.line(plot.across(range.low), plot.up(range.low), plot.across(range.high), plot.up(range.high),
           " style=\"stroke:var(--muted)\" stroke-dasharray=\"4 3\"");
  const double opacity = dots.size() > 300 ? 0.35 : 0.6;
  for (const auto& [given, said] : dots) {
    svg.add(
        fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" style=\"fill:{}\" "
                    "fill-opacity=\"{}\"/>\n",
                    plot.across(given), plot.up(said), curve_colour(0), opacity));
  }
  svg.end_plot();
  return svg.finish();
}

}  // namespace

std::string scatters(const Answers& answers, const Column& target, const std::string& id) {
  std::vector<std::string> drawn;
  for (int i = 0; i < std::min(target.width, most_targets); ++i) {
    const std::string svg =
        draw(dots_of(answers.numbers, target, i), target.number_name(static_cast<std::size_t>(i)),
             fmt::format("{}-{}", id, i));
    if (!svg.empty()) drawn.push_back(figure(svg, ""));
  }
  return drawn.empty() ? "" : beside(drawn);
}

}  // namespace rondo::apps::report
