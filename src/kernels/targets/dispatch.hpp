// How a kernel chooses between its vector code and its plain twin.
//
// Every kernel has two bodies that give the same bits: one in Highway, compiled once per vector
// target and exported by HWY_EXPORT, for float; and a plain template in src/kernels/reference/,
// for double always and for float when select_target("reference") was called. The public function
// is then
//
//   template <class Real>
//   void scale(std::span<Real> values, Real factor) {
//     if constexpr (std::is_same_v<Real, float>) {
//       RONDO_DISPATCH(scale_vector, reference::scale, values, factor);
//     } else {
//       reference::scale(values, factor);
//     }
//   }
//   template void scale(std::span<float>, float);
//   template void scale(std::span<double>, double);
#pragma once

#include <cstddef>

namespace rondo::kernels {

// True between select_target("reference") and the next select_target.
bool reference_selected();

// Of a core, for data: 32 KB where the system does not say. For the order of work alone; no bit may
// depend on it.
std::size_t first_cache_bytes();

}  // namespace rondo::kernels

// Calls `twin` when the reference is selected, else the HWY_EXPORTed `vector` on the chosen target.
// A statement's worth of expression: both return the same type (void is fine).
#define RONDO_DISPATCH(vector, twin, ...)                     \
  (::rondo::kernels::reference_selected() ? twin(__VA_ARGS__) \
                                          : HWY_DYNAMIC_DISPATCH(vector)(__VA_ARGS__))

// Put before a reference twin: on x86-64 std::fma is then one instruction instead of a call into
// the C library. The bits are the same; processors without it are refused (target.hpp).
#if defined(__x86_64__) && defined(__GNUC__)
#define RONDO_FUSED [[gnu::target("fma")]]
#else
#define RONDO_FUSED
#endif
