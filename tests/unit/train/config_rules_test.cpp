// What keys mean together: completion, contradictions, notices.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "input_error.hpp"
#include "rondo/train/config.hpp"

namespace rondo {
namespace {

using test::error_of;

Config small_run() {
  Config config;
  config.steps = 100;
  return config;
}

TEST(CompleteConfig, FillsInDependentKeys) {
  Config config = small_run();
  config.hidden = 300;
  config.lanes = 36;
  complete(config);
  EXPECT_EQ(config.embedding, 300);
  EXPECT_EQ(config.block, 12);
  EXPECT_EQ(config.eval_lanes, 36);

  const std::string once = config_to_text(config);
  complete(config);
  EXPECT_EQ(config_to_text(config), once);
}

TEST(CompleteConfig, RefusesContradictions) {
  Config config = small_run();
  config.block = 5;
  EXPECT_EQ(error_of([&] { complete(config); }), "--block 5 does not divide --lanes 32; 4 does");

  config = small_run();
  config.eval_lanes = 40;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--eval-lanes 40 is not a multiple of the block of 16 lanes; 32 is");
  config.eval_lanes = 3;
  EXPECT_NE(error_of([&] { complete(config); }).find("16 is"), std::string::npos);

  config = small_run();
  config.state = "carried";
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.pool = "max";
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--pool max is made of all of a sequence's steps, and --state carried leaves the "
            "earlier ones to windows before: give --pool last, or --state fresh");
  config.pool = "last";
  config.bidirectional = true;
  EXPECT_EQ(
      error_of([&] { complete(config); }),
      "--bidirectional reads a sequence from its end, too, and --state carried leaves its end "
      "to windows to come: leave out one of them");

  config = small_run();
  config.recompute = 100;
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.temporal_penalty = 1;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--recompute goes through a window piece by piece, and --temporal-penalty joins each "
            "step to the next: leave out one of them");
  config.pool = "mean";
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--recompute goes through a window piece by piece, and --pool mean is made of all of a "
            "sequence's steps: give --pool last, or leave out --recompute");
  config.bidirectional = true;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--recompute goes through a window piece by piece, and with --bidirectional each of "
            "its steps waits for the last one: leave out one of them");

  config = small_run();
  config.initialization = "identity";
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--initialization identity is for --cell tanh or relu, not lstm");
  config.cell = "relu";
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.chrono_span = 100;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--chrono-span sets the biases of gates, and --cell relu has none");

  config = small_run();
  config.chrono_span = 2;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--chrono-span 2 is no span to remember; give 3 or more, or 0 for none");

  config = small_run();
  config.tied = true;
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.embedding = 128;
  EXPECT_EQ(
      error_of([&] { complete(config); }),
      "--tied needs embeddings as wide as a layer: --embedding 128 is not --hidden 256; leave "
      "--embedding out, or make them equal");

  config.cell = "lstm-projected";
  config.projection = 64;
  EXPECT_EQ(
      error_of([&] { complete(config); }),
      "--tied needs embeddings as wide as a layer: --embedding 128 is not --projection 64; leave "
      "--embedding out, or make them equal");

  config = small_run();
  config.zoneout_cell = 0.1;
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.cell = "gru";
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--zoneout-cell keeps units of a cell state, and --cell gru has none; --zoneout keeps "
            "those of the hidden state");

  config = small_run();
  config.residual = true;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--residual adds a layer's input to its output from the second layer on, and there is "
            "one: give --layers 2 or more");

  config = small_run();
  config.frozen_vectors = true;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--frozen-vectors keeps the embedding of words as --vectors FILE or --init-from FILE "
            "gave it: give one of them");
  config.vectors = "vectors.txt";
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.tied = true;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--frozen-vectors keeps the embedding as it is, and --tied makes it the output's "
            "weights, which are to be trained: leave one of them out");

  config = small_run();
  config.steps = 0;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "the run has no length: give --steps N or --epochs N");
  config.steps = 5;
  config.epochs = 2;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--steps 5 and --epochs 2 both give the run's length; give one of them");
}

TEST(CompleteConfig, GivesAProjectionToTheCellThatProjectsAlone) {
  Config config = small_run();
  config.cell = "lstm-projected";
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--cell lstm-projected needs --projection N, the units of its hidden state, fewer than "
            "--hidden 256");
  config.projection = 256;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--projection 256 is not below --hidden 256; it makes the hidden state smaller");

  config = small_run();
  config.cell = "lstm-projected";
  config.projection = 255;
  config.tied = true;
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  EXPECT_EQ(config.embedding, 255) << "as wide as a layer's output";

  config = small_run();
  config.projection = 64;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--projection is for --cell lstm-projected, not lstm");
}

