// Which stage of a network draws random numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "rondo/core/random.hpp"
#include "rondo/core/window.hpp"

namespace rondo {

// Stages of a kind draw for purposes that no other kind has.
enum class StageKind : std::uint8_t { embedding, recurrent, dropout };

// The run's seed, and a number that no other stage of its kind has in the network.
struct StageIdentity {
  std::uint64_t seed = 1;
  std::uint32_t number = 0;

  // What the stage draws for a purpose in a window.
  RandomStream stream(Purpose purpose, std::int64_t window) const {
    return {seed, purpose, static_cast<std::uint64_t>(window), number};
  }
  // The same of what is drawn for steps (WindowView::drawn_by).
  RandomStream stream(Purpose purpose, const WindowView& window) const {
    return stream(purpose, window.draws_of());
  }
};

// Hands them out to the stages of one network, in the network's order: the k-th of a kind, from 0,
// is number k. These numbers are part of the numerics version: a stage that a setting leaves out is
// counted all the same, so that the others draw what they would have drawn beside it.
class StageIdentities {
 public:
  explicit StageIdentities(std::uint64_t seed) : seed_(seed) {}
  StageIdentity next(StageKind kind) { return {seed_, next_[static_cast<std::size_t>(kind)]++}; }

 private:
  std::uint64_t seed_;
  std::array<std::uint32_t, 3> next_{};
};

}  // namespace rondo
