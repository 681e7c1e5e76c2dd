// What identifies a checkpoint's content (src/README.md): 64 hexadecimal characters.
#pragma once

#include <string>

#include "rondo/core/hash.hpp"
#include "rondo/core/named_state.hpp"

namespace rondo {

// Over all parameters ("parameters/..."), the prefix cut from the names: two runs that computed the
// same weights have the same digest, whatever else their checkpoints hold.
std::string parameter_digest(const NamedState& state);

// Over all that the next step depends on, under full names: average/, counters/, lanes/,
// optimizer/, parameters/. Without `counters` these are left out: what a validation changes.
std::string state_digest(const NamedState& state, bool counters = true);

// The same of a state that is never whole in memory: of its parts, one after another.
class StateDigest {
 public:
  // Arrays that come after all those before, in bytewise order of names; others than the digest's
  // are left out.
  void add(const NamedState& part);
  // Once.
  std::string finish();

 private:
  Sha256 hash_;
};

}  // namespace rondo
