// fma_peak and read_bandwidth (kernels/targets/peak.hpp).
#include "rondo/kernels/targets/peak.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/targets/peak.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <memory>
#include <new>
#include <span>

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
constexpr Tag tag{};

// Chains that keep every unit busy: units a core times their latency, at most, and no more than
// there are registers for (AVX2 has 16).
#if HWY_ARCH_X86
constexpr int chains = 12;
#else
constexpr int chains = 16;
#endif

constexpr int streams = 8;

// `Count` vectors in registers, not in an array, which compilers like to keep in memory.
template <int Count>
struct Chains {
  Vector sum;
  Chains<Count - 1> others;

  // Each takes its vector `distance` values behind the one before.
  HWY_INLINE Chains(const float* starts, std::size_t distance)
      : sum(hn::LoadU(tag, starts)), others(starts + distance, distance) {}
  HWY_INLINE void multiply_add(Vector factor, Vector addend) {
    sum = hn::MulAdd(sum, factor, addend);
    others.multiply_add(factor, addend);
  }
  HWY_INLINE void mix(const float* values, std::size_t distance) {
    sum = hn::Xor(sum, hn::LoadU(tag, values));
    others.mix(values + distance, distance);
  }
  HWY_INLINE Vector joined() const { return hn::Xor(sum, others.joined()); }
};
template <>
struct Chains<0> {
  HWY_INLINE Chains(const float*, std::size_t) {}
  HWY_INLINE void multiply_add(Vector, Vector) {}
  HWY_INLINE void mix(const float*, std::size_t) {}
  HWY_INLINE Vector joined() const { return hn::Zero(tag); }
};

}  // namespace

// These are called through a table of targets, so that no compiler knows their arguments or
// what becomes of `result` (a vector), which depends on all the work.

// Does `loops` multiply-adds in each chain and returns the operations. Each chain starts at another
// value, else they were one. With factor 1/2, x / 2 + 1 / 2 tends to 1: nothing grows or becomes
// denormal.
double fma_chains(std::int64_t loops, float factor, float* result) {
  float starts[chains * hn::MaxLanes(tag)];
  for (std::size_t i = 0; i < std::size(starts); ++i) starts[i] = factor + static_cast<float>(i);
  Chains<chains> all(starts, hn::Lanes(tag));
  const Vector multiplier = hn::Set(tag, factor);
  for (std::int64_t i = 0; i < loops; ++i) all.multiply_add(multiplier, multiplier);
  hn::StoreU(all.joined(), tag, result);
  return 2.0 * static_cast<double>(loops) * chains * static_cast<double>(hn::Lanes(tag));
}

// Reads all values, a multiple of 1,024, once, from one end to the other. Bits are mixed by
// exclusive or, a cycle each: sums would wait for the adders in the first cache.
void read_through(std::span<const float> values, float* result) {
  const std::size_t step = streams * hn::Lanes(tag);
  Chains<streams> all(values.data(), hn::Lanes(tag));
  for (std::size_t i = step; i < values.size(); i += step) {
    all.mix(values.data() + i, hn::Lanes(tag));
  }
  hn::StoreU(all.joined(), tag, result);
}

// The same from eight places at a time, which keeps more of a memory's requests on their way.
void read_streams(std::span<const float> values, float* result) {
  const std::size_t distance = values.size() / streams;
  Chains<streams> all(values.data(), distance);
  for (std::size_t i = hn::Lanes(tag); i < distance; i += hn::Lanes(tag)) {
    all.mix(values.data() + i, distance);
  }
  hn::StoreU(all.joined(), tag, result);
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

static constexpr int most_lanes = 16;  // of any target

HWY_EXPORT(fma_chains);
HWY_EXPORT(read_through);
HWY_EXPORT(read_streams);

double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double fma_peak() {
  constexpr std::int64_t loops = 1'000'000;
  float result[most_lanes];
  const double begun = thread_seconds();
  const double operations = HWY_DYNAMIC_DISPATCH(fma_chains)(loops, 0.5F, result);
  return operations / (thread_seconds() - begun);
}

// Whole large pages where the system has them, so that addresses are found without waiting.
static std::unique_ptr<float[], decltype(&std::free)> allocate(std::size_t bytes) {
  constexpr std::size_t page = std::size_t{2} << 20;
  const std::size_t alignment = bytes < page ? 64 : page;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, whole);
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (alignment == page) madvise(memory, whole, MADV_HUGEPAGE);
#endif
  return {static_cast<float*>(memory), std::free};
}

double read_bandwidth(std::size_t bytes) {
  constexpr std::size_t granule = 1024;  // values; eight times a multiple of any target's vectors
  constexpr double least_seconds = 2e-3;
  const std::size_t granules = std::max<std::size_t>(1, (bytes + 4 * granule - 1) / (4 * granule));
  const std::size_t size = granules * granule;
  const auto memory = allocate(4 * size);
  const std::span<float> values(memory.get(), size);
  std::fill(values.begin(), values.end(), 1.0F);
  float result[most_lanes];
  double best = 0;
  const auto measure = [&](auto&& pass) {
    pass();
    for (int measurement = 0; measurement < 3; ++measurement) {
      double read = 0, seconds = 0;
      const double begun = thread_seconds();
      // Passes in doubling numbers, so that reading the clock costs nothing in small buffers.
      for (int passes = 1; seconds < least_seconds; passes *= 2) {
        for (int i = 0; i < passes; ++i) pass();
        read += 4.0 * static_cast<double>(passes) * static_cast<double>(size);
        seconds = thread_seconds() - begun;
      }
      best = std::max(best, read / seconds);
    }
  };
  measure([&] { HWY_DYNAMIC_DISPATCH(read_through)(values, result); });
  measure([&] { HWY_DYNAMIC_DISPATCH(read_streams)(values, result); });
  return best;
}

}  // namespace rondo::kernels
#endif
