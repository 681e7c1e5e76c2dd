#include "apps/spectra.hpp"

#include <gtest/gtest.h>

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

TEST(Spectra, RefusesWhatIsNoStackOfSquareMatrices) {
  NamedState state;
  state.add("parameters/rnn.weight_hh_l0", ElementType::float32, {4, 3});
  EXPECT_THROW(recurrent_spectra(state), InputError);
}

}  // namespace
}  // namespace rondo::apps
