// A communicator that misbehaves on purpose, for tests of what happens then.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

#include "rondo/comm/communicator.hpp"

namespace rondo {

enum class CommCall {
  any,  // whichever comes
  barrier,
  broadcast,
  send,
  receive,
  exchange,
  maximum,
  total,
  unite,
  native_sum,
};

// The `nth` call (from 1) of a kind, before anything is communicated.
struct FaultPoint {
  CommCall call = CommCall::any;
  std::int64_t nth = 1;
};

struct FaultPlan {
  std::optional<FaultPoint> fail;  // throws RunError
  std::optional<FaultPoint> hang;  // sleeps until `release` is requested, then throws RunError
  std::stop_token release;         // the default one never ends a hang
  std::uint64_t delay_seed = 0;    // each call first sleeps 0..max_delay_us microseconds, as
  int max_delay_us = 0;            // drawn from this seed, and a transfer ends so much later
};

// Passes every call on to `inner`, which must outlive the result, except where the plan says
// otherwise. Calls are counted for each kind, a transfer's among them where it begins something; a
// communicator that is derived counts anew and follows the same plan.
// Each rank has its own plan: wrap only the ranks that shall misbehave.
std::unique_ptr<Communicator> make_faulty(Communicator& inner, const FaultPlan& plan);

}  // namespace rondo
