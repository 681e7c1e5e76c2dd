// Text from a model, one token after another.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rondo/core/thread_pool.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

struct GenerateOptions {
  std::int64_t length = 200;  // tokens after the prompt
  double temperature = 1.0;   // 0: the likeliest token, always
  std::uint64_t seed = 1;
  std::int32_t never = -1;  // a token that is not drawn, as <unk>; -1: none
};

// Feeds `prompt` (at least one token) from a fresh state and draws `length` tokens by their softmax
// at the temperature, calling `emit` for each. A draw is a function of seed and position alone: the
// same text anywhere. `parameters` must not change meanwhile.
template <class Real>
void generate(const ModelShape& model, const ParameterLayout& layout, const Real* parameters,
              std::span<const std::int32_t> prompt, const GenerateOptions& options,
              ThreadPool& pool, const std::function<void(std::int32_t)>& emit);

}  // namespace rondo
