// Text from a model, one token after another.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rondo/core/thread_pool.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/decoding.hpp"

namespace rondo {

struct GenerateOptions : DrawOptions {
  std::int64_t length = 200;  // tokens after the prompt
  std::uint64_t seed = 1;
  std::int32_t never = -1;               // a token that is not drawn, as <unk>; -1: none
  std::function<bool()> ends = nullptr;  // asked after each token: whether no more are wanted
};

// Feeds `prompt` (at least one token) from a fresh state and draws `length` tokens by their softmax
// at the temperature, calling `emit` for each. A draw is a function of seed and position alone: the
// same text anywhere. `parameters` must not change meanwhile.
template <class Real>
void generate(const NetworkPlan& model, const ParameterLayout& layout, const Real* parameters,
              std::span<const std::int32_t> prompt, const GenerateOptions& options,
              ThreadPool& pool, const std::function<void(std::int32_t)>& emit);

// Several texts at once, each in a lane of its own: the first is generate()'s, and each is the same
// however many there are.
template <class Real>
std::vector<std::vector<std::int32_t>> generate_samples(const NetworkPlan& model,
                                                        const ParameterLayout& layout,
                                                        const Real* parameters,
                                                        std::span<const std::int32_t> prompt,
                                                        const GenerateOptions& options, int samples,
                                                        ThreadPool& pool);

}  // namespace rondo
