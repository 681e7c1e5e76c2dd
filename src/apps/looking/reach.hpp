// `rondo inspect --gradient-reach`: how far back gradients reach, for people and programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "rondo/core/named_state.hpp"
#include "rondo/train/gradient_reach.hpp"

namespace rondo::apps {

struct ReachQuestion {
  std::string asked;  // what the user called the model
  std::filesystem::path data;
  std::string split;
  std::int64_t window = 0;  // longest to measure; 0: as gradient_reach.hpp says
  int threads = 1;
};

struct MeasuredReach {
  std::string split;
  GradientReach reach;
  std::int64_t run_window = 0;  // that it was trained with
  bool is_cut = false;          // whether its windows cut sequences
  std::int64_t longest = 0;     // steps of what could be measured at most
};

// What is lost is called little below this.
constexpr double little_lost = 0.01;

// InputError for data that the model cannot read, and what gradient_reach.hpp names.
MeasuredReach measure_reach(const NamedState& state, const std::string& where,
                            const ReachQuestion& question);

// "layer 1", "layer 1, reversed", "letters".
std::string layer_name(const WatchedLayer& layer);
// One sentence or two: whether the run's window is long enough, and which would be.
std::string verdict(const MeasuredReach& measured);

// {"split", "window": that was measured, "run_window", "losses", "layers": [{"name", "reversed",
// "steps": [0, 1, 2, 4, ...] before the loss, "norm": relative to that at the loss, "arrived": the
// share up to there, "losses": that have such a step, "window": the smallest that loses less than
// 1 %, "lost", "lost_in_mean": by the run's window}, ...], "verdict"}.
nlohmann::ordered_json reach_json(const MeasuredReach& measured);
// The same as a table.
std::string reach_text(const MeasuredReach& measured);
// And as a picture.
std::string draw_reach(const MeasuredReach& measured);

}  // namespace rondo::apps
