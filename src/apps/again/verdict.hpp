// What training steps again has shown, in a sentence.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "rondo/comm/communicator.hpp"

namespace rondo::apps {

struct Verdict {
  std::int64_t begin = 0, end = 0;    // steps that were trained again
  std::int64_t digests = 0;           // of the same state
  std::int64_t checkpoints = 0;       // with the same state
  std::int64_t last_same = -1;        // step; -1: none
  std::int64_t first_different = -1;  // -1: none
  // Of the reports between those two: the last whose gradient norm is the same, the first whose is
  // not; -1: none. A gradient tells of the state before its step.
  std::int64_t norm_same = -1, norm_different = -1;

  bool same() const { return first_different < 0; }
};

// "on 2 ranks of this machine". Collective.
std::string on_ranks(Communicator& world);

std::string to_text(const Verdict& verdict, const std::string& where);
nlohmann::ordered_json to_json(const Verdict& verdict);

}  // namespace rondo::apps
