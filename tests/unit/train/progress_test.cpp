#include "rondo/train/progress.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace rondo {
namespace {

// What a terminal of endless height shows after `written`: \r goes back, characters overwrite.
std::vector<std::string> screen(const std::string& written) {
  std::vector<std::string> lines(1);
  std::size_t column = 0;
  for (const char c : written) {
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      lines.emplace_back();
      column = 0;
    } else {
      std::string& line = lines.back();
      if (line.size() <= column) line.resize(column + 1, ' ');
      line[column++] = c;
    }
  }
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  return lines;
}

struct Recorder {
  std::string written;
  int columns = 120;

  Progress::Output terminal() {
    return {.write = write(), .terminal = true, .columns = [this] { return columns; }};
  }
  Progress::Output file() {
    return {.write = write(), .columns = [this] { return columns; }};
  }
  std::function<void(std::string_view)> write() {
    return [this](std::string_view text) { written += text; };
  }
};

ProgressReport example() {
  ProgressReport report;
  report.step = 1200;
  report.total_steps = 20000;
  report.epoch = 2;
  report.loss = 1.2766;
  report.targets = 20480;
  report.unit = LossUnit::bits_per_character;
  report.tokens_per_second = 41234;
  report.gflops = 88.25;
  report.rate = 0.002;
  report.gradient_norm = 0.3125;
  report.seconds = 30;
  report.seconds_left = 754;
  report.last_checkpoint_step = 1000;
  return report;
}

// Two ranks, the second of which is slower.
StepTimes example_times() {
  StepTimes times;
  times.shares = {0.25, 0.5, 0.0625, 0.125, 0.046875, 0.015625};
  times.ranks = {{0.125, 0.25, 0.5}, {0.25, 0.375, 0.5}};
  times.slowest = 1;
  return times;
}

TEST(Progress, WritesWholePlainLinesToAFile) {
  Recorder out;
  out.columns = 20;
  {
    Progress progress(out.file());
    progress.report(example());
    progress.message("a checkpoint was written");
  }
  EXPECT_EQ(out.written,
            "step 1,200/20,000  loss 1.2766  1.842 bits/char  41.2k tokens/s  12m34s left  epoch 3"
            "  88.2 GFLOP/s  rate 0.002  |g| 0.312  saved at 1,000\n"
            "rondo: a checkpoint was written\n");
}

TEST(Progress, RewritesOneLineOnATerminal) {
  Recorder out;
  {
    Progress progress(out.terminal());
    progress.report(example());
    ProgressReport later = example();
    later.step = 1210;
    later.loss = 1.2;
    later.seconds_left = 5;
    progress.report(later);
  }
  const auto lines = screen(out.written);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(
      lines[0],
      "[>               ]  step 1,210/20,000  loss 1.2000  1.731 bits/char  41.2k tokens/s  5s "
      "left  epoch 3  88.2 GFLOP/s");
  EXPECT_EQ(lines[1], "");
}

TEST(Progress, NeverFillsTheLastColumn) {
  for (int columns = 1; columns <= 200; ++columns) {
    Recorder out;
    out.columns = columns;
    Progress progress(out.terminal());
    progress.report(example());
    EXPECT_LT(screen(out.written)[0].size(), static_cast<std::size_t>(std::max(columns, 2)))
        << columns;
  }
}

TEST(Progress, TakesEightyColumnsWhereTheTerminalHasNone) {
  Recorder out;
  out.columns = 0;
  Progress progress(out.terminal());
  progress.report(example());
  const std::size_t length = screen(out.written)[0].size();
  EXPECT_GT(length, 60U);
  EXPECT_LT(length, 80U);
}

TEST(Progress, LastingLinesDoNotTearTheRewrittenOne) {
  Recorder out;
  {
    Progress progress(out.terminal());
    progress.report(example());
    progress.message("short");
    ValidationReport validation;
    validation.step = 1200;
    validation.loss = 1.5;
    validation.best = true;
    validation.figures = {{"coverage", 0.5}, {"mse", 7.25, false}};
    progress.validation(validation);
  }
  const auto lines = screen(out.written);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "rondo: short");
  EXPECT_EQ(lines[1],
            "step 1,200  validation loss 1.5000  coverage 50.00 %  mse 7.25  best so far");
  EXPECT_TRUE(lines[2].starts_with("[>               ]  step 1,200/20,000")) << lines[2];
  EXPECT_EQ(lines[3], "");
}

TEST(Progress, WordsHaveAPerplexity) {
  Recorder out;
  {
    Progress progress(out.file());
    ProgressReport report = example();
    report.unit = LossUnit::perplexity;
    report.loss = 4.60517018598809;
    progress.report(report);
  }
  EXPECT_NE(out.written.find("loss 4.6052  perplexity 100.00  41.2k tokens/s"), std::string::npos);
}

