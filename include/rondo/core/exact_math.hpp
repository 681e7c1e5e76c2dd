// Scalar functions in double that give the same bits on every machine.
//
// glibc chooses exp, log, cos by processor, so rondo's arithmetic may not call them. These use only
// +, -, *, / and fma, which IEEE 754 rounds correctly everywhere, and the exact fmod. Errors are
// below 1 ulp for exp and log, 2 for the others (tested against long double). Used where a few
// values a step are needed: bias powers, schedules, normal deviates, diagnostics of the loss;
// vectors have kernels/math.
#pragma once

#include <cstdint>

namespace rondo::exact {

double exp(double x);     // 0 below -745.2, infinity above 709.8
double log(double x);     // -infinity at 0, NaN below
double sin_pi(double x);  // sin(pi x)
double cos_pi(double x);  // cos(pi x)
double tanh(double x);
double logistic(double x);                          // 1 / (1 + exp(-x))
double power(double base, std::uint64_t exponent);  // by squaring, low bits first

}  // namespace rondo::exact
