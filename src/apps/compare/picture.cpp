#include "apps/compare/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <utility>

#include "apps/pictures/plot.hpp"
#include "apps/pictures/svg.hpp"

namespace rondo::apps::compare {
namespace {

constexpr double width = 900, plot_height = 420;
constexpr double left = 72, right = 72, top = 44, below = 56;  // around the plot
constexpr double legend_line = 20;
constexpr std::size_t most_points = 300;  // of a curve
constexpr double beginning = 0.04;        // of the axis across: not what the height is chosen for

// At most most_points, each the mean of neighbours.
std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& curve) {
  const std::size_t together = (curve.size() + most_points - 1) / most_points;
  if (together <= 1) return curve;
  std::vector<CurvePoint> list;
  for (std::size_t begin = 0; begin < curve.size(); begin += together) {
    const std::size_t end = std::min(begin + together, curve.size());
    CurvePoint point = curve[end - 1];
    point.loss = 0;
    for (std::size_t i = begin; i < end; ++i) {
      point.loss += curve[i].loss / static_cast<double>(end - begin);
    }
    list.push_back(point);
  }
  return list;
}

class Picture {
 public:
  Picture(const Summary& summary, const Across& across)
      : summary_(summary),
        across_(across),
        svg_(
            width,
            top + plot_height + below + legend_line * static_cast<double>(summary.runs.size()) + 12,
            "compare") {
    for (const RunRecord& run : summary.runs) {
      training_.push_back(thinned(run.training));
      for (const CurvePoint& point : training_.back()) plot_.x.take(value(point));
      for (const CurvePoint& point : run.validation) plot_.x.take(value(point));
    }
    plot_.x.low = 0;
    if (!(plot_.x.high > 0)) plot_.x.high = 1;
    for (const auto& curve : training_) choose_height(curve);
    for (const RunRecord& run : summary.runs) choose_height(run.validation);
    Range& y = plot_.y;
    if (y.empty()) y = {0, 1};
    const double margin = y.high > y.low ? 0.04 * (y.high - y.low) : 0.5;
    y = {std::max(0.0, y.low - margin), y.high + margin};
  }

  std::string svg() {
    draw_axes();
    svg_.begin_plot(left, top, width - left - right + 6, plot_height + 6);  // room for dots
    // The best run last: its curve lies above the others.
    for (std::size_t run = summary_.runs.size(); run-- > 0;) draw_training(run);
    for (std::size_t run = summary_.runs.size(); run-- > 0;) draw_validation(run);
    svg_.end_plot();
    for (std::size_t run = 0; run < summary_.runs.size(); ++run) draw_legend(run);
    return svg_.finish();
  }

 private:
  double value(const CurvePoint& point) const { return point.*across_.member / across_.unit; }

  void choose_height(const std::vector<CurvePoint>& curve) {
    for (const CurvePoint& point : curve) {
      if (value(point) >= beginning * plot_.x.high || &point == &curve.back())
        plot_.y.take(point.loss);
    }
  }

  void draw_axes() {
    plot_.draw_axes(svg_, 8, 8);
    const Range bits{plot_.y.low / std::numbers::ln2, plot_.y.high / std::numbers::ln2};
    for (const double y : ticks(bits, 8)) {
      svg_.write(width - right + 8, plot_.up(y * std::numbers::ln2) + 4, "start",
                 fmt::format("{:.6g}", y), " fill=\"#777\"");
    }
    svg_.write(left, top - 16, "start", "loss, nats a target");
    svg_.write(width - right, top - 16, "end", "bits a target", " fill=\"#777\"");
    svg_.write((left + width - right) / 2, top - 16, "middle",
               "lines with dots: validation; pale: training", " fill=\"#777\"");
    svg_.write((left + width - right) / 2, top + plot_height + 42, "middle", across_.title);
  }

  std::vector<std::pair<double, double>> points(const std::vector<CurvePoint>& curve) const {
    std::vector<std::pair<double, double>> list;
    list.reserve(curve.size());
    for (const CurvePoint& point : curve) list.emplace_back(value(point), point.loss);
    return plot_.places(list);
  }

  void draw_training(std::size_t run) {
    const bool alone = summary_.runs[run].validation.empty();
    svg_.polyline(points(training_[run]),
                  fmt::format(" stroke=\"{}\" stroke-width=\"1.2\" stroke-opacity=\"{}\"{}",
                              colour(run), alone ? 1.0 : 0.3, dashes(run)));
  }

  void draw_validation(std::size_t run) {
    const std::vector<CurvePoint>& curve = summary_.runs[run].validation;
    svg_.polyline(points(curve),
                  fmt::format(" stroke=\"{}\" stroke-width=\"2\"{}", colour(run), dashes(run)));
    const auto best = summary_.runs[run].best();
    for (const CurvePoint& point : curve) {
      const bool is_best = best && point.step == best->step;
      svg_.add(fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\" stroke=\"{}\"><title>{}, step "
          "{:.0f}: {:.4f}{}</title></circle>\n",
          plot_.across(value(point)), plot_.up(point.loss), is_best ? 4.5 : 2.5,
          is_best ? "white" : colour(run), colour(run), escaped(summary_.runs[run].name),
          point.step, point.loss, is_best ? ", the best" : ""));
    }
  }

  void draw_legend(std::size_t run) {
    const double y = top + plot_height + below + 12 + legend_line * static_cast<double>(run);
    svg_.line(left, y - 4, left + 26, y - 4,
              fmt::format(" stroke=\"{}\" stroke-width=\"3\"{}", colour(run), dashes(run)));
    const auto best = summary_.runs[run].best();
    std::string words = summary_.runs[run].name;
    if (best)
      words += fmt::format("   {:.4f} ({:.3f} bits)", best->loss, best->loss / std::numbers::ln2);
    const std::string differences = differences_of(summary_, run);
    if (!differences.empty()) words += "   " + differences;
    svg_.write(left + 34, y, "start", words, " xml:space=\"preserve\"");
  }

  const Summary& summary_;
  const Across& across_;
  std::vector<std::vector<CurvePoint>> training_;
  Plot plot_{left, top, width - left - right, plot_height};
  Svg svg_;
};

}  // namespace

const std::vector<Across>& across_table() {
  static const std::vector<Across> table = {
      {"steps", "steps", &CurvePoint::step, 1},
      {"tokens", "targets trained on, millions", &CurvePoint::targets, 1e6},
      {"hours", "hours of training", &CurvePoint::seconds, 3600},
  };
  return table;
}

std::string draw(const Summary& summary, const Across& across) {
  return Picture(summary, across).svg();
}

}  // namespace rondo::apps::compare
