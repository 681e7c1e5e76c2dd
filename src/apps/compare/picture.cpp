#include "apps/compare/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "apps/words/svg.hpp"

namespace rondo::apps::compare {
namespace {

constexpr double width = 900, plot_height = 420;
// By it rondo knows the file as its own, which it may draw anew.
constexpr std::string_view mark = "<!-- drawn by rondo compare, which may draw it anew -->\n";
constexpr double left = 72, right = 72, top = 44, below = 56;  // around the plot
constexpr double legend_line = 20;
constexpr std::size_t most_points = 300;  // of a curve
constexpr double beginning = 0.04;        // of the axis across: not what the height is chosen for

// Okabe and Ito's colours, which people with any kind of colour vision can tell apart; the ninth
// run has the first colour again, in dashes.
constexpr const char* colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                   "#e69f00", "#56b4e9", "#000000", "#b8a800"};

std::string colour(std::size_t run) { return colours[run % std::size(colours)]; }

std::string dashes(std::size_t run) {
  const std::size_t round = run / std::size(colours);
  return round == 0 ? "" : fmt::format(" stroke-dasharray=\"{} 3\"", 3 + 3 * round);
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

// Round numbers of a range: steps of 1, 2 or 5 times a power of ten, about `count` of them.
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
  Picture(const Summary& summary, const Across& across) : summary_(summary), across_(across) {
    for (const RunRecord& run : summary.runs) {
      training_.push_back(thinned(run.training));
      for (const CurvePoint& point : training_.back()) x_.take(value(point));
      for (const CurvePoint& point : run.validation) x_.take(value(point));
    }
    x_.low = 0;
    if (!(x_.high > 0)) x_.high = 1;
    for (const auto& curve : training_) choose_height(curve);
    for (const RunRecord& run : summary.runs) choose_height(run.validation);
    if (y_.empty()) y_ = {0, 1};
    const double margin = y_.high > y_.low ? 0.04 * (y_.high - y_.low) : 0.5;
    y_ = {std::max(0.0, y_.low - margin), y_.high + margin};
  }

  std::string svg() {
    const double height =
        top + plot_height + below + legend_line * static_cast<double>(summary_.runs.size()) + 12;
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"sans-serif\" font-size=\"13\" "
        "fill=\"#222\">\n{6}<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        "<clipPath id=\"plot\"><rect x=\"{2}\" y=\"{3}\" width=\"{4}\" "
        "height=\"{5}\"/></clipPath>\n",
        width, height, left, top, width - left - right + 6, plot_height + 6,  // room for dots
        mark);
    draw_axes();
    text_ += "<g clip-path=\"url(#plot)\" fill=\"none\" stroke-linejoin=\"round\">\n";
    // The best run last: its curve lies above the others.
    for (std::size_t run = summary_.runs.size(); run-- > 0;) draw_training(run);
    for (std::size_t run = summary_.runs.size(); run-- > 0;) draw_validation(run);
    text_ += "</g>\n";
    for (std::size_t run = 0; run < summary_.runs.size(); ++run) draw_legend(run);
    return text_ + "</svg>\n";
  }

 private:
  double value(const CurvePoint& point) const { return point.*across_.member / across_.unit; }
  double across(double x) const {
    return left + (width - left - right) * (x - x_.low) / (x_.high - x_.low);
  }
  double up(double y) const { return top + plot_height * (y_.high - y) / (y_.high - y_.low); }

  void choose_height(const std::vector<CurvePoint>& curve) {
    for (const CurvePoint& point : curve) {
      if (value(point) >= beginning * x_.high || &point == &curve.back()) y_.take(point.loss);
    }
  }

