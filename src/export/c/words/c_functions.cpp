#include "export/c/words/c_functions.hpp"

#include <iterator>

namespace rondo {
namespace {

struct Helper {
  const char* name;
  const char* text;
};

// In an order in which each calls those before it alone.
constexpr Helper helpers[] = {
    {"product", R"(
/* A product that no compiler joins with an addition behind it, whatever its flags: gcc ignores the
   pragma above. All other multiplications with additions are fmaf, rounded once on any machine. */
static inline float @_product(float a, float b)
{
  volatile float product = a * b;
  return product;
}
)"},
    {"flushed", R"(
/* Below 2^-60 in magnitude: +0. A NaN stays. */
static inline float @_flushed(float x) { return fabsf(x) < 0x1p-60f ? 0.0f : x; }
)"},
    {"bits", R"(
static inline uint32_t @_bits(float x)
{
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
)"},
    {"number", R"(
static inline float @_number(uint32_t bits)
{
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
)"},
    {"reduced", R"(
/* x = k ln 2 + r: exp(r) - 1, and 2^k. */
static inline float @_reduced(float x, float *power)
{
  const float shifted = fmaf(x, 0x1.715476p+0f, 0x1.8p+23f);
  const float k = shifted - 0x1.8p+23f;
  const float r = fmaf(-k, -0x1.05c61p-29f, fmaf(-k, 0x1.62e43p-1f, x));
  float p = 0x1.9e7320p-13f;
  p = fmaf(p, r, 0x1.6d3a4cp-10f);
  p = fmaf(p, r, 0x1.1112d8p-7f);
  p = fmaf(p, r, 0x1.5554f8p-5f);
  p = fmaf(p, r, 0x1.555554p-3f);
  p = fmaf(p, r, 0x1.000000p-1f);
  *power = @_number((@_bits(shifted) << 23) + @_bits(1.0f));
  return fmaf(@_product(r, r), p, r);
}
)"},
    {"exponential", R"(
/* Of what is at most 0. */
static inline float @_exponential(float x)
{
  float power;
  const float fraction = @_reduced(x, &power);
  if (x != x) return x;
  return x < -0x1.5d589ep+6f ? 0.0f : @_number(@_bits(1.0f + fraction) + @_bits(power) - @_bits(1.0f));
}
)"},
    {"logistic", R"(
static inline float @_logistic(float x)
{
  const float lowest = -0x1.5d589ep+6f;
  const float magnitude = fabsf(x);
  float power, e;
  const float fraction = @_reduced(magnitude > -lowest ? lowest : -magnitude, &power);
  e = fmaf(power, fraction, power);
  return x < lowest ? 0.0f : (x < 0.0f ? e : 1.0f) / (1.0f + e);
}
)"},
    {"tanh", R"(
static inline float @_tanh(float x)
{
  const float magnitude = fabsf(x);
  const float a = magnitude > 9.125f ? 9.125f : magnitude;
  float power, e;
  const float fraction = @_reduced(-(a + a), &power);
  e = fmaf(power, fraction, power - 1.0f);
  return copysignf(e / (2.0f + e), x);
}
)"},
    {"chains", R"(
/* to[u]: a chain of fused multiply-adds over k, ascending, from what is there. */
static inline void @_chains(const float *restrict weights, const float *restrict from, int count,
                     float *restrict to, int outputs)
{
  int k, u;
  for (k = 0; k < count; ++k) {
    const float *row = weights + (size_t)k * (size_t)outputs;
    const float value = from[k];
    for (u = 0; u < outputs; ++u) to[u] = fmaf(row[u], value, to[u]);
  }
}
)"},
    {"scaled_chains", R"(
/* Such chains over weights that are int8 numbers times the scale of what they lead to. Scales have
   16 bits, so that this product is exact. */
static inline void @_scaled_chains(const int8_t *restrict numbers, const float *restrict scales,
                            const float *restrict from, int count, float *restrict to, int outputs)
{
  int k, u;
  for (k = 0; k < count; ++k) {
    const int8_t *row = numbers + (size_t)k * (size_t)outputs;
    const float value = from[k];
    for (u = 0; u < outputs; ++u) to[u] = fmaf(scales[u] * (float)row[u], value, to[u]);
  }
}
)"},
    {"sum", R"(
/* The sum of numbers or, with factors, of products, at least one. Number i goes to accumulator
   i mod 64, in pieces of 4,096; accumulators, then pieces, are joined by a binary tree. */
static float @_sum(const float *numbers, const float *factors, int count)
{
  float nodes[32] = {0.0f}, total;
  int begin, i, width, level, pieces = 0;
  for (begin = 0; begin < count; begin += 4096) {
    const int end = count - begin < 4096 ? count : begin + 4096;
    float sums[64] = {0.0f};
    for (i = begin; i < end; ++i) {
      float *sum = sums + i % 64;
      *sum = factors != NULL ? fmaf(numbers[i], factors[i], *sum) : *sum + numbers[i];
    }
    for (width = 32; width > 0; width /= 2) {
      for (i = 0; i < width; ++i) sums[i] = sums[2 * i] + sums[2 * i + 1];
    }
    for (level = 0; pieces >> level & 1; ++level) sums[0] = nodes[level] + sums[0];
    nodes[level] = sums[0];
    ++pieces;
  }
  for (level = 0; !(pieces >> level & 1); ++level) continue;
  total = nodes[level];
  while (pieces >> ++level != 0) {
    if (pieces >> level & 1) total = nodes[level] + total;
  }
  return total;
}
)"},
    {"normalise", R"(
/* A vector less its mean over its deviation, times gains, plus biases: torch.nn.LayerNorm. */
static void @_normalise(float *a, int units, const float *gain, const float *bias)
{
  const float size = (float)units;
  const float mean = @_sum(a, NULL, units) / size;
  float scale;
  int u;
  for (u = 0; u < units; ++u) a[u] -= mean;
  scale = 1.0f / sqrtf(@_sum(a, a, units) / size + 0x1.4f8b58p-17f);
  for (u = 0; u < units; ++u) a[u] = fmaf(gain[u], @_flushed(a[u] * scale), bias[u]);
}
)"},
    {"weigh", R"(
/* Scores, at least one, become shares of 1: their exponentials over the sum of these. */
static void @_weigh(float *scores, int count)
{
  float most = -INFINITY, sum;
  int t;
  for (t = 0; t < count; ++t) {
    if (scores[t] > most) most = scores[t];
  }
  for (t = 0; t < count; ++t) scores[t] = @_exponential(scores[t] - most);
  sum = @_sum(scores, NULL, count);
  for (t = 0; t < count; ++t) scores[t] = @_flushed(scores[t] / sum);
}
)"},
    {"double_product", R"(
static inline double @_double_product(double a, double b)
{
  volatile double product = a * b;
  return product;
}
)"},
    {"power_of_two", R"(
static inline double @_power_of_two(int k)
{
  const uint64_t bits = (uint64_t)(k + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}
)"},
    {"exp", R"(
static inline double @_exp(double x)
{
  static const double inverse[12] = {1.0 / 2.0,        1.0 / 6.0,         1.0 / 24.0,
                                     1.0 / 120.0,      1.0 / 720.0,       1.0 / 5040.0,
                                     1.0 / 40320.0,    1.0 / 362880.0,    1.0 / 3628800.0,
                                     1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0};
  double k, r, p, fraction;
  int exponent, half, i;
  if (x != x) return x;
  if (x > 0x1.62e42fefa39efp+9) return (double)INFINITY;
  if (x < -745.2) return 0.0;
  k = (@_double_product(x, 0x1.71547652b82fep+0) + 0x1.8p+52) - 0x1.8p+52;
  r = fma(-k, 0x1.a39ef35793c76p-33, fma(-k, 0x1.62e42feep-1, x));
  p = inverse[11];
  for (i = 11; i-- > 0;) p = fma(p, r, inverse[i]);
  fraction = fma(@_double_product(r, r), p, r);
  exponent = (int)k;
  half = exponent / 2;
  return @_double_product(@_double_product(1.0 + fraction, @_power_of_two(half)),
                          @_power_of_two(exponent - half));
}
)"},
};

}  // namespace

const char* c_preamble() {
  return R"(
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "-ffast-math changes results: compile this file without it"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "float and double have to be computed as such: with gcc on 32-bit x86, -msse2 -mfpmath=sse"
#endif
#if defined(__STDC_VERSION__) && !(defined(__GNUC__) && !defined(__clang__))
#pragma STDC FP_CONTRACT OFF
#endif
)";
}

std::string c_helpers(const std::string& text) {
  std::string used;
  for (auto helper = std::rbegin(helpers); helper != std::rend(helpers); ++helper) {
    const std::string call = std::string("@_") + helper->name + "(";
    if (text.find(call) == std::string::npos && used.find(call) == std::string::npos) continue;
    used.insert(0, helper->text);
  }
  return used;
}

}  // namespace rondo
