// A small training computation whose bits every host must agree on.
#pragma once

#include <string>

#include "rondo/core/thread_pool.hpp"

namespace rondo::apps::doctor {

// sha256 over losses, gradients and updated weights of a few steps of a small network of every
// cell, with carried states, resets and clipping, from made-up tokens: the same for any processor
// that computes correctly, whatever its vector target and its number of threads. Takes some tenths
// of a second.
std::string digest_of_small_training(ThreadPool& pool);

}  // namespace rondo::apps::doctor
