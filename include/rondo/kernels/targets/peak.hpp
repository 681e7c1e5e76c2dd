// What this processor can do at most, measured in the process whose kernels are judged by it.
//
// Clocks and neighbours change from minute to minute: measure right before and right after what is
// compared, on the same thread, and let the larger figure count.
#pragma once

#include <cstddef>

namespace rondo::kernels {

// Processor time of the calling thread in seconds, from some start: what others do on the machine
// meanwhile is not counted.
double thread_seconds();

// Floating-point operations a second of the calling thread, a fused multiply-add being two:
// independent chains of them in fp32 on the vector target in use (under "reference": on the one
// selected before). Takes some 3 ms.
double fma_peak();

// Bytes a second that the calling thread reads, again and again, from a buffer of its own of about
// `bytes` bytes (rounded up to 4 KB): the bandwidth of the cache that it fits in, or of the memory.
// The best of some measurements of milliseconds, in large pages where the system has them, from one
// place and from eight at a time. Large buffers take eight times their size over the bandwidth.
double read_bandwidth(std::size_t bytes);

}  // namespace rondo::kernels
