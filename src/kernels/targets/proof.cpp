// prove_target: every kernel once, at odd shapes, on the selected target and on the plain twins.
//
// It finds what no build can: a processor, hypervisor or emulator whose vector units round another
// way. Each kernel's results are collected as floats and compared as bytes.
#include "kernels/targets/proof.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernels/targets/dispatch.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/losses/softmax.hpp"
#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/products/diagonal.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/kernels/updates/update.hpp"

namespace rondo::kernels {
namespace {

Values prove_multiply() {
  Values all;
  for (int width : {16, 32, 48, 64}) {
    const Panels units{83};
    const std::vector<Stretch> chain = {{0, 64, 64}, {units.offset(1, kLanes), 32, 19}};
    const Values source = numbers(units.step_size(kLanes), 1, 1.0);
    const Values weights = numbers(std::size_t{83} * static_cast<std::size_t>(width), 2, 1.0);
    const Values bias = numbers(static_cast<std::size_t>(width), 3, 1.0);
    Values out(static_cast<std::size_t>(width) * kLanes);
    Product<float> product;
    product.chain = chain;
    product.source = source.data();
    product.weights = weights.data();
    product.bias = bias.data();
    product.start = Start::bias;
    product.flush = true;
    product.out = out.data();
    product.width = width;
    product.lane_end = kLanes;
    for (int strip : {width, 16}) {
      product.strip = strip;
      multiply(product);
      append(all, out);
    }
  }
  return all;
}

Values prove_accumulate_outer() {
  const Panels units{23};
  const int width = 48, times = 5, blocks = 3, block = 2, lanes = blocks * block;
  const Stretch chain{0, units.width(0), units.units};
  const Values source = numbers(units.step_size(lanes) * times, 4, 1.0);
  const Values gradient = numbers(std::size_t{width} * lanes * times, 5, 1.0);
  const std::vector<TreeNode> roots = tree_roots(0, blocks, blocks);
  Values out(static_cast<std::size_t>(units.units) * width);
  float* const outs[] = {out.data()};
  OuterSum<float> sum;
  sum.chain = {&chain, 1};
  sum.source = source.data();
  sum.source_stride = units.step_size(lanes);
  const float* const gradients[] = {gradient.data()};
  sum.gradients = gradients;
  sum.gradient_stride = std::size_t{width} * lanes;
  sum.width = width;
  sum.times = times;
  sum.block = block;
  sum.blocks = blocks;
  sum.roots = roots;
  sum.outs = outs;
  accumulate_outer(sum);
  return out;
}

Values prove_accumulate_diagonal() {
  const int width = 48, times = 3, blocks = 3, block = 2, lanes = blocks * block;
  const std::size_t size = std::size_t{width} * lanes;
  const Values source = numbers(size * times, 22, 1.0), gradient = numbers(size * times, 23, 1.0);
  const std::uint8_t reset[lanes * times] = {0, 1, 0, 0, 0, 0, 0, 0, 1};
  const std::vector<TreeNode> roots = tree_roots(0, blocks, blocks);
  Values out(width);
  float* const outs[] = {out.data()};
  DiagonalSum<float> sum;
  sum.source = source.data();
  sum.source_stride = size;
  sum.reset = reset;
  sum.reset_stride = lanes;
  sum.gradient = gradient.data();
  sum.gradient_stride = size;
  sum.width = width;
  sum.times = times;
  sum.block = block;
  sum.blocks = blocks;
  sum.roots = roots;
  sum.outs = outs;
  accumulate_diagonal(sum);
  return out;
}

template <void (*function)(std::span<const float>, std::span<float>)>
Values prove_function() {
  Values all;
  for (double scale : {0.01, 1.0, 30.0, 200.0}) {
    const Values x = numbers(101, 6, scale);
    Values y(x.size());
    function(x, y);
    append(all, y);
  }
  return all;
}

Values prove_sums() {
  Values values = numbers(5003, 7, 1.0);
  append(values, numbers(9, 8, 0x1p-60));
  const double squares = sum_of_squares<float>(values);
  const std::vector<double> wide(values.begin(), values.end());
  const double total = sum(std::span<const double>(wide));
  flush_small<float>(values);
  add<float>(values, numbers(values.size(), 9, 1.0));
  scale(std::span<float>(values), 0.3F);
  Values within = values;
  scale_within(std::span<float>(within), 1.7F, 0.4F);
  append(values, within);
  for (double value : {squares, total}) {
    float halves[2];
    std::memcpy(halves, &value, sizeof value);
    values.insert(values.end(), halves, halves + 2);
  }
  return values;
}

Values prove_softmax() {
  const Panels classes{75};
  const std::int32_t target[kLanes] = {0, 74, -1, 64, 63, 5, 40};
  const Values logits = numbers(classes.step_size(kLanes), 16, 8.0);
  double loss[kLanes] = {};
  SoftmaxStep<float> step;
  step.classes = classes;
  step.lanes = step.lane_end = kLanes;
  step.target = target;
  step.loss = loss;
  step.gradient = true;
  Values all;
  for (const double epsilon : {0.0, 0.1}) {
    Values values = logits;
    step.logits = values.data();
    step.smoothing = {epsilon, classes.units};
    softmax_cross_entropy(step);
    append(all, values);
    for (double value : loss) all.push_back(static_cast<float>(value));
  }
  return all;
}

Values prove_update(const UpdateKernel<float>& kernel) {
  Values parameters = numbers(37, 17, 1.0), gradients = numbers(37, 20, 1.0);
  Values first = numbers(37, 18, 0.1), second = numbers(37, 19, 0.1);
  for (float& value : second) value *= value;
  kernel.run(parameters, gradients, first, second);
  for (const Values* values : {&gradients, &first, &second}) append(parameters, *values);
  return parameters;
}

const std::vector<Proof>& other_proofs() {
  static const std::vector<Proof> proofs = {
      {"multiply", prove_multiply},
      {"accumulate_outer", prove_accumulate_outer},
      {"accumulate_diagonal", prove_accumulate_diagonal},
      {"exp", prove_function<exp<float>>},
      {"log", prove_function<log<float>>},
      {"tanh", prove_function<tanh<float>>},
      {"logistic", prove_function<logistic<float>>},
      {"sums", prove_sums},
      {"softmax", prove_softmax},
  };
  return proofs;
}

// Bit for bit, but any NaN equals any other: which payload it has is the processor's choice.
bool same(const Values& a, const Values& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::bit_cast<std::uint32_t>(a[i]) == std::bit_cast<std::uint32_t>(b[i])) continue;
    if (!std::isnan(a[i]) || !std::isnan(b[i])) return false;
  }
  return true;
}

}  // namespace

void prove_target() {
  const std::string target = selected_target();
  std::vector<Proof> proofs = other_proofs();
  for (Proof& proof : cell_proofs()) proofs.push_back(std::move(proof));
  for (const UpdateKernel<float>& kernel : update_kernels<float>) {
    proofs.push_back({kernel.name, [&] { return prove_update(kernel); }});
  }
  std::vector<Values> found;
  found.reserve(proofs.size());
  for (const Proof& proof : proofs) found.push_back(proof.run());
  if (target == "reference") return;
  select_target("reference");
  std::string wrong;
  for (std::size_t i = 0; i < found.size() && wrong.empty(); ++i) {
    if (!same(found[i], proofs[i].run())) wrong = proofs[i].kernel;
  }
  select_target(target);
  if (!wrong.empty()) {
    throw_run(
        "vector = {}: on this processor the kernel '{}' gives other bits than its reference; "
        "choose another target, and please report the processor",
        target, wrong);
  }
}

}  // namespace rondo::kernels
