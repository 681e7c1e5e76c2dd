// `rondo report`: what its pages are made of.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "apps/report/chart.hpp"
#include "apps/report/html.hpp"
#include "apps/report/measured/intervals.hpp"
#include "apps/report/reported_run.hpp"
#include "apps/report/run_metrics.hpp"
#include "command_fixture.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps::report {
namespace {

TEST(ReportHtml, HoldsAnyText) {
  EXPECT_EQ(plain("a<b>&\"c\"\n\td"), "a&lt;b&gt;&amp;&quot;c&quot;  d");
  EXPECT_EQ(plain("\xff\x80"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(lines("<\n\n>\n"), "&lt;\n\n&gt;\n");
  EXPECT_EQ(lines(""), "");
  const std::string whole = page("</title><script>", table({{"<i>"}, {{"</table>"}}, 1}));
  EXPECT_EQ(whole.find("<script"), std::string::npos);
  EXPECT_NE(whole.find("<td>&lt;/table&gt;</td>"), std::string::npos);
  EXPECT_TRUE(is_page(whole));
  EXPECT_FALSE(is_page("<!DOCTYPE html>\n<html>"));
}

TEST(ReportHtml, SaysNumbersForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(123), "123");
  EXPECT_EQ(duration(0.25), "0.25 s");
  EXPECT_EQ(duration(750), "12 min 30 s");
  EXPECT_EQ(duration(11520), "3 h 12 min");
}

TEST(ReportIntervals, AreThoseOfTheMeanOfManySamples) {
  constexpr std::int64_t samples = 400;
  const auto mean = [](std::span<const std::int64_t> drawn) {
    double sum = 0;
    for (const std::int64_t i : drawn) sum += static_cast<double>(i % 20);
    return std::vector<Figure>{{"mean", sum / static_cast<double>(drawn.size())},
                               {"undefined", std::nan("")}};
  };
  const Intervals intervals = bootstrap(samples, mean);
  ASSERT_EQ(intervals.size(), 1);
  // The mean of 0 to 19 and its deviation over 400 draws: 9.5 and sqrt(399 / 12) / 20.
  const double half = 1.96 * std::sqrt(399.0 / 12) / 20;
  EXPECT_NEAR(intervals.at("mean").low, 9.5 - half, 0.06);
  EXPECT_NEAR(intervals.at("mean").high, 9.5 + half, 0.06);
  EXPECT_EQ(bootstrap(samples, mean).at("mean").low, intervals.at("mean").low);
  EXPECT_TRUE(bootstrap(19, mean).empty());
}

TEST(ReportIntervals, TakeWholeSequences) {
  Answers answers;
  answers.losses = {1, 2, 3};
  answers.weights = {2, 1, 2};
  answers.targets = {10, 11, 20, 30, 31};
  answers.said = {10, 0, 20, 0, 31};
  answers.starts = {0, 2, 3, 5};
  const std::vector<std::int64_t> drawn{2, 0, 2};
  const Answers steps = chosen(answers, drawn);
  EXPECT_EQ(steps.losses, (std::vector<double>{3, 1, 3}));
  EXPECT_EQ(steps.targets, (std::vector<std::int32_t>{30, 31, 10, 11, 30, 31}));
  EXPECT_EQ(steps.said, (std::vector<std::int32_t>{0, 31, 10, 0, 0, 31}));
  EXPECT_EQ(steps.starts, (std::vector<std::int64_t>{0, 2, 4, 6}));

  answers.targets.clear();
  answers.said.clear();
  answers.starts.clear();
  answers.numbers.starts = {0, 1, 2, 3};
  answers.numbers.given = {1, 2, 3, 4, 5, 6};  // two numbers a row, three outputs
  answers.numbers.said = {1, 1, 1, 2, 2, 2, 3, 3, 3};
  const Answers numbers = chosen(answers, drawn);
  EXPECT_EQ(numbers.numbers.given, (std::vector<double>{5, 6, 1, 2, 5, 6}));
  EXPECT_EQ(numbers.numbers.said, (std::vector<double>{3, 3, 3, 1, 1, 1, 3, 3, 3}));
  EXPECT_EQ(numbers.numbers.starts, (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST(ReportChart, ThinsOutAndKeepsPeaks) {
  Points points;
  for (int i = 0; i < 10'000; ++i) points.emplace_back(i, std::sin(i));
  points[7777].second = 50;
  points[3333].second = -50;
  const Points thin = thinned(points, 400);
  EXPECT_LE(thin.size(), 402);
  EXPECT_EQ(thin.front(), points.front());
  EXPECT_EQ(thin.back(), points.back());
  EXPECT_NE(std::ranges::find(thin, points[7777]), thin.end());
  EXPECT_NE(std::ranges::find(thin, points[3333]), thin.end());
  EXPECT_TRUE(std::ranges::is_sorted(thin));
  EXPECT_EQ(thinned(points, 10'000), points);
  EXPECT_TRUE(thinned({}, 400).empty());
}

TEST(ReportChart, DrawsWhatCanBeDrawn) {
  const auto chart = [](Points points, bool logarithmic) {
    return draw({"loss", {{"", 0, std::move(points), true}}, logarithmic}, "id");
  };
  EXPECT_EQ(chart({}, false), "");
  EXPECT_EQ(chart({{1, 0}, {2, -1}}, true), "");  // have no logarithm
  for (const Points& points :
       {Points{{0, 3}}, Points{{5, 0}, {6, 0}}, Points{{1, 1e-9}, {2, 1e9}}}) {
    for (const bool logarithmic : {false, true}) {
      const std::string svg = chart(points, logarithmic);
      EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
      EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
    }
  }
}

TEST(ReportMetrics, JoinsTheStartsOfAProgram) {
  RunMetrics metrics;
  const auto train = [&](int step, double seconds, double forward, const char* more = "") {
    metrics.take(Json::parse(fmt::format(
        R"({{"step":{},"split":"train","loss":2,"seconds":{},"forward_share":{},"rate":0.1{}}})",
        step, seconds, forward, more)));
  };
  train(
      10, 4, 0.5,
      R"(,"rank_step_minimum":[1,2],"rank_step_median":[2,5],"rank_step_maximum":[3,9],"slowest_rank":1)");
  train(20, 10, 1);
  train(30, 2, 0.25);  // resumed, on one rank
  train(
      40, 3, 0,
      R"(,"rank_step_minimum":[0.5],"rank_step_median":[4],"rank_step_maximum":[7],"slowest_rank":0)");
  metrics.take(
      Json::parse(R"({"step":20,"split":"validation","loss":3,"targets":9,"accuracy":0.5})"));
  metrics.take(
      Json::parse(R"({"step":40,"split":"validation","loss":4,"targets":9,"accuracy":0.75})"));
  metrics.finish();
  EXPECT_EQ(metrics.clock.starts(), 2);
  EXPECT_EQ(metrics.clock.total(), 13);
  EXPECT_EQ(metrics.phase_seconds[0], 4 * 0.5 + 6 * 1 + 2 * 0.25);
  ASSERT_EQ(metrics.ranks.size(), 2);
  EXPECT_EQ(metrics.ranks[0].least, 0.5);
  EXPECT_EQ(metrics.ranks[0].most, 7);
  EXPECT_EQ(metrics.ranks[0].median, 4);
  EXPECT_EQ(metrics.ranks[0].slowest, 1);
  EXPECT_EQ(metrics.ranks[1].reports, 1);
  EXPECT_EQ(metrics.best_step(), 20);
  EXPECT_EQ(metrics.last_step(), 40);
  EXPECT_EQ(metrics.at_best("accuracy"), 0.5);
  EXPECT_EQ(metrics.last("accuracy"), 0.75);
  EXPECT_TRUE(std::isnan(metrics.last("mse")));
}

TEST(Report, NamesEachKeyThatChangesBits) {
  Config config;
  config.data = "/somewhere/it's data.rondo";
  config.run = "/elsewhere/run";
  config.steps = 7;
  config.bidirectional = true;
  config.threads = 9;
  config.report_every = 3;
  ReportedRun run;
  run.name = "r";
  run.record.checkpoint = {{"step", 5}, {"finished", false}, {"configuration", Json::object()}};
  for (const ConfigKey& key : config_keys()) {
    run.record.checkpoint["configuration"][key.name] = key.print(config);
  }
  EXPECT_EQ(training_command(run),
            "rondo train --data 'it'\\''s data.rondo' --run r-again \\\n  --bidirectional \\\n"
            "  --steps 7 \\\n  --max-steps 5");
}

}  // namespace
}  // namespace rondo::apps::report
