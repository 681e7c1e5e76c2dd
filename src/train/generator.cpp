#include "rondo/train/generator.hpp"

#include <algorithm>
#include <limits>

#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

// Inverse of the cumulative distribution at a uniform draw; weights are in double and added in
// token order. The logits are not needed afterwards.
template <class Real>
std::int32_t draw(std::span<Real> logits, std::int32_t never, double temperature, double uniform,
                  std::vector<double>& weights) {
  if (never >= 0) {
    logits[static_cast<std::size_t>(never)] = -std::numeric_limits<Real>::infinity();
  }
  const auto likeliest = std::max_element(logits.begin(), logits.end());
  if (temperature == 0) return static_cast<std::int32_t>(likeliest - logits.begin());
  double total = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    weights[i] = exact::exp((static_cast<double>(logits[i]) - static_cast<double>(*likeliest)) /
                            temperature);
    total += weights[i];
  }
  double left = uniform * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return static_cast<std::int32_t>(i);
  }
  return static_cast<std::int32_t>(likeliest - logits.begin());  // rounding used up the last one
}

}  // namespace

template <class Real>
void generate(const ModelShape& model, const ParameterLayout& layout, const Real* parameters,
              std::span<const std::int32_t> prompt, const GenerateOptions& options,
              ThreadPool& pool, const std::function<void(std::int32_t)>& emit) {
  if (prompt.empty())
    throw_input("the prompt is empty; generation starts from a character or a word");
  Network<Real> network(model, layout, parameters, PassShape{1, 1, false});
  network.pack(pool);
  const RandomStream random(options.seed, Purpose::generation);
  std::vector<Real> logits(static_cast<std::size_t>(model.vocabulary));
  std::vector<double> weights(logits.size());
  const std::int32_t masked = -1;
  std::uint8_t reset = 1;
  const auto feed = [&](std::int32_t token) {
    const WindowView window{1, 1, &token, &masked, &reset, 0, 0};
    network.forward(window, pool);
    network.carry(window);
    reset = 0;
  };
  for (const std::int32_t token : prompt) feed(token);
  for (std::int64_t i = 0; i < options.length; ++i) {
    network.logits(0, 0, logits);
    const std::int32_t token = draw<Real>(logits, options.never, options.temperature,
                                          random.uniform(static_cast<std::uint64_t>(i)), weights);
    emit(token);
    if (i + 1 < options.length) feed(token);
  }
}

template void generate(const ModelShape&, const ParameterLayout&, const float*,
                       std::span<const std::int32_t>, const GenerateOptions&, ThreadPool&,
                       const std::function<void(std::int32_t)>&);
template void generate(const ModelShape&, const ParameterLayout&, const double*,
                       std::span<const std::int32_t>, const GenerateOptions&, ThreadPool&,
                       const std::function<void(std::int32_t)>&);

}  // namespace rondo
