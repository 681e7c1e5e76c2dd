// How the optimizers, and what is beside them, share a pass over the parameters among threads.
#pragma once

#include <cstddef>

#include "rondo/core/parameter_layout.hpp"
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

// The same for all that updates change: what lies between frozen segments.
template <class Work>
void for_trained_pieces(const ParameterLayout& layout, ThreadPool& pool, const Work& work) {
  const auto range = [&](std::size_t from, std::size_t to) {
    for_pieces(to - from, pool,
               [&](std::size_t begin, std::size_t end) { work(from + begin, from + end); });
  };
  std::size_t from = 0;
  for (const Segment& segment : layout.segments()) {
    if (!segment.frozen) continue;
    range(from, segment.offset);
    from = segment.offset + segment.size;
  }
  range(from, layout.size());
}

}  // namespace rondo::optimizers