TEST(Progress, SamplesAreIndentedAndHarmless) {
  Recorder out;
  Progress progress(out.file());
  progress.sample(50, "In the\nbeginning\x1b[2J \xc3\xb6\x7f");
  EXPECT_EQ(out.written, "step 50  sample:\n    In the\n    beginning\\x1b[2J \xc3\xb6?\n");
}

TEST(Progress, LeavesOutWhatIsNotKnown) {
  Recorder out;
  Progress progress(out.file());
  ProgressReport report;
  report.step = 7;
  report.loss = 4.0;
  report.tokens_per_second = 3'050'000;
  progress.report(report);
  EXPECT_EQ(out.written,
            "step 7  loss 4.0000  3.05M tokens/s  epoch 1  0.0 GFLOP/s  rate 0  |g| 0\n");
}

TEST(Progress, SaysWhereTheTimeGoes) {
  Recorder out;
  Progress progress(out.file());
  ProgressReport report;
  report.step = 7;
  report.gflops = 50;
  report.share_of_peak = 0.4;
  report.times = example_times();
  progress.report(report);
  EXPECT_EQ(out.written,
            "step 7  loss 0.0000  0 tokens/s  epoch 1  50.0 GFLOP/s (40 % of peak)"
            "  rate 0  |g| 0  time: 25 % forward, 50 % backward, 6 % reduce, 12 % wait, "
            "5 % optimizer, 2 % data\n");
}

TEST(Progress, SurvivesNonFiniteNumbers) {
  Recorder out;
  Progress progress(out.terminal());
  ProgressReport report = example();
  report.loss = std::numeric_limits<double>::quiet_NaN();
  report.tokens_per_second = std::numeric_limits<double>::infinity();
  report.seconds_left = std::numeric_limits<double>::infinity();
  progress.report(report);
  EXPECT_NE(out.written.find("loss nan"), std::string::npos);
}

// Long sequences that are carried end in few windows.
TEST(Progress, SaysWhereThereWasNoTarget) {
  Recorder out;
  Progress progress(out.terminal());
  ProgressReport report = example();
  report.targets = 0;
  report.loss = std::numeric_limits<double>::quiet_NaN();
  progress.report(report);
  EXPECT_NE(out.written.find("no target  41.2k tokens/s"), std::string::npos);
  for (const auto& [key, value] : make_metrics_line(report).fields) EXPECT_NE(key, "loss");
}

TEST(MetricsLine, HasTheKeysOfAReport) {
  const MetricsLine line = make_metrics_line(example());
  std::vector<std::string> keys;
  for (const auto& [key, value] : line.fields) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"step", "epoch", "split", "loss", "targets",
                                            "tokens_per_second", "filled", "gflops", "rate",
                                            "gradient_norm", "seconds"}));
  EXPECT_EQ(std::get<std::int64_t>(line.fields[0].second), 1200);
  EXPECT_EQ(std::get<std::string>(line.fields[2].second), "train");
  EXPECT_EQ(std::get<double>(line.fields[3].second), 1.2766) << "nats, not rounded";
}

TEST(MetricsLine, HoldsTheShareOfThePeakAndTheTimesOfEachRank) {
  ProgressReport report = example();
  report.share_of_peak = 0.5;
  report.times = example_times();
  std::map<std::string, MetricsLine::Value> values;
  for (const auto& [key, value] : make_metrics_line(report).fields) values[key] = value;
  EXPECT_EQ(std::get<double>(values.at("share_of_peak")), 0.5);
  EXPECT_EQ(std::get<double>(values.at("forward_share")), 0.25);
  EXPECT_EQ(std::get<double>(values.at("wait_share")), 0.125);
  EXPECT_EQ(std::get<std::vector<double>>(values.at("rank_step_minimum")),
            (std::vector<double>{0.125, 0.25}));
  EXPECT_EQ(std::get<std::vector<double>>(values.at("rank_step_median")),
            (std::vector<double>{0.25, 0.375}));
  EXPECT_EQ(std::get<std::vector<double>>(values.at("rank_step_maximum")),
            (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(std::get<std::int64_t>(values.at("slowest_rank")), 1);
}

TEST(MetricsLine, LeavesOutNumbersThatJsonCannotHold) {
  ProgressReport report = example();
  report.loss = std::numeric_limits<double>::infinity();
  for (const auto& [key, value] : make_metrics_line(report).fields) EXPECT_NE(key, "loss");
}

TEST(MetricsLine, NamesTheValidatedSplit) {
  ValidationReport report;
  report.split = "test";
  report.loss = 1.25;
  const MetricsLine line = make_metrics_line(report);
  EXPECT_EQ(std::get<std::string>(line.fields[2].second), "test");
  EXPECT_EQ(std::get<double>(line.fields[3].second), 1.25);
}

}  // namespace
}  // namespace rondo
