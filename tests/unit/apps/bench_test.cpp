// `rondo bench`: what it prints, not how fast it is. Sizes are tiny and shares of limits need only
// be possible ones.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "apps/bench/benchmarks.hpp"
#include "apps/bench/layers.hpp"
#include "apps/bench/made_up.hpp"
#include "apps/bench/measure.hpp"
#include "command_fixture.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps::bench {
namespace {

using Json = nlohmann::json;

class BenchTest : public CommandTest {
 protected:
  void TearDown() override { kernels::select_target("auto"); }

  // One object with the limits of its process; returns its rows.
  Json rows(const std::vector<std::string>& arguments, const std::string& part) {
    std::vector<std::string> all = {"bench"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.emplace_back("--json");
    return checked(json(all), part);
  }
  static Json checked(const Json& object, const std::string& part) {
    EXPECT_EQ(object["part"], part);
    for (const char* key : {"rondo", "processor", "vector", "compiler"}) {
      EXPECT_FALSE(object[key].get<std::string>().empty()) << key;
    }
    EXPECT_GT(object["fma_peak_gflops_before"], 0.0);
    EXPECT_GT(object["fma_peak_gflops_after"], 0.0);
    EXPECT_EQ(object["read_bandwidth"].size(), 4U);
    for (const Json& level : object["read_bandwidth"]) {
      EXPECT_GT(level["buffer_bytes"], 0);
      EXPECT_GT(level["gigabytes_per_second_before"], 0.0);
      EXPECT_GT(level["gigabytes_per_second_after"], 0.0);
    }
    return object["rows"];
  }
};

void expect_spread(const Json& row, const std::string& key) {
  EXPECT_GT(row[key + "_least"], 0.0) << key;
  EXPECT_LE(row[key + "_least"], row[key + "_median"]) << key;
  EXPECT_LE(row[key + "_median"], row[key + "_most"]) << key;
}

void expect_share(const Json& share) {
  EXPECT_GT(share, 0.0);
  EXPECT_LT(share, 1.0);
}

TEST_F(BenchTest, EveryPartExplainsItself) {
  const std::string text = output({"bench", "--help"});
  for (const Benchmark& part : benchmarks()) {
    EXPECT_NE(text.find(part.summary), std::string::npos) << part.name;
    const std::string help = output({"bench", part.name, "--help"});
    EXPECT_NE(help.find("example:\n  "), std::string::npos) << part.name;
    EXPECT_NE(help.find(std::string("rondo bench ") + part.name), std::string::npos) << part.name;
  }
}

TEST_F(BenchTest, WhatCannotBeMeasuredIsRefused) {
  EXPECT_EQ(error({"bench"}), "rondo bench needs a part: rondo bench --help lists them");
  EXPECT_EQ(error({"bench", "kernel"}),
            "\"kernel\" is no part of rondo bench; did you mean kernels?");
  EXPECT_EQ(error({"bench", "everything"}),
            "\"everything\" is no part of rondo bench; rondo bench --help lists them");
  EXPECT_EQ(error({"bench", "step", "--lane", "4"}),
            "\"--lane\" is no option of rondo bench step; did you mean --lanes?");
  EXPECT_NE(error({"bench", "step", "--cell", "lstn"}).find("lstm"), std::string::npos);
  EXPECT_EQ(error({"bench", "step", "--hidden", "16", "none"}),
            "--hidden takes a whole number from 1 to 65536, not \"none\"");
  EXPECT_EQ(error({"bench", "step", "--threads", "2"}),
            "--threads is for whole training steps: add --whole");
  EXPECT_NE(error({"bench", "prepare", "--folder", path("missing")}).find(path("missing")),
            std::string::npos);
}

TEST_F(BenchTest, StepHasARowForEachShape) {
  const Json list = rows({"step", "--layers", "1", "2", "--hidden", "9", "--lanes", "3", "--runs",
                          "2", "--cell", "gru", "lstm"},
                         "step");
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[1]["cell"], "gru");
  EXPECT_EQ(list[1]["layers"], 2);
  EXPECT_EQ(list[2]["cell"], "lstm");
  for (const Json& row : list) {
    EXPECT_EQ(row["hidden"], 9);
    EXPECT_EQ(row["lanes"], 3);
    expect_spread(row, "share_of_peak");
    expect_share(row["share_of_peak_median"]);
    EXPECT_LE(row["bound_gflops"], row["fma_peak_gflops"]);
    EXPECT_LT(row["gflops_median"], row["fma_peak_gflops"]);
  }
}

TEST_F(BenchTest, StepCountsUsefulOperations) {
  // Twice 4 matrices of 9 x 9, 64 steps, 3 lanes.
  EXPECT_EQ(Layers({"lstm", 1, 9, 3}).operations(), 6.0 * 2 * 4 * 9 * 9 * 64 * 3);
  EXPECT_EQ(Layers({"gru", 2, 9, 3}).operations(), 2 * 6.0 * 2 * 3 * 9 * 9 * 64 * 3);
  // Twice 4 matrices of 9 x 4 and a projection of 4 x 9.
  EXPECT_EQ(Layers({"lstm-projected", 2, 9, 3}).operations(),
            2 * 6.0 * (2 * 4 + 1) * 9 * 4 * 64 * 3);
}

TEST_F(BenchTest, WholeStepsAreInTokens) {
  const Json list = rows({"step", "--whole", "--cell", "tanh", "--layers", "1", "--hidden", "8",
                          "--lanes", "4", "--vocabulary", "30", "--threads", "2", "--runs", "1"},
                         "step --whole");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0]["vocabulary"], 30);
  expect_spread(list[0], "tokens_per_second");
  expect_share(list[0]["share_of_peak_median"]);
}

