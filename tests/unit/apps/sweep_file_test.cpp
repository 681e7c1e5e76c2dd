// What a file of --sweep means, and what it may not say.
#include "apps/sweep/sweep_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "input_error.hpp"
#include "temporary_folder.hpp"

namespace rondo::apps {
namespace {

class SweepFileTest : public testing::Test {
 protected:
  Sweep sweep(const std::string& text, std::vector<std::string> arguments = {}) const {
    write_bytes(folder_ / "a.sweep", text);
    for (const char* more : {"--run", "runs/s", "--sweep"}) arguments.emplace_back(more);
    arguments.push_back((folder_ / "a.sweep").string());
    return read_sweep(parse_options(train_command_line(), arguments));
  }
  // The file is "FILE" in it.
  std::string error(const std::string& text, const std::vector<std::string>& arguments = {}) const {
    std::string sentence = test::error_of([&] { sweep(text, arguments); });
    const std::string path = (folder_ / "a.sweep").string();
    const std::size_t at = sentence.find(path);
    return at == std::string::npos ? sentence : sentence.replace(at, path.size(), "FILE");
  }
  std::string config_file(const std::string& text) const {
    write_bytes(folder_ / "a.conf", text);
    return (folder_ / "a.conf").string();
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(SweepFileTest, MembersAreTheProductOfItsValuesTheLastKeyFirst) {
  const Sweep read = sweep("# sizes\nhidden = 64  128\nseed = 1 2 3\ncell = gru\nranks = 2\n");
  ASSERT_EQ(read.members.size(), 6);
  EXPECT_EQ(read.ranks, 2);
  EXPECT_EQ(read.members[0].name, "hidden=64,seed=1");
  EXPECT_EQ(read.members[1].name, "hidden=64,seed=2");
  EXPECT_EQ(read.members[5].name, "hidden=128,seed=3");
  const TrainOptions& last = read.members[5].options;
  EXPECT_EQ(last.config.hidden, 128);
  EXPECT_EQ(last.config.seed, 3u);
  EXPECT_EQ(last.config.cell, "gru");
  EXPECT_EQ(last.config.run, "runs/s/hidden=128,seed=3");
  EXPECT_TRUE(last.given.contains("cell"));
  EXPECT_EQ(sweep("seed = 1 2").ranks, 1);
}

TEST_F(SweepFileTest, WinsOverTheConfigurationFileAndNotOverTheCommandLine) {
  const std::string conf = config_file("hidden = 7\nepochs = 9\nlayers = 2\n");
  const Sweep read = sweep("hidden = 64 128\nsteps = 10 20\n", {"--config", conf, "--seed", "5"});
  EXPECT_EQ(read.members[3].options.config.hidden, 128);
  EXPECT_EQ(read.members[3].options.config.steps, 20);
  EXPECT_EQ(read.members[3].options.config.epochs, 0);
  EXPECT_EQ(read.members[3].options.config.layers, 2);
  EXPECT_EQ(read.members[3].options.config.seed, 5u);
  EXPECT_EQ(error("seed = 1 2", {"--seed", "5"}),
            "FILE line 1: seed stands here and --seed on the command line: leave out one of them");
  EXPECT_EQ(error("\nsteps = 1 2", {"--epochs", "5"}),
            "FILE line 2: steps stands here and --epochs on the command line: leave out one of "
            "them");
}

TEST_F(SweepFileTest, NamesOfFoldersAreOfPlainCharacters) {
  EXPECT_EQ(sweep("fold = 1/3 2/3 3/3").members[1].name, "fold=2-3");
  EXPECT_EQ(sweep("data = /x/one.rondo y/two.rondo").members[0].name, "data=one.rondo");
  EXPECT_EQ(sweep("rate = 1e-3 0.01").members[0].name, "rate=1e-3");
  EXPECT_EQ(error("data = x/one.rondo y/one.rondo"),
            "--sweep FILE: two members would have the folder \"data=one.rondo\": give their files "
            "other names");
}

TEST_F(SweepFileTest, AMemberHasFoldersOfItsOwn) {
  const Sweep read = sweep("seed = 1 2", {"--tensorboard", "events"});
  EXPECT_EQ(read.members[0].options.config.tensorboard, "events/seed=1");
  EXPECT_EQ(read.members[1].options.config.tensorboard, "events/seed=2");
  EXPECT_EQ(sweep("seed = 1 2").members[0].options.config.tensorboard, "");
  const std::string longest(195, 'x');  // with "data=" 200
  EXPECT_EQ(sweep("data = " + longest + " y").members[0].name, "data=" + longest);
  EXPECT_EQ(error("data = " + longest + "x y"),
            "--sweep FILE: \"data=" + longest +
                "x\" is too long for the name of a folder: vary fewer keys");
}

TEST_F(SweepFileTest, WhatCannotBeIsNamedWithItsLine) {
  EXPECT_EQ(error("hiden = 1 2"),
            "FILE line 1: \"hiden\" is no key of rondo train; did you mean hidden?");
  EXPECT_EQ(error("seed = 1 2\nhidden = 64 none"),
            "FILE line 2: --hidden takes a whole number from 1 to 65536, not \"none\"");
  EXPECT_EQ(error("rate = 0.1 0.2 0.10"), "FILE line 1: rate has the value 0.10 twice");
  EXPECT_EQ(error("seed = 1 2\nseed = 3"), "FILE line 2: seed is given twice");
  EXPECT_EQ(error("seed ="), "FILE line 1: seed has no value");
  EXPECT_EQ(error("run = a b"),
            "FILE line 1: run is the same for all members: it belongs on the command line");
  EXPECT_EQ(error("max-steps = 1 2"),
            "FILE line 1: max-steps is the same for all members: it belongs on the command line");
  EXPECT_EQ(error("ranks = 0\nseed = 1 2"),
            "FILE line 1: ranks takes a whole number from 1 to 1000000, not \"0\"");
  EXPECT_EQ(error("seed = 3\n"),
            "--sweep FILE gives no key several values, as in \"seed = 1 2 3\": there is nothing to "
            "sweep over");
  EXPECT_EQ(error("[member a]"),
            "FILE line 1: sections like [member a] are not used; write \"name = value\" lines");
}

TEST_F(SweepFileTest, ThereIsAMostOfMembers) {
  std::string seeds, rates;
  for (int i = 1; i <= 101; ++i) {
    seeds += " " + std::to_string(i);
    rates += " 0.0" + std::to_string(i) + "1";
  }
  EXPECT_EQ(error("seed =" + seeds + "\nrate =" + rates),
            "FILE line 2: with rate there are more than 10000 members");
}

}  // namespace
}  // namespace rondo::apps
