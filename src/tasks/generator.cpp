#include "rondo/tasks/generator.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/core/random.hpp"
#include "rondo/model/language_model.hpp"

namespace rondo {
namespace {

// Draws tokens; keeps its memory from draw to draw.
class Dice {
 public:
  explicit Dice(const GenerateOptions& options) : options_(options) {}

  // Inverse of the cumulative distribution at a uniform draw; weights are in double and added in
  // token order. The logits are not needed afterwards.
  template <class Real>
  std::int32_t draw(std::span<Real> logits, double uniform) {
    if (options_.never >= 0) {
      logits[static_cast<std::size_t>(options_.never)] = -std::numeric_limits<Real>::infinity();
    }
    const auto likeliest = std::max_element(logits.begin(), logits.end());
    if (options_.temperature == 0) return static_cast<std::int32_t>(likeliest - logits.begin());
    weights_.resize(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i) {
      weights_[i] = exact::exp((static_cast<double>(logits[i]) - static_cast<double>(*likeliest)) /
                               options_.temperature);
    }
    if (options_.top_k > 0 || options_.top_p < 1) drop_unlikely();
    double left = uniform * sum();
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      left -= weights_[i];
      if (left < 0) return static_cast<std::int32_t>(i);
    }
    return static_cast<std::int32_t>(likeliest - logits.begin());  // rounding used up the last one
  }

 private:
  double sum() const {
    double total = 0;
    for (const double weight : weights_) total += weight;
    return total;
  }

  // Leaves the weights of the tokens to draw from, and makes the others 0.
  void drop_unlikely() {
    order_.resize(weights_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      return weights_[a] != weights_[b] ? weights_[a] > weights_[b] : a < b;
    });
    std::size_t kept = order_.size();
    if (options_.top_k > 0) kept = std::min(kept, static_cast<std::size_t>(options_.top_k));
    drop_behind(kept);
    if (options_.top_p >= 1) return;
    const double wanted = options_.top_p * sum();
    double held = 0;
    std::size_t nucleus = 0;
    while (nucleus < kept && (nucleus == 0 || held < wanted)) held += weights_[order_[nucleus++]];
    drop_behind(nucleus);
  }
  void drop_behind(std::size_t kept) {
    for (std::size_t i = kept; i < order_.size(); ++i) weights_[order_[i]] = 0;
  }

  GenerateOptions options_;
  std::vector<double> weights_;
  std::vector<std::size_t> order_;  // tokens, the likeliest first
};

// One text a lane; calls emit(lane, token).
template <class Real>
void generate_lanes(const NetworkPlan& model, const ParameterLayout& layout, const Real* parameters,
                    std::span<const std::int32_t> prompt, const GenerateOptions& options, int lanes,
                    ThreadPool& pool, const std::function<void(int, std::int32_t)>& emit) {
  if (prompt.empty())
    throw_input("the prompt is empty; generation starts from a character or a word");
  Network<Real> network(model, layout, parameters, PassShape{lanes, 1, false});
  network.pack(pool);
  const auto count = static_cast<std::size_t>(lanes);
  std::vector<Real> logits(static_cast<std::size_t>(network.outputs()));
  Dice dice(options);
  const std::vector<std::int32_t> masked(count, -1);  // as targets stay
  Window window = make_window(1, lanes, std::vector<std::uint8_t>(count, 1), {masked, masked});
  WindowAxis& axis = window.axes[0];
  std::vector<std::int32_t>& tokens = axis.tokens[ModelShape::input_column];
  const auto feed = [&] {
    const WindowView view(window, 0);
    network.forward(view, pool);
    network.carry(view);
    std::fill(axis.resets.begin(), axis.resets.end(), std::uint8_t{0});
  };
  for (const std::int32_t token : prompt) {
    std::fill(tokens.begin(), tokens.end(), token);
    feed();
  }
  for (std::int64_t i = 0; i < options.length; ++i) {
    for (int lane = 0; lane < lanes; ++lane) {
      const RandomStream random(options.seed, Purpose::generation,
                                static_cast<std::uint64_t>(lane));
      network.outputs(0, lane, logits);
      const std::int32_t token =
          dice.draw<Real>(logits, random.uniform(static_cast<std::uint64_t>(i)));
      emit(lane, token);
      tokens[static_cast<std::size_t>(lane)] = token;
    }
    if (options.ends && options.ends()) return;
    if (i + 1 < options.length) feed();
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
