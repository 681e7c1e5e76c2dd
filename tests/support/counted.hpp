// Counts what a program's threads ask of the system's memory and locks: include it in one source
// file of a test program, whose operator new and pthread_mutex_lock it replaces.
#pragma once

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace rondo::test {

inline std::atomic<std::int64_t> allocations{0};
inline std::atomic<std::int64_t> locks{0};

// What happened since it was made, on all threads of the process.
class Counted {
 public:
  std::int64_t allocations() const { return test::allocations - allocations_; }
  std::int64_t locks() const { return test::locks - locks_; }

 private:
  std::int64_t allocations_ = test::allocations;
  std::int64_t locks_ = test::locks;
};

inline void* counted_memory(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, size == 0 ? 1 : size) != 0) throw std::bad_alloc();
  return memory;
}

}  // namespace rondo::test

// The other forms call these.
void* operator new(std::size_t size) {
  return rondo::test::counted_memory(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return rondo::test::counted_memory(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

// std::mutex comes here; the C library's own locks (malloc, stdio) do not.
extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  using Lock = int (*)(pthread_mutex_t*);
  static std::atomic<Lock> lock{nullptr};
  Lock found = lock.load(std::memory_order_acquire);
  if (found == nullptr) {
    found = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    lock.store(found, std::memory_order_release);
  }
  ++rondo::test::locks;
  return found(mutex);
}
