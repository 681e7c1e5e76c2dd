// What a fuzz target asks of what it calls; where it does not hold, libFuzzer keeps the input.
#pragma once

#include <cstdlib>
#include <exception>
#include <string_view>

namespace rondo {

inline void require(bool holds) {
  if (!holds) std::abort();
}

// Of bad input: one sentence, not the input itself.
inline void require_sentence(const std::exception& error) {
  const std::string_view sentence = error.what();
  require(!sentence.empty() && sentence.size() < 1000);
}

}  // namespace rondo
