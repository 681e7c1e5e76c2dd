#include "rondo/tasks/generator.hpp"

#include <algorithm>
#include <limits>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"
#include "tasks/decoding/dice.hpp"
#include "tasks/decoding/language/token_lanes.hpp"

namespace rondo {
namespace {

// One text a lane; calls emit(lane, token).
template <class Real>
void generate_lanes(const NetworkPlan& model, const ParameterLayout& layout, const Real* parameters,
                    std::span<const std::int32_t> prompt, const GenerateOptions& options, int lanes,
                    ThreadPool& pool, const std::function<void(int, std::int32_t)>& emit) {
  if (prompt.empty())
    throw_input("the prompt is empty; generation starts from a character or a word");
  tasks::TokenLanes<Real> texts(model, layout, parameters, lanes, pool);
  std::vector<Real> logits(static_cast<std::size_t>(texts.tokens()));
  tasks::Dice dice(options);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(lanes));
  for (std::size_t i = 0; i < prompt.size(); ++i) {
    std::ranges::fill(tokens, prompt[i]);
    texts.read(tokens, i == 0);
  }
  for (std::int64_t i = 0; i < options.length; ++i) {
    for (int lane = 0; lane < lanes; ++lane) {
      const RandomStream random(options.seed, Purpose::generation,
                                static_cast<std::uint64_t>(lane));
      texts.logits(lane, logits);
      if (options.never >= 0) {
        logits[static_cast<std::size_t>(options.never)] = -std::numeric_limits<Real>::infinity();
      }
      const std::int32_t token =
          dice.draw<Real>(logits, random.uniform(static_cast<std::uint64_t>(i)));
      emit(lane, token);
      tokens[static_cast<std::size_t>(lane)] = token;
    }
    if (options.ends && options.ends()) return;
    if (i + 1 < options.length) texts.read(tokens, false);
  }
}

}  // namespace

template <class Real>
void generate(const NetworkPlan& model, const ParameterLayout& layout, const Real* parameters,
              std::span<const std::int32_t> prompt, const GenerateOptions& options,
              ThreadPool& pool, const std::function<void(std::int32_t)>& emit) {
  generate_lanes<Real>(model, layout, parameters, prompt, options, 1, pool,
                       [&](int, std::int32_t token) { emit(token); });
}

template <class Real>
std::vector<std::vector<std::int32_t>> generate_samples(const NetworkPlan& model,
                                                        const ParameterLayout& layout,
                                                        const Real* parameters,
                                                        std::span<const std::int32_t> prompt,
                                                        const GenerateOptions& options, int samples,
                                                        ThreadPool& pool) {
  std::vector<std::vector<std::int32_t>> texts(static_cast<std::size_t>(samples));
  generate_lanes<Real>(model, layout, parameters, prompt, options, samples, pool,
                       [&](int sample, std::int32_t token) {
                         texts[static_cast<std::size_t>(sample)].push_back(token);
                       });
  return texts;
}

template void generate(const NetworkPlan&, const ParameterLayout&, const float*,
                       std::span<const std::int32_t>, const GenerateOptions&, ThreadPool&,
                       const std::function<void(std::int32_t)>&);
template void generate(const NetworkPlan&, const ParameterLayout&, const double*,
                       std::span<const std::int32_t>, const GenerateOptions&, ThreadPool&,
                       const std::function<void(std::int32_t)>&);

template std::vector<std::vector<std::int32_t>> generate_samples(
    const NetworkPlan&, const ParameterLayout&, const float*, std::span<const std::int32_t>,
    const GenerateOptions&, int, ThreadPool&);
template std::vector<std::vector<std::int32_t>> generate_samples(
    const NetworkPlan&, const ParameterLayout&, const double*, std::span<const std::int32_t>,
    const GenerateOptions&, int, ThreadPool&);

}  // namespace rondo
