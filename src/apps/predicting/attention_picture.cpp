#include "apps/predicting/attention_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/pictures/svg.hpp"
#include "apps/pictures/visible.hpp"

namespace rondo::apps {
namespace {

constexpr double cell = 26, margin = 24, gap = 40, legend_height = 46;
constexpr double widest_line = 1200;  // of tables side by side
constexpr double font = 14;
constexpr double slant = 0.7071;  // of long source symbols: half a right angle
constexpr const char* end_name = "end";

// The width of a text, as far as it can be known without a font: wide characters, as Chinese ones,
// take the height.
double width_of(const std::string& text) {
  double width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) width += byte == 'i' || byte == 'l' || byte == '\'' ? 0.35 : 0.6;
    if (byte >= 0xC0) width += byte >= 0xE3 ? 1 : 0.65;
  }
  return width * font;
}

double widest(const std::vector<std::string>& texts) {
  double width = 0;
  for (const std::string& text : texts) width = std::max(width, width_of(text));
  return width;
}

std::vector<std::string> all_visible(const std::vector<std::string>& symbols) {
  std::vector<std::string> shown;
  shown.reserve(symbols.size());
  for (const std::string& symbol : symbols) shown.push_back(visible(symbol));
  return shown;
}

// From white through blue to nearly black, equally far apart for the eye.
std::string shade(double weight) {
  struct Stop {
    double at;
    std::array<double, 3> colour;
  };
  static constexpr std::array<Stop, 5> stops{{{0, {255, 255, 255}},
                                              {0.25, {198, 219, 239}},
                                              {0.5, {107, 174, 214}},
                                              {0.75, {33, 113, 181}},
                                              {1, {8, 48, 107}}}};
  const double at = std::clamp(std::isfinite(weight) ? weight : 0, 0.0, 1.0);
  std::size_t i = 1;
  while (i + 1 < stops.size() && at > stops[i].at) ++i;
  const double part = (at - stops[i - 1].at) / (stops[i].at - stops[i - 1].at);
  std::string text = "#";
  for (std::size_t c = 0; c < 3; ++c) {
    const double from = stops[i - 1].colour[c], to = stops[i].colour[c];
    text += fmt::format("{:02x}", static_cast<int>(std::lround(from + part * (to - from))));
  }
  return text;
}

// The table of one sequence.
class Table {
 public:
  explicit Table(const LookedAt& looked)
      : looked_(looked), source_(all_visible(looked.source)), target_(all_visible(looked.target)) {
    const double longest = widest(source_);
    upright_ = longest <= cell - 4;
    above_ = upright_ ? font + 12 : longest * slant + font + 6;
    left_ = std::max(widest(target_), width_of(end_name)) + 12;
    right_ = upright_ || source_.empty() ? 0 : width_of(source_.back()) * slant;
  }

  double width() const { return left_ + cell * static_cast<double>(source_.size()) + right_; }
  double height() const { return above_ + cell * static_cast<double>(looked_.weights.size()); }

  std::string svg(double x, double y) const {
    std::string text = fmt::format("<g transform=\"translate({:.1f} {:.1f})\">\n", x, y);
    for (std::size_t s = 0; s < source_.size(); ++s) text += source_text(s);
    for (std::size_t t = 0; t < looked_.weights.size(); ++t) text += row(t);
    return text + "</g>\n";
  }

 private:
  double across(std::size_t source) const { return left_ + cell * static_cast<double>(source); }
  double down(std::size_t target) const { return above_ + cell * static_cast<double>(target); }
  bool is_end(std::size_t target) const { return target >= target_.size(); }

  std::string source_text(std::size_t s) const {
    const double x = across(s) + cell / 2;
    if (upright_) return text_element(x, above_ - 8, "middle", source_[s]);
    const double at_x = x + 3, at_y = above_ - 6;
    return text_element(at_x, at_y, "start", source_[s],
                        fmt::format(" transform=\"rotate(-45 {:.1f} {:.1f})\"", at_x, at_y));
  }

