// How the optimizers, and what is beside them, share a pass over the parameters among threads.
#pragma once

#include <cstddef>

#include "rondo/core/thread_pool.hpp"

namespace rondo::optimizers {

// Calls work(begin, end) for pieces of [0, size), spread over the pool.
template <class Work>
void for_pieces(std::size_t size, ThreadPool& pool, const Work& work) {
  constexpr std::size_t piece = 16384;
  const int pieces = static_cast<int>((size + piece - 1) / piece);
  pool.for_each(pieces, [&](int i) {
    const std::size_t begin = static_cast<std::size_t>(i) * piece;
    work(begin, begin + piece < size ? begin + piece : size);
  });
}

}  // namespace rondo::optimizers
