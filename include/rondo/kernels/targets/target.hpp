// The vector targets a binary carries, and the choice among them at run time.
#pragma once

#include <string>
#include <vector>

namespace rondo::kernels {

// "avx512", "avx2" or "neon": what this build and this processor both have, best first. Empty on a
// processor without fused multiply-add (rondo refuses to train there).
std::vector<std::string> supported_targets();

// Chooses the target for all float kernels of the process; "auto" is the best one, "reference" the
// plain twins (tests). Throws InputError for a target that this processor or build does not have.
// Call before any kernel runs, from one thread.
void select_target(const std::string& name);

// The target in use.
std::string selected_target();

// Computes a small digest of every kernel on the selected target and compares it with the reference
// twin; throws RunError if they differ. Takes a few milliseconds.
void prove_target();

// Sets round to nearest, and FTZ and DAZ off, on the calling thread, and returns nothing; every
// thread that computes calls it first (after MPI_Init on the main thread).
void set_float_mode();
// RunError if the calling thread has another mode.
void check_float_mode();

}  // namespace rondo::kernels