  std::string row(std::size_t t) const {
    const std::string name = is_end(t) ? end_name : target_[t];
    std::string text = text_element(left_ - 8, down(t) + cell / 2 + font * 0.36, "end", name,
                                    is_end(t) ? " fill=\"#888\" font-style=\"italic\"" : "");
    const std::vector<float>& weights = looked_.weights[t];
    const std::size_t most = static_cast<std::size_t>(
        std::max_element(weights.begin(), weights.end()) - weights.begin());
    for (std::size_t s = 0; s < weights.size() && s < source_.size(); ++s) {
      const auto weight = static_cast<double>(weights[s]);
      text += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{}\" "
          "stroke=\"{}\"><title>{} looks at {}: {:.3f}</title></rect>\n",
          across(s) + 1, down(t) + 1, cell - 2, cell - 2, shade(weight),
          s == most ? "#d55e00" : "#e3e8ee", escaped(name), escaped(source_[s]), weight);
    }
    return text;
  }

  const LookedAt& looked_;
  std::vector<std::string> source_, target_;
  bool upright_ = false;
  double above_ = 0, left_ = 0, right_ = 0;
};

std::string legend(double x, double y) {
  std::string text = text_element(x, y + 13, "start", "looked at", " fill=\"#555\"");
  constexpr int steps = 5;
  double at = x + 76;
  for (int i = 0; i < steps; ++i, at += cell) {
    const double weight = static_cast<double>(i) / (steps - 1);
    text += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"12\" rx=\"2\" fill=\"{}\" "
        "stroke=\"#e3e8ee\"/>\n",
        at, y + 2, cell - 2, shade(weight));
    text += text_element(at + cell / 2 - 1, y + 27, "middle", fmt::format("{:.4g}", weight),
                         " font-size=\"10\" fill=\"#888\"");
  }
  at += 18;
  text += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" height=\"12\" rx=\"2\" fill=\"none\" "
      "stroke=\"#d55e00\"/>\n",
      at, y + 2);
  return text + text_element(at + 20, y + 13, "start", "the most of its row", " fill=\"#555\"");
}

struct Drawn {
  std::string body;
  double width = 420, height = 0;
};

Drawn draw(const std::vector<LookedAt>& sequences) {
  std::vector<Table> tables(sequences.begin(), sequences.end());
  Drawn drawn{legend(margin, margin)};
  // Tables fill lines, as words do.
  double x = margin, y = margin + legend_height, line = 0;
  for (const Table& table : tables) {
    if (x > margin && x + table.width() > widest_line) {
      x = margin;
      y += line + gap;
      line = 0;
    }
    drawn.body += table.svg(x, y);
    x += table.width();
    drawn.width = std::max(drawn.width, x + margin);
    x += gap;
    line = std::max(line, table.height());
  }
  drawn.height = y + line + margin;
  return drawn;
}

}  // namespace

std::string attention_line(const LookedAt& looked) {
  using Json = nlohmann::ordered_json;
  std::string weights;
  for (const std::vector<float>& row : looked.weights) {
    std::string numbers;
    for (const float weight : row) {
      numbers += fmt::format("{}{:.6g}", numbers.empty() ? "" : ",", static_cast<double>(weight));
    }
    weights += fmt::format("{}[{}]", weights.empty() ? "" : ",", numbers);
  }
  const auto text = [](const std::vector<std::string>& symbols) {
    return Json(symbols).dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  return fmt::format("{{\"source\":{},\"target\":{},\"weights\":[{}]}}\n", text(looked.source),
                     text(looked.target), weights);
}

LookedAt looked_at(const std::string& line) {
  const auto json = nlohmann::json::parse(line);
  return {json["source"], json["target"], json["weights"]};
}

std::string attention_picture(const std::vector<LookedAt>& sequences) {
  const Drawn drawn = draw(sequences);
  Svg svg(drawn.width, drawn.height, "predict");
  svg.add(drawn.body);
  return svg.finish();
}

std::string attention_in_page(const std::vector<LookedAt>& sequences, const std::string& id) {
  const Drawn drawn = draw(sequences);
  Svg svg = Svg::in_page(drawn.width, drawn.height, id, "what was looked at");
  svg.add(drawn.body);
  return svg.finish();
}

}  // namespace rondo::apps
