// What comes out of measuring a model on a split, and what its loss is shown as.
#pragma once

#include <cstdint>

namespace rondo {

struct Evaluation {
  double loss = 0;           // mean, nats a target
  std::int64_t targets = 0;  // valid ones
};

// What a loss is shown as, beside nats a target.
enum class LossUnit : std::uint8_t {
  nats,                // nothing else
  bits_per_character,  // a target is a character
  perplexity,          // a target is a word
};

}  // namespace rondo