TEST_F(BenchTest, KernelsStandBesideTheirBounds) {
  const Json list = rows({"kernels", "--hidden", "65", "--lanes", "4", "--vocabulary", "30",
                          "--values", "1000", "--runs", "2"},
                         "kernels");
  std::string names;
  for (const Json& row : list) {
    names += row["kernel"].get<std::string>() + ",";
    expect_spread(row, "microseconds");
    EXPECT_GT(row["bound_microseconds"], 0.0);
    EXPECT_GT(row["gigabytes_per_second_median"], 0.0);
    if (!row["share_of_peak_median"].is_null()) expect_share(row["share_of_peak_median"]);
  }
  for (const char* kernel :
       {"step,", "back,", "input,", "outer,", "lstm forward,", "gru backward,", "softmax,",
        "embedding,", "embedding gradient,", "adam,", "squares,"}) {
    EXPECT_NE(names.find(kernel), std::string::npos) << kernel;
  }
}

TEST_F(BenchTest, CheckpointsAreCopiedAndWritten) {
  const Json list = rows({"checkpoint", "--layers", "1", "--hidden", "8", "--lanes", "2", "--runs",
                          "2", "--folder", folder_.string()},
                         "checkpoint");
  ASSERT_EQ(list.size(), 1U);
  expect_spread(list[0], "copy_milliseconds");
  expect_spread(list[0], "write_seconds");
  // Parameters and two moments in float, at least.
  EXPECT_GT(list[0]["file_bytes"].get<double>(), 12 * list[0]["parameters"].get<double>());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(BenchTest, PreparesTextOfTheSizeAskedFor) {
  const Json list = rows({"prepare", "--megabytes", "1", "--vocabulary", "70", "2000", "--runs",
                          "1", "--folder", folder_.string()},
                         "prepare");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["vocabulary"], 70);
  EXPECT_EQ(list[1]["vocabulary"], 2000);
  for (const Json& row : list) {
    EXPECT_GE(row["text_bytes"], 1e6);
    expect_spread(row, "megabytes_per_second");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(BenchTest, ReductionsOfAllRanksAreOneReport) {
  testing::internal::CaptureStdout();
  run_in_process(3, [](Communicator& world) {
    reduce_in(world, {"--values", "10", "5000", "--blocks", "5", "--runs", "2", "--json"});
  });
  const Json list = checked(Json::parse(testing::internal::GetCapturedStdout()), "reduce");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[1]["vector_bytes"], 20000);
  for (const Json& row : list) {
    EXPECT_EQ(row["ranks"], 3);
    EXPECT_EQ(row["blocks"], 5);
    for (const char* way : {"exact", "native", "library"}) {
      expect_spread(row, std::string(way) + "_microseconds");
    }
    EXPECT_GT(row["sent_bytes_mean"], 0.0);
    EXPECT_GE(row["sent_bytes_most"], row["sent_bytes_mean"]);
    EXPECT_GT(row["ring_bytes_a_rank"], 0.0);
  }
}

TEST_F(BenchTest, PeopleGetATable) {
  const std::string text = output({"bench", "step", "--cell", "relu", "--layers", "1", "--hidden",
                                   "16", "--lanes", "2", "--runs", "1"});
  for (const char* part : {"FMA peak ", "GB/s from 256 MB", "\nrelu               1    16     2 ",
                           "\nafterwards: FMA peak "}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST(Spread, IsMedianAndEnds) {
  const Spread odd = spread_of({5, 1, 3});
  EXPECT_EQ(odd.median, 3);
  EXPECT_EQ(odd.least, 1);
  EXPECT_EQ(odd.most, 5);
  EXPECT_EQ(spread_of({4, 1, 2, 8}).median, 3);
}

TEST(Roofline, IsTheLongerOfComputingAndReading) {
  const Roofline computing = {.operations = 100, .bytes_seconds = 2};
  EXPECT_EQ(computing.seconds(10), 10);
  EXPECT_STREQ(computing.bound_by(10), "fma");
  const Roofline reading = {.operations = 100, .bytes_seconds = 20};
  EXPECT_EQ(reading.seconds(10), 20);
  EXPECT_STREQ(reading.bound_by(10), "read");
}

}  // namespace
}  // namespace rondo::apps::bench