TEST(IdleKeys, AreListedInOneSentenceIfTheUserGaveThem) {
  Config config = small_run();
  config.dropout = 0.5;
  config.dropout_locked = true;
  complete(config);
  EXPECT_EQ(idle_keys(config, {}, false), "") << "nobody asked for them";
  EXPECT_EQ(
      idle_keys(config, {"dropout", "dropout-locked", "momentum", "final-rate", "rate"}, false),
      "without effect here: --dropout (it is between layers, and there is one), --dropout-locked "
      "(none of --dropout, --dropout-input and --dropout-output is at work), --final-rate "
      "(--schedule cosine has it), --momentum (sgd and nesterov have it)");

  config.layers = 2;
  config.optimizer = "sgd";
  config.schedule = "cosine";
  EXPECT_EQ(
      idle_keys(config, {"dropout", "dropout-locked", "momentum", "final-rate", "rate"}, false),
      "");
}

TEST(IdleKeys, FirstValuesHaveOneSource) {
  const std::set<std::string> given = {"initialization", "forget-bias", "chrono-span",
                                       "initial-range"};
  Config config = small_run();
  EXPECT_EQ(idle_keys(config, given, false), "");
  config.chrono_span = 10;
  EXPECT_EQ(idle_keys(config, given, false),
            "without effect here: --forget-bias (--chrono-span gives the gates' biases)");
  config.initial_range = 0.1;
  const std::string range = idle_keys(config, given, false);
  EXPECT_NE(range.find("--chrono-span (--initial-range"), std::string::npos) << range;
  EXPECT_EQ(range.find("--initial-range ("), std::string::npos) << range;
  config.init_from = "runs/before";
  EXPECT_NE(idle_keys(config, given, false).find("--initial-range (the weights are those of"),
            std::string::npos);
  EXPECT_NE(idle_keys(config, {"init-from"}, true), "");
  config = small_run();
  config.cell = "gru";
  EXPECT_EQ(idle_keys(config, {"forget-bias"}, false),
            "without effect here: --forget-bias (it is an LSTM's)");
}

// Each line of the table names a key, and can be idle and not idle.
TEST(IdleKeys, TheTableIsAboutKeys) {
  std::vector<Config> some(4, small_run());
  some[1].layers = 2;
  some[1].dropout = 0.5;
  some[1].chrono_span = 10;
  some[1].schedule = "step";
  some[1].optimizer = "asgd";
  some[1].hang_at = some[1].fail_at = 1;
  some[1].dropout_locked = true;
  some[1].loss = "huber";
  some[1].look_back = 8;
  some[2].dropout = 0.5;
  some[2].letters_hidden = 0;
  some[2].dropout_locked = true;
  some[2].window = 1;
  some[2].temporal_penalty = 1;
  some[2].loss = "quantile";
  some[2].dry_run = true;
  some[2].accept_numerics = true;
  some[2].schedule = "plateau";
  some[2].optimizer = "nesterov";
  some[2].init_from = "runs/before";
  some[2].vectors = "vectors.txt";
  some[2].initial_range = 0.1;
  some[2].chrono_span = 10;
  some[3].optimizer = "rmsprop";
  some[3].schedule = "cosine";
  for (const IdleRule<Config>& rule : idle_rules()) {
    EXPECT_NE(find_config_key(rule.key), nullptr) << rule.key;
    bool idle = false, at_work = false;
    for (const Config& config : some) {
      for (const bool resumed : {false, true}) {
        (idle_keys(config, {rule.key}, resumed).empty() ? at_work : idle) = true;
      }
    }
    EXPECT_TRUE(idle) << rule.key;
    EXPECT_TRUE(at_work) << rule.key;
  }
}

TEST(ConfigNotices, ADecayThatOutweighsQuantilesNamesAdamw) {
  Config config = small_run();
  config.loss = "quantile";
  complete(config);
  EXPECT_TRUE(notices(config).empty());
  config.weight_decay = 0.01;
  ASSERT_EQ(notices(config).size(), 1U);
  EXPECT_EQ(notices(config)[0].substr(0, 51),
            "--weight-decay 0.01 is added to the gradients, and ");
  config.optimizer = "adamw";
  EXPECT_TRUE(notices(config).empty());
  config.optimizer = "adam";
  config.loss = "squared";
  EXPECT_TRUE(notices(config).empty());
}

TEST(ConfigNotices, SmallBlocksNameBetterLanes) {
  Config config = small_run();
  complete(config);
  EXPECT_TRUE(notices(config).empty());

  config = small_run();
  config.lanes = 37;
  complete(config);
  EXPECT_EQ(config.block, 1);
  ASSERT_EQ(notices(config).size(), 1U);
  EXPECT_EQ(notices(config)[0],
            "37 lanes in blocks of 1 compute slowly; --lanes 32 or 48 gives full blocks of 16");

  config = small_run();
  config.lanes = 6;
  complete(config);
  EXPECT_EQ(notices(config)[0],
            "6 lanes in blocks of 6 compute slowly; --lanes 16 gives full blocks of 16");

  config = small_run();
  config.block = 4;
  complete(config);
  EXPECT_EQ(notices(config)[0], "32 lanes in blocks of 4 compute slowly; --block 16 is faster");
}

}  // namespace
}  // namespace rondo
