// The processor's limit, measured in the same process as what is compared with it.
#pragma once

#include <ctime>

#include "rondo/kernels/target.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

namespace rondo::bench {

// Processor time of this thread: what others do on the machine is not counted.
inline double seconds_now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// `loops` times one fused multiply-add in each of twelve independent vector chains.
#if defined(__x86_64__)
[[gnu::target("avx512f")]] inline int peak_avx512(long loops) {
  __m512 sums[12];
  for (__m512& sum : sums) sum = _mm512_set1_ps(1.0F);
  __m512 factor = _mm512_set1_ps(0.5F);
  for (long i = 0; i < loops; ++i) {
#pragma GCC unroll 12
    for (int j = 0; j < 12; ++j) sums[j] = _mm512_fmadd_ps(sums[j], factor, factor);
    asm volatile("" : "+x"(factor));
  }
  for (__m512& sum : sums) asm volatile("" : : "x"(sum));
  return 16 * 12;
}
[[gnu::target("avx2,fma")]] inline int peak_avx2(long loops) {
  __m256 sums[12];
  for (__m256& sum : sums) sum = _mm256_set1_ps(1.0F);
  __m256 factor = _mm256_set1_ps(0.5F);
  for (long i = 0; i < loops; ++i) {
#pragma GCC unroll 12
    for (int j = 0; j < 12; ++j) sums[j] = _mm256_fmadd_ps(sums[j], factor, factor);
    asm volatile("" : "+x"(factor));
  }
  for (__m256& sum : sums) asm volatile("" : : "x"(sum));
  return 8 * 12;
}
inline int peak_loop(long loops) {
  return rondo::kernels::selected_target() == "avx512" ? peak_avx512(loops) : peak_avx2(loops);
}
#else
inline int peak_loop(long loops) {
  float32x4_t sums[16];
  for (float32x4_t& sum : sums) sum = vdupq_n_f32(1.0F);
  float32x4_t factor = vdupq_n_f32(0.5F);
  for (long i = 0; i < loops; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < 16; ++j) sums[j] = vfmaq_f32(factor, sums[j], factor);
    asm volatile("" : "+w"(factor));
  }
  for (float32x4_t& sum : sums) asm volatile("" : : "w"(sum));
  return 4 * 16;
}
#endif

// Floating-point operations a second (a fused multiply-add is two), measured for some milliseconds.
inline double measure_peak() {
  constexpr long loops = 1'000'000;
  const double start = seconds_now();
  const int fused = peak_loop(loops);
  return 2.0 * fused * loops / (seconds_now() - start);
}

}  // namespace rondo::bench
