// Connectionist temporal classification (Graves et al. 2006): how likely a sequence's steps spell a
// list of labels, whatever step says which, and what each step has to do with it.
//
// Each step says a label or the blank. What the steps say spells the list when equal neighbours are
// taken as one and then blanks are left out; so between two equal labels a blank has to stand. The
// positions of a list of n labels are blank, label, blank, label, ..., blank: 2 n + 1 of them. From
// one step to the next the path stays at its position, steps to the next one, or skips the blank
// between two labels that differ.
//
// In double, by the logarithms of probabilities. The logarithm of a sum of exponentials takes the
// maximum first, then adds stay, step, skip, in this order; what is impossible is a flag (the value
// `impossible`, which is tested for, never computed with). A list hangs on nothing but its own
// steps.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "rondo/core/spelling.hpp"

namespace rondo::ctc {

inline constexpr double impossible = -std::numeric_limits<double>::infinity();

constexpr std::size_t positions(std::size_t labels) { return 2 * labels + 1; }

// A list and the steps that are to spell it: element t (labels + 1) is the logarithm of the blank's
// probability at step t, behind it stand those of the labels, in the list's order.
struct Lattice {
  std::span<const std::int32_t> labels;
  std::int64_t steps = 0;    // at least steps_to_spell(labels), at least 1
  std::span<double> scores;  // finite
};

// Rows that are worked with.
constexpr std::size_t room_for(std::size_t labels) { return 5 * positions(labels); }

// The logarithm of the list's probability. `forward`: [steps][positions], of each position that can
// be reached and from which the end can: the logarithm of all ways there, the step's own score
// included. `room`: of room_for(labels).
double log_probability(const Lattice& lattice, std::span<double> forward, std::span<double> room);
// The same, without keeping them; `room`: two rows more.
double log_probability(const Lattice& lattice, std::span<double> room);

// After log_probability(): in place of the scores the shares of the list's probability that lie in
// paths which say, at a step, the blank or one of the labels: a blank's adds its positions from +0,
// ascending.
void occupancies(const Lattice& lattice, std::span<const double> forward, double log_probability,
                 std::span<double> room);

}  // namespace rondo::ctc
