#include "apps/looking/spectra.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

TEST(Spectra, KnowsARotationFromAShear) {
  NamedState state;
  const std::vector<float> gates = {0, -2, 2, 0,   // a rotation, twice as long
                                    1, 1,  0, 1};  // a shear: the golden ratio and its inverse
  state.put<float>("parameters/rnn.weight_hh_l0", gates, {4, 2}).attributes["meaning"] =
      "gates: r, s";
  const std::vector<Spectrum> spectra = recurrent_spectra(state);
  ASSERT_EQ(spectra.size(), 2U);
  EXPECT_EQ(spectra[0].gate, "r");
  EXPECT_NEAR(spectra[0].spectral_radius, 2, 1e-12);
  EXPECT_NEAR(spectra[0].largest, 2, 1e-12);
  EXPECT_NEAR(spectra[0].smallest, 2, 1e-12);
  EXPECT_EQ(spectra[1].gate, "s");
  EXPECT_NEAR(spectra[1].spectral_radius, 1,
              1e-7);  // a double eigenvalue: known to half the digits
  EXPECT_NEAR(spectra[1].largest, 1.618033988749895, 1e-12);
  EXPECT_NEAR(spectra[1].smallest, 0.618033988749895, 1e-12);
}

TEST(Spectra, FindsASingularMatrix) {
  NamedState state;
  const std::vector<double> gate = {1, 2, 3, 2, 4, 6, 0, 0, 5};
  state.put<double>("parameters/rnn.weight_hh_l1", gate, {3, 3});
  EXPECT_NEAR(recurrent_spectra(state).at(0).smallest, 0, 1e-12);
}

// Two units of state from three of the cell: a gate's matrix of 3 x 2 behind a projection of 2 x 3.
TEST(Spectra, GoThroughAProjection) {
  NamedState state;
  const std::vector<double> gate = {1, 2, 3, 4, 5, 6}, projection = {1, 0, 0, 0, 0, 2};
  state.put<double>("parameters/rnn.weight_hh_l0", gate, {3, 2});
  state.put<double>("parameters/rnn.weight_hr_l0", projection, {2, 3});
  const std::vector<Spectrum> spectra = recurrent_spectra(state);
  ASSERT_EQ(spectra.size(), 1U);
  EXPECT_EQ(spectra[0].matrix, "rnn.weight_hr_l0 rnn.weight_hh_l0");
  // Of (1 2; 10 12): the roots of x^2 - 13 x - 8, and by trace and determinant of its square.
  EXPECT_NEAR(spectra[0].spectral_radius, (13 + std::sqrt(201.0)) / 2, 1e-12);
  const double root = std::sqrt(249.0 * 249 - 4 * 64);
  EXPECT_NEAR(spectra[0].largest, std::sqrt((249 + root) / 2), 1e-12);
  EXPECT_NEAR(spectra[0].smallest, std::sqrt((249 - root) / 2), 1e-12);

  state.put<double>("parameters/rnn.weight_hr_l1", gate, {3, 2});
  state.put<double>("parameters/rnn.weight_hh_l1", gate, {3, 2});
  EXPECT_THROW(recurrent_spectra(state), InputError);
}

TEST(Spectra, RefusesWhatIsNoStackOfSquareMatrices) {
  NamedState state;
  state.add("parameters/rnn.weight_hh_l0", ElementType::float32, {4, 3});
  EXPECT_THROW(recurrent_spectra(state), InputError);
}

}  // namespace
}  // namespace rondo::apps
