#include "rondo/kernels/targets/target.hpp"

#include <fmt/ranges.h>
#include <hwy/highway.h>
#include <unistd.h>

#include <cfenv>
#include <cstdint>
#include <string_view>

#include "kernels/targets/dispatch.hpp"
#include "rondo/core/errors.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace rondo::kernels {
namespace {

struct VectorTarget {
  std::string_view name;
  std::int64_t bits;  // Highway's
};

#if HWY_ARCH_X86
constexpr VectorTarget kTargets[] = {{"avx512", HWY_AVX3}, {"avx2", HWY_AVX2}};
#elif HWY_ARCH_ARM_A64
#ifdef HWY_NEON_WITHOUT_AES  // Highway 1.1 and later
constexpr VectorTarget kTargets[] = {{"neon", HWY_NEON | HWY_NEON_WITHOUT_AES}};
#else
constexpr VectorTarget kTargets[] = {{"neon", HWY_NEON}};
#endif
#else
#error "rondo has vector kernels for x86-64 and AArch64 only"
#endif

// What this processor and this build have, asked before any target is forced.
std::int64_t available() {
  static const std::int64_t bits = HWY_SUPPORTED_TARGETS & HWY_TARGETS;
  return bits;
}

bool reference_is_selected = false;
std::string& selection() {
  static std::string name;  // empty until select_target: Highway's own choice, the best
  return name;
}

}  // namespace

bool reference_selected() { return reference_is_selected; }

std::size_t first_cache_bytes() {
#ifdef _SC_LEVEL1_DCACHE_SIZE  // glibc's
  static const long told = sysconf(_SC_LEVEL1_DCACHE_SIZE);
  if (told > 0) return static_cast<std::size_t>(told);
#endif
  return std::size_t{32} << 10;
}

std::vector<std::string> supported_targets() {
  std::vector<std::string> names;
  for (const VectorTarget& target : kTargets) {
    if ((available() & target.bits) != 0) names.emplace_back(target.name);
  }
  return names;
}

void select_target(const std::string& name) {
  if (name == "reference") {
    reference_is_selected = true;
    selection() = name;
    return;
  }
  const std::vector<std::string> names = supported_targets();
  if (names.empty()) {
    throw_input(
        "vector: this processor has no fused multiply-add (AVX2 with FMA, AVX-512 or NEON "
        "is needed)");
  }
  const std::string& wanted = name == "auto" ? names.front() : name;
  for (const VectorTarget& target : kTargets) {
    const std::int64_t bits = available() & target.bits;
    if (wanted != target.name || bits == 0) continue;
    hwy::SetSupportedTargetsForTest(bits);
    hwy::GetChosenTarget().DeInit();
    reference_is_selected = false;
    selection() = wanted;
    return;
  }
  throw_input("vector = {}: not a target of this processor and build, which have auto, {}", name,
              fmt::join(names, ", "));
}

std::string selected_target() {
  if (!selection().empty()) return selection();
  const std::vector<std::string> names = supported_targets();
  return names.empty() ? "reference" : names.front();
}

#if defined(__x86_64__)
namespace {
// MXCSR: flush-to-zero (bit 15), rounding (14, 13; 0 is to nearest), denormals-are-zero (6).
constexpr unsigned kModeBits = 0x8000U | 0x6000U | 0x0040U;
}  // namespace

void set_float_mode() {
  std::fesetround(FE_TONEAREST);
  _mm_setcsr(_mm_getcsr() & ~kModeBits);
}

static bool float_mode_is_right() {
  return std::fegetround() == FE_TONEAREST && (_mm_getcsr() & kModeBits) == 0;
}
#else
namespace {
// FPCR: flush-to-zero (bit 24), rounding (23, 22; 0 is to nearest), half-precision flush (19).
constexpr std::uint64_t kModeBits = (1U << 24) | (3U << 22) | (1U << 19);

std::uint64_t read_fpcr() {
  std::uint64_t value;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
}  // namespace

void set_float_mode() { asm volatile("msr fpcr, %0" : : "r"(read_fpcr() & ~kModeBits)); }

static bool float_mode_is_right() { return (read_fpcr() & kModeBits) == 0; }
#endif

void check_float_mode() {
  if (float_mode_is_right()) return;
  throw_run(
      "the floating-point mode of a thread was changed (by a library?): results need rounding to "
      "nearest and denormals neither flushed nor read as zero");
}

}  // namespace rondo::kernels
