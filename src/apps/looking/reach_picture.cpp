// Two curves a layer: what arrives so many steps before a loss, and what a window of so many loses.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/looking/reach.hpp"
#include "apps/pictures/svg.hpp"

namespace rondo::apps {
namespace {

constexpr double width = 900, plot_height = 260;
constexpr double left = 72, right = 40, top = 44, between = 96, below = 56;
constexpr double legend_line = 20;
constexpr double most_decades = 8;  // of a plot: what is smaller leaves it
constexpr double least_lost = 1e-4;
constexpr std::size_t most_points = 600;  // of a curve

class ReachPicture {
 public:
  explicit ReachPicture(const MeasuredReach& measured)
      : measured_(measured),
        svg_(width,
             top + 2 * plot_height + between + below + 12 +
                 legend_line * static_cast<double>(measured.reach.layers.size() + 2),
             "inspect") {
    for (const LayerReach& reach : measured.reach.layers) {
      farthest_ = std::max(farthest_, static_cast<double>(reach.norms.size()));
      for (std::size_t k = 0; k < reach.norms.size(); ++k) {
        const double norm = reach.norm(static_cast<std::int64_t>(k));
        if (norm > 0) norms_.take(std::log10(norm));
      }
    }
    if (norms_.empty()) norms_ = {-1, 0};
    norms_ = {std::max(std::floor(norms_.low), std::ceil(norms_.high) - most_decades),
              std::ceil(norms_.high)};
    if (norms_.low == norms_.high) --norms_.low;
  }

  std::string svg() {
    draw_norms();
    draw_lost();
    for (std::size_t i = 0; i < measured_.reach.layers.size(); ++i) draw_legend(i);
    // Its halves below one another: together they are wider than the picture.
    const std::string words = verdict(measured_);
    const std::size_t half = std::min(words.find_first_of(":;"), words.size() - 1) + 1;
    const std::size_t line = measured_.reach.layers.size();
    svg_.write(left, legend_at(line), "start", words.substr(0, half));
    svg_.write(left, legend_at(line + 1), "start", words.substr(half));
    return svg_.finish();
  }

 private:
  static constexpr double lower = top + plot_height + between;

  // Half of the axis is for the last half of the doublings; 0 has a place on it.
  double across(double steps) const {
    return left + (width - left - right) * std::log2(1 + steps) / std::log2(1 + farthest_);
  }
  static double up(double decades, const Range& range, double from) {
    return from + plot_height * (range.high - decades) / (range.high - range.low);
  }
  static double legend_at(std::size_t line) {
    return lower + plot_height + below + 12 + legend_line * static_cast<double>(line);
  }

  void draw_axes(double from, const Range& range, const std::string& title,
                 const std::string& under) {
    double last = 0;
    for (double steps = 0; steps <= farthest_; steps = steps == 0 ? 1 : 2 * steps) {
      if (steps > 0 && across(steps) - last < 28) continue;
      last = across(steps);
      svg_.grid_line(last, from, last, from + plot_height);
      svg_.write(last, from + plot_height + 20, "middle", fmt::format("{:.0f}", steps));
    }
    for (double decade = range.low; decade <= range.high; ++decade) {
      svg_.grid_line(left, up(decade, range, from), width - right, up(decade, range, from));
      svg_.write(left - 8, up(decade, range, from) + 4, "end",
                 fmt::format("{:g}", std::pow(10.0, decade)));
    }
    svg_.write(left, from - 16, "start", title);
    svg_.write((left + width - right) / 2, from + plot_height + 42, "middle", under);
  }

  // One of `said` for each number of steps from 0 on, thinned as the axis is, and held within the
  // plot's neighbourhood.
  template <class Said>
  void draw_curve(std::size_t layer, std::int64_t count, const Range& range, double from,
                  const Said& said) {
    std::vector<std::pair<double, double>> points;
    double last = -1;
    for (std::int64_t steps = 0; steps < count; ++steps) {
      const double x = across(static_cast<double>(steps));
      if (x - last < (width - left - right) / most_points && steps + 1 < count) continue;
      last = x;
      const double value = said(steps);
      const double decades = value > 0 ? std::log10(value) : range.low - 1;
      points.emplace_back(x, up(std::max(decades, range.low - 1), range, from));
    }
    svg_.polyline(points,
                  fmt::format(" stroke=\"{}\" stroke-width=\"2\"{}", colour(layer), dashes(layer)));
  }

  void draw_norms() {
    draw_axes(top, norms_, "norm of the gradient at the state, relative to that at the loss",
              "steps before the loss");
    svg_.begin_plot(left, top - 2, width - left - right, plot_height + 4);
    for (std::size_t i = 0; i < measured_.reach.layers.size(); ++i) {
      const LayerReach& reach = measured_.reach.layers[i];
      draw_curve(i, static_cast<std::int64_t>(reach.norms.size()), norms_, top,
                 [&](std::int64_t k) { return reach.norm(k); });
    }
    svg_.end_plot();
  }

  void draw_lost() {
    const Range range{std::log10(least_lost), 0};
    draw_axes(lower, range, "share of the gradient that a window loses which ends at the loss",
              "steps of the window");
    const double one = up(std::log10(little_lost), range, lower);
    svg_.line(left, one, width - right, one, " stroke=\"#777\" stroke-dasharray=\"2 3\"");
    const auto run_window = static_cast<double>(measured_.run_window);
    if (measured_.is_cut && run_window <= farthest_) {
      svg_.line(across(run_window), lower, across(run_window), lower + plot_height,
                " stroke=\"#777\" stroke-dasharray=\"2 3\"");
      svg_.write(across(run_window) + 4, lower + plot_height - 6, "start",
                 fmt::format("{}, the run's", measured_.run_window), " fill=\"#777\"");
    }
    svg_.begin_plot(left, lower - 2, width - left - right, plot_height + 4);
    for (std::size_t i = 0; i < measured_.reach.layers.size(); ++i) {
      const LayerReach& reach = measured_.reach.layers[i];
      std::vector<double> lost{0};  // [farthest - window]
      for (std::size_t k = reach.norms.size(); k-- > 0;) {
        lost.push_back(lost.back() + reach.norms[k]);
      }
      const double all = lost.back();
      draw_curve(i, static_cast<std::int64_t>(lost.size()), range, lower, [&](std::int64_t steps) {
        return all == 0 ? 0 : lost[lost.size() - 1 - static_cast<std::size_t>(steps)] / all;
      });
    }
    svg_.end_plot();
  }

  void draw_legend(std::size_t layer) {
    const LayerReach& reach = measured_.reach.layers[layer];
    const double y = legend_at(layer);
    svg_.line(left, y - 4, left + 26, y - 4,
              fmt::format(" stroke=\"{}\" stroke-width=\"3\"{}", colour(layer), dashes(layer)));
    svg_.write(left + 34, y, "start",
               fmt::format("{}   less than 1 % is lost from {} steps on", layer_name(reach.layer),
                           reach.window_losing_less(little_lost)),
               " xml:space=\"preserve\"");
  }

  const MeasuredReach& measured_;
  double farthest_ = 2;  // steps, at the right edge
  Range norms_;          // decades
  Svg svg_;
};

}  // namespace

std::string draw_reach(const MeasuredReach& measured) { return ReachPicture(measured).svg(); }

}  // namespace rondo::apps
