#include "rondo/train/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "rondo/core/exact_math.hpp"
#include "rondo/core/grouped.hpp"
#include "rondo/core/streams.hpp"

namespace rondo {
namespace {

constexpr int default_columns = 80;
constexpr int bar_width = 16;
constexpr std::size_t essential_parts = 3;  // of a line; they come before the bar

// Three or four figures and a unit: 812, 41.2k, 3.05M.
std::string short_count(double number) {
  if (!(number >= 1e3)) return fmt::format("{:.0f}", number);
  const auto [value, unit] = number < 1e6   ? std::pair(number / 1e3, "k")
                             : number < 1e9 ? std::pair(number / 1e6, "M")
                                            : std::pair(number / 1e9, "G");
  return fmt::format("{:.{}f}{}", value, value < 10 ? 2 : value < 100 ? 1 : 0, unit);
}

// 45s, 12m30s, 3h12m, 2d04h.
std::string duration(double seconds) {
  const auto whole = std::llround(std::min(seconds, 1e9));
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  return fmt::format("{}d{:02}h", whole / 86400, whole / 3600 % 24);
}

std::string loss_text(double loss, LossUnit unit) {
  std::string text = fmt::format("loss {:.4f}", loss);
  if (unit == LossUnit::bits_per_character) {
    text += fmt::format("  {:.3f} bits/char", loss / std::numbers::ln2);
  } else if (unit == LossUnit::perplexity) {
    text += fmt::format("  perplexity {:.2f}", exact::exp(loss));
  }
  return text;
}

double share_done(const ProgressReport& report) {
  if (report.total_steps <= 0) return 0;
  return std::clamp(static_cast<double>(report.step) / static_cast<double>(report.total_steps), 0.0,
                    1.0);
}

// "[======>         ]"
std::string bar(double share) {
  const int filled = static_cast<int>(share * bar_width);
  std::string text(bar_width, ' ');
  std::fill_n(text.begin(), filled, '=');
  if (filled < bar_width) text[static_cast<std::size_t>(filled)] = '>';
  return fmt::format("[{}]", text);
}

// "time: 31 % forward, 55 % backward, ...": in the order of a step.
std::string times_text(const StepTimes& times) {
  std::string text = "time:";
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    text += fmt::format("{} {:.0f} % {}", phase > 0 ? "," : "", 100 * times.shares[phase],
                        phase_names[phase]);
  }
  return text;
}

// What a line says, the most important first.
std::vector<std::string> parts_of(const ProgressReport& report) {
  const std::string total =
      report.total_steps > 0 ? "/" + grouped(report.total_steps) : std::string();
  std::vector<std::string> parts = {
      fmt::format("step {}{}", grouped(report.step), total),
      report.targets == 0 && std::isnan(report.loss) ? "no target"
                                                     : loss_text(report.loss, report.unit),
      short_count(report.tokens_per_second) + " tokens/s",
  };
  if (report.seconds_left >= 0) parts.push_back(duration(report.seconds_left) + " left");
  parts.push_back(fmt::format("epoch {}", report.epoch + 1));
  parts.push_back(fmt::format("{:.1f} GFLOP/s", report.gflops));
  if (report.share_of_peak > 0) {
    parts.back() += fmt::format(" ({:.0f} % of peak)", 100 * report.share_of_peak);
  }
  parts.push_back(fmt::format("rate {:.3g}", report.rate));
  parts.push_back(fmt::format("|g| {:.3g}", report.gradient_norm));
  if (report.last_checkpoint_step >= 0) {
    parts.push_back(fmt::format("saved at {}", grouped(report.last_checkpoint_step)));
  }
  if (!report.times.ranks.empty()) parts.push_back(times_text(report.times));
  return parts;
}

void put_finite(MetricsLine& line, const char* key, double value) {
  if (std::isfinite(value)) line.fields.emplace_back(key, value);
}

// Shares of a step, then of each rank what its own work in a step took, in seconds.
void put_times(MetricsLine& line, const StepTimes& times) {
  if (times.ranks.empty()) return;
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    line.fields.emplace_back(fmt::format("{}_share", phase_names[phase]), times.shares[phase]);
  }
  const auto put = [&](const char* key, double StepTimes::Rank::*which) {
    std::vector<double> seconds;
    for (const StepTimes::Rank& rank : times.ranks) seconds.push_back(rank.*which);
    line.fields.emplace_back(key, std::move(seconds));
  };
  put("rank_step_minimum", &StepTimes::Rank::minimum);
  put("rank_step_median", &StepTimes::Rank::median);
  put("rank_step_maximum", &StepTimes::Rank::maximum);
  line.fields.emplace_back("slowest_rank", std::int64_t{times.slowest});
}

}  // namespace