  void write(double x, double y, const char* anchor, const std::string& words,
             const std::string& more = "") {
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y,
                         anchor, more, svg_text(words));
  }
  void draw_line(double x1, double y1, double x2, double y2) {
    text_ += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#e4e4e4\"/>\n", x1,
        y1, x2, y2);
  }

  void draw_axes() {
    for (const double x : ticks(x_, 8)) {
      draw_line(across(x), top, across(x), top + plot_height);
      write(across(x), top + plot_height + 20, "middle", fmt::format("{:.6g}", x));
    }
    for (const double y : ticks(y_, 8)) {
      draw_line(left, up(y), width - right, up(y));
      write(left - 8, up(y) + 4, "end", fmt::format("{:.6g}", y));
    }
    const Range bits{y_.low / std::numbers::ln2, y_.high / std::numbers::ln2};
    for (const double y : ticks(bits, 8)) {
      write(width - right + 8, up(y * std::numbers::ln2) + 4, "start", fmt::format("{:.6g}", y),
            " fill=\"#777\"");
    }
    write(left, top - 16, "start", "loss, nats a target");
    write(width - right, top - 16, "end", "bits a target", " fill=\"#777\"");
    write((left + width - right) / 2, top - 16, "middle",
          "lines with dots: validation; pale: training", " fill=\"#777\"");
    write((left + width - right) / 2, top + plot_height + 42, "middle", across_.title);
  }

  std::string points(const std::vector<CurvePoint>& curve) const {
    std::string list;
    for (const CurvePoint& point : curve) {
      list += fmt::format("{}{:.1f},{:.1f}", list.empty() ? "" : " ", across(value(point)),
                          up(point.loss));
    }
    return list;
  }

  void draw_training(std::size_t run) {
    const bool alone = summary_.runs[run].validation.empty();
    text_ += fmt::format(
        "<polyline points=\"{}\" stroke=\"{}\" stroke-width=\"1.2\" stroke-opacity=\"{}\"{}/>\n",
        points(training_[run]), colour(run), alone ? 1.0 : 0.3, dashes(run));
  }

  void draw_validation(std::size_t run) {
    const std::vector<CurvePoint>& curve = summary_.runs[run].validation;
    text_ += fmt::format("<polyline points=\"{}\" stroke=\"{}\" stroke-width=\"2\"{}/>\n",
                         points(curve), colour(run), dashes(run));
    const auto best = summary_.runs[run].best();
    for (const CurvePoint& point : curve) {
      const bool is_best = best && point.step == best->step;
      text_ += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\" stroke=\"{}\"><title>{}, step "
          "{:.0f}: {:.4f}{}</title></circle>\n",
          across(value(point)), up(point.loss), is_best ? 4.5 : 2.5,
          is_best ? "white" : colour(run), colour(run), svg_text(summary_.runs[run].name),
          point.step, point.loss, is_best ? ", the best" : "");
    }
  }

  void draw_legend(std::size_t run) {
    const double y = top + plot_height + below + 12 + legend_line * static_cast<double>(run);
    text_ += fmt::format(
        "<line x1=\"{0}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" stroke=\"{3}\" "
        "stroke-width=\"3\"{4}/>\n",
        left, y - 4, left + 26, colour(run), dashes(run));
    const auto best = summary_.runs[run].best();
    std::string words = summary_.runs[run].name;
    if (best)
      words += fmt::format("   {:.4f} ({:.3f} bits)", best->loss, best->loss / std::numbers::ln2);
    const std::string differences = differences_of(summary_, run);
    if (!differences.empty()) words += "   " + differences;
    write(left + 34, y, "start", words, " xml:space=\"preserve\"");
  }

  const Summary& summary_;
  const Across& across_;
  std::vector<std::vector<CurvePoint>> training_;
  Range x_, y_;
  std::string text_;
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

bool is_picture(std::string_view beginning) {
  return beginning.starts_with("<svg ") && beginning.find(mark) != std::string_view::npos;
}

std::string draw(const Summary& summary, const Across& across) {
  return Picture(summary, across).svg();
}

}  // namespace rondo::apps::compare
