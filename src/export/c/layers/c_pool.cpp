#include "export/c/layers/c_pool.hpp"

#include <fmt/format.h>

#include "export/c/weights/c_weights.hpp"

namespace rondo {
namespace {

std::string last(const CModel& model) {
  return "  (void)shares;\n" + c_ends(model, "steps", "pooled");
}

std::string mean(const CModel& model) {
  return fmt::format(
      "  const float share = (float)(1.0 / (double)count);\n"
      "  int t, u;\n"
      "  (void)shares;\n"
      "  memset(pooled, 0, {0} * sizeof *pooled);\n"
      "  for (t = 0; t < count; ++t, steps += {0}) {{\n"
      "    for (u = 0; u < {0}; ++u) pooled[u] += steps[u];\n"
      "  }}\n"
      "  for (u = 0; u < {0}; ++u) pooled[u] = @_flushed(@_product(pooled[u], share));\n",
      model.top());
}

std::string largest(const CModel& model) {
  return fmt::format(
      "  int t, u;\n"
      "  (void)shares;\n"
      "  memcpy(pooled, steps, {0} * sizeof *pooled);\n"
      "  for (t = 1; t < count; ++t) {{\n"
      "    steps += {0};\n"
      "    for (u = 0; u < {0}; ++u) pooled[u] = steps[u] > pooled[u] ? steps[u] : pooled[u];\n"
      "  }}\n",
      model.top());
}

// A step's share is its part of all exp(v . tanh(W h + b)).
std::string attention(const CModel& model) {
  return fmt::format(
      "  int t, u;\n"
      "  for (t = 0; t < count; ++t) {{\n"
      "    const float *step = steps + (size_t)t * {0};\n"
      "    float units[{0}];\n"
      "    memcpy(units, @_{1}, sizeof units);\n"
      "    {2}\n"
      "    for (u = 0; u < {0}; ++u) units[u] = @_flushed(@_tanh(units[u]));\n"
      "    shares[t] = 0.0f;\n"
      "    {3}\n"
      "  }}\n"
      "  @_weigh(shares, count);\n"
      "  memset(pooled, 0, {0} * sizeof *pooled);\n"
      "  @_chains(steps, shares, count, pooled, {0});\n"
      "  for (u = 0; u < {0}; ++u) pooled[u] = @_flushed(pooled[u]);\n",
      model.top(), model.pool_bias.name, c_chains(model.pool_weights, "step", "units"),
      c_chains(model.pool_score, "units", "shares + t"));
}

// The table: one line a way.
struct Way {
  const char* name;
  std::string (*text)(const CModel&);
};
constexpr Way ways[] = {{"last", last}, {"mean", mean}, {"max", largest}, {"attention", attention}};

}  // namespace

// What goes from the last step to the first ends at the first.
std::string c_ends(const CModel& model, const std::string& steps, const std::string& to) {
  const int forward = model.layers.back().outputs;
  std::string text =
      fmt::format("  memcpy({0}, {1} + (size_t)(count - 1) * {2}, {3} * sizeof *{0});\n", to, steps,
                  model.top(), forward);
  if (!model.reversed.empty()) {
    text += fmt::format("  memcpy({0} + {2}, {1} + {2}, {3} * sizeof *{0});\n", to, steps, forward,
                        model.top() - forward);
  }
  return text;
}

std::string c_pool(const CModel& model) {
  std::string text =
      "\nstatic void @_pooled(const float *steps, int count, float *shares, float *pooled)\n{\n";
  for (const Way& way : ways) {
    if (model.config().pool == way.name) text += way.text(model);
  }
  return text + "}\n";
}

}  // namespace rondo
