// Where the arrays of a network's stages come from: allocated, or only counted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/core/buffer.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

// What an array is for, as memory is told (NetworkBytes).
enum class MemoryUse : std::uint8_t { activations, logits, carried, weights };

// Stages ask for all their arrays when they are built. Those that are built of allocations which
// only count are good for nothing else: what a network would allocate is said by the code that
// allocates it.
class Allocations {
 public:
  enum class Kind : std::uint8_t { made, counted };

  explicit Allocations(Kind kind = Kind::made) : kind_(kind) {}

  // `size` values, zeroed; none of them where they are only counted.
  template <class T>
  Buffer<T> make(MemoryUse use, std::size_t size) {
    add(use, size * sizeof(T));
    return Buffer<T>(kind_ == Kind::made ? size : 0);
  }

  const NetworkBytes& bytes() const { return bytes_; }

 private:
  void add(MemoryUse use, std::uint64_t bytes) {
    switch (use) {
      case MemoryUse::logits:
        bytes_.logits += bytes;
        [[fallthrough]];
      case MemoryUse::activations:
        bytes_.activations += bytes;
        break;
      case MemoryUse::carried:
        bytes_.carried += bytes;
        break;
      case MemoryUse::weights:
        bytes_.weights += bytes;
        break;
    }
  }

  Kind kind_;
  NetworkBytes bytes_;
};

}  // namespace rondo
