// Contiguous numbers on 64-byte boundaries, zeroed; large ones ask the kernel for large pages.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace rondo {

// Weights and activations are read in an order that leaves a page every few lines: with pages of 4
// KB looking addresses up costs up to a tenth of a step. Where the kernel has no large pages to
// give, nothing changes but speed.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::size_t large_page = std::size_t{1} << 21;

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* memory = ::operator new(bytes, alignment(count));
    if (bytes >= large_page) madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignment(count)); }
  bool operator==(const AlignedAllocator&) const { return true; }

 private:
  static constexpr std::align_val_t alignment(std::size_t count) {
    return std::align_val_t{count * sizeof(T) >= large_page ? large_page : 64};
  }
};

template <class T>
using Buffer = std::vector<T, AlignedAllocator<T>>;

}  // namespace rondo
