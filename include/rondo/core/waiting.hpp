// How threads of a process wait for each other inside a step, without a lock.
#pragma once

#include <atomic>

namespace rondo {

// Tells the processor that a loop waits, for some tens of cycles.
inline void relax_processor() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Returns when value != old: for whoever changes it calls notify after the change. A short spin
// first, tens of microseconds: longer than the gaps inside a step, shorter than a scheduler's time
// slice. Then std::atomic wait, which sleeps, so that cores are free where threads share them.
template <class T>
void wait_while_equal(const std::atomic<T>& value, T old) {
  constexpr int spins = 1000;
  for (int i = 0; i < spins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    relax_processor();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace rondo
