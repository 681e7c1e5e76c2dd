// Elementwise functions and sums over vectors, the same bits on every vector target.
//
// exp, tanh, logistic and log are polynomials of our own on fused multiply-add, divide and integer
// operations only; each is tested over all 2^32 floats: errors below 1 ulp for exp and log, below
// 2.5 for logistic and tanh. NaN stays NaN. In float, results of exp and logistic below the
// smallest normal are +0. float uses Highway, double the scalars of core/exact_math; but exp
// and log of doubles have vectors of their own, with the scalars' bits.
//
// x and y have the same size and may be the same memory, but not overlap otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rondo::kernels {

template <class Real>
void exp(std::span<const Real> x, std::span<Real> y);
template <class Real>
void log(std::span<const Real> x, std::span<Real> y);
template <class Real>
void tanh(std::span<const Real> x, std::span<Real> y);
template <class Real>
void logistic(std::span<const Real> x, std::span<Real> y);

// Values below 2^-60 in magnitude become +0 (NaN stays): what is carried is never denormal.
template <class Real>
void flush_small(std::span<Real> values);

// Sum of squares in double, in the order of a vector sum: element i to accumulator i mod 64 within
// chunks of 4,096, accumulators then chunks joined by the block tree.
template <class Real>
double sum_of_squares(std::span<const Real> values);
// The same order, of doubles (losses).
double sum(std::span<const double> values);

// into[i] += from[i]
template <class Real>
void add(std::span<Real> into, std::span<const Real> from);
// values[i] *= factor
template <class Real>
void scale(std::span<Real> values, Real factor);
// values[i] *= factor, then what is beyond +-bound becomes that bound (NaN stays).
template <class Real>
void scale_within(std::span<Real> values, Real factor, Real bound);

}  // namespace rondo::kernels