Progress::Output Progress::standard_error() {
  Output output;
  output.write = write_message_text;
  output.terminal = isatty(STDERR_FILENO) == 1;
  output.columns = [] {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? static_cast<int>(size.ws_col) : 0;
  };
  return output;
}

Progress::Progress(Output output) : output_(std::move(output)) {}

Progress::~Progress() {
  if (!current_.empty()) output_.write("\n");
}

std::string Progress::fitted_line(const ProgressReport& report) const {
  const int asked = output_.columns ? output_.columns() : 0;
  // The last column stays free: some terminals wrap as soon as it is written.
  const auto room = static_cast<std::size_t>(std::max(asked > 0 ? asked : default_columns, 2) - 1);
  const std::vector<std::string> parts = parts_of(report);
  std::string line;
  std::size_t essential = bar_width + 2;
  for (std::size_t i = 0; i < essential_parts; ++i) essential += 2 + parts[i].size();
  if (report.total_steps > 0 && essential <= room) line = bar(share_done(report)) + "  ";
  line += parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (line.size() + 2 + parts[i].size() > room) break;
    line += "  " + parts[i];
  }
  return line.substr(0, room);
}

void Progress::report(const ProgressReport& report) {
  if (output_.messages_alone) return;
  if (!output_.terminal) {
    output_.write(fmt::format("{}\n", fmt::join(parts_of(report), "  ")));
    return;
  }
  std::string line = fitted_line(report);
  // Spaces over what is left of a longer line: shorter than an escape sequence, and plain.
  std::string text = "\r" + line;
  if (line.size() < current_.size()) text.append(current_.size() - line.size(), ' ');
  current_ = std::move(line);
  output_.write(text);
}

void Progress::validation(const ValidationReport& report) {
  if (output_.messages_alone) return;
  std::string figures;
  for (const Figure& figure : report.figures) {
    figures += figure.is_share ? fmt::format("  {} {:.2f} %", figure.name, 100 * figure.value)
                               : fmt::format("  {} {:.5g}", figure.name, figure.value);
  }
  lasting(fmt::format("step {}  {} {}{}{}\n", grouped(report.step), report.split,
                      loss_text(report.loss, report.unit), figures,
                      report.best ? "  best so far" : ""));
}

void Progress::sample(std::int64_t step, std::string_view text) {
  if (output_.messages_alone) return;
  std::string lines = fmt::format("step {}  sample:\n    ", grouped(step));
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      lines += "\n    ";
    } else if (byte < 0x20 && c != '\t') {
      lines += fmt::format("\\x{:02x}", byte);  // an escape sequence must not reach the terminal
    } else {
      lines += c == 0x7f ? '?' : c;
    }
  }
  lasting(lines + "\n");
}

void Progress::message(std::string_view sentence) { lasting(fmt::format("rondo: {}\n", sentence)); }

void Progress::lasting(const std::string& lines) {
  if (current_.empty()) {
    output_.write(lines);
    return;
  }
  output_.write("\r" + std::string(current_.size(), ' ') + "\r" + lines + current_);
}

MetricsLine make_metrics_line(const ProgressReport& report) {
  MetricsLine line;
  line.fields = {{"step", report.step}, {"epoch", report.epoch}, {"split", std::string("train")}};
  put_finite(line, "loss", report.loss);
  line.fields.emplace_back("targets", report.targets);
  put_finite(line, "tokens_per_second", report.tokens_per_second);
  put_finite(line, "filled", report.filled);
  put_finite(line, "gflops", report.gflops);
  if (report.share_of_peak > 0) put_finite(line, "share_of_peak", report.share_of_peak);
  put_finite(line, "rate", report.rate);
  put_finite(line, "gradient_norm", report.gradient_norm);
  put_finite(line, "seconds", report.seconds);
  put_times(line, report.times);
  return line;
}

MetricsLine make_metrics_line(const ValidationReport& report) {
  MetricsLine line;
  line.fields = {{"step", report.step}, {"epoch", report.epoch}, {"split", report.split}};
  put_finite(line, "loss", report.loss);
  line.fields.emplace_back("targets", report.targets);
  for (const Figure& figure : report.figures) put_finite(line, figure.name.c_str(), figure.value);
  put_finite(line, "seconds", report.seconds);
  return line;
}

MetricsLine make_metrics_line(const CheckReport& report) {
  return {{{"step", report.step}, {"epoch", report.epoch}, {"state_digest", report.state_digest}}};
}

}  // namespace rondo
