// The numbers of kernels/math in float, shared by the vector functions and their twins.
//
// Polynomials: minimax fits in 40 digits (Lawson's algorithm), the coefficients rounded to float
// one by one from the lowest on, the others fitted again after each; ascending order.
#pragma once

#include <cstdint>
#include <limits>

namespace rondo::kernels::constants {

inline constexpr float infinity = std::numeric_limits<float>::infinity();

// exp(x) = 2^k exp(r), k = round(x log2(e)), |r| <= ln 2 / 2. Adding `round_shift` leaves k in the
// low bits of the sum's pattern. ln 2 = ln2_high + ln2_low.
inline constexpr float log2_e = 0x1.715476p+0F;
inline constexpr float round_shift = 0x1.8p+23F;
inline constexpr float ln2_high = 0x1.62e43p-1F;
inline constexpr float ln2_low = -0x1.05c61p-29F;

// exp(r) - 1 = r + r^2 P(r), relative error below 2^-31.
inline constexpr float exp_p[6] = {0x1.000000p-1F, 0x1.555554p-3F,  0x1.5554f8p-5F,
                                   0x1.1112d8p-7F, 0x1.6d3a4cp-10F, 0x1.9e7320p-13F};

// Above: exp overflows. Below: its result is not normal any more and is flushed to +0.
inline constexpr float exp_highest = 0x1.62e42ep+6F;
inline constexpr float exp_lowest = -0x1.5d589ep+6F;

// From here on tanh rounds to 1.
inline constexpr float tanh_highest = 0x1.2p+3F + 0.125F;

// log(1 + f) = f - f^2 / 2 + f^3 P(f) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1, relative error below
// 2^-30. The pattern of sqrt(1/2) splits a number into exponent and 1 + f; ln 2 in two parts of
// which the first has 15 bits, so that its product with an exponent is exact.
inline constexpr std::uint32_t root_half_bits = 0x3f3504f3;
inline constexpr float log_ln2_high = 0x1.62e4p-1F;
inline constexpr float log_ln2_low = 0x1.7f7d1cp-20F;
inline constexpr float log_p[9] = {0x1.555548p-2F,  -0x1.000006p-2F, 0x1.99a47ap-3F,
                                   -0x1.555c52p-3F, 0x1.233b36p-3F,  -0x1.fc257cp-4F,
                                   0x1.e6c3f0p-4F,  -0x1.de1a76p-4F, 0x1.1488bcp-4F};

}  // namespace rondo::kernels::constants
