#include "rondo/core/named_state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace rondo {
namespace {

TEST(NamedState, GivesBackWhatWasPut) {
  NamedState state;
  const std::array<float, 6> weights{1, 2, 3, 4, 5, 6};
  state.put<float>("rnn.weight", weights, {2, 3});
  state.put_scalar<std::int64_t>("counters/step", -7);

  const std::array<std::uint64_t, 2> shape{2, 3};
  const std::span<const float> read = state.get<float>("rnn.weight", shape);

  EXPECT_EQ(std::vector<float>(read.begin(), read.end()),
            std::vector<float>(weights.begin(), weights.end()));
  EXPECT_EQ(state.get_scalar<std::int64_t>("counters/step"), -7);
  EXPECT_EQ(state.get("rnn.weight").elements(), 6U);
}

TEST(NamedState, AddedArraysAreZero) {
  NamedState state;
  const NamedArray& array = state.add("m", ElementType::float64, {3});
  EXPECT_EQ(array.bytes, std::vector<std::byte>(24));
}

TEST(NamedState, ArraysWithoutElements) {
  NamedState state;
  state.put<float>("none", {}, {0, 5});
  const std::array<std::uint64_t, 2> shape{0, 5};
  EXPECT_TRUE(state.get<float>("none", shape).empty());
}

TEST(NamedState, RefusesANameTwiceAndAnotherSizeOnWriting) {
  NamedState state;
  state.put_scalar<double>("x", 1);
  EXPECT_THROW(state.put_scalar<double>("x", 2), RunError);
  const std::array<float, 2> two{};
  EXPECT_THROW(state.put<float>("y", two, {3}), RunError);
}

TEST(NamedState, RefusesAShapeThatOverflows) {
  NamedState state;
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max() / 2;
  EXPECT_THROW(state.add("x", ElementType::float32, {huge, 4}), RunError);
  EXPECT_FALSE(state.has("x"));
}

TEST(NamedState, ReadingNamesTheArrayAndBothShapes) {
  NamedState state;
  const std::array<float, 6> values{};
  state.put<float>("rnn.weight", values, {2, 3});
  const std::array<std::uint64_t, 1> shape{6};

  EXPECT_THROW(state.get("rnn.bias"), InputError);
  EXPECT_THROW(state.get<std::int32_t>("rnn.weight", state.get("rnn.weight").shape), InputError);
  try {
    state.get<float>("rnn.weight", shape);
    FAIL() << "another shape was accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "the saved state's 'rnn.weight' is [2, 3] of float32; this configuration needs "
                 "[6] of float32");
  }
}

// Python: h = hashlib.sha256(); for name, array in (('b', x), ('c/d', y)): h.update(name.encode() +
// b'\0' + struct.pack('<%dQ' % (1 + array.ndim), array.ndim, *array.shape) + array.tobytes()), with
// x = np.arange(6, dtype='<f4').reshape(2, 3) and y = np.array(-1, '<i8').
TEST(Digest, IsPinned) {
  NamedState state;
  const std::array<float, 6> x{0, 1, 2, 3, 4, 5};
  state.put_scalar<std::int64_t>("parameters/c/d", -1);
  state.put<float>("parameters/b", x, {2, 3});
  state.put_scalar<std::int64_t>("counters/step", 3);

  EXPECT_EQ(digest(state, "parameters/"),
            "849da40ec0b2f8809a7a3511d7974c2d86f29f02f3c5d9174441ed4939963697");
}

TEST(Digest, SeesNamesAndShapesOfItsPrefixAlone) {
  const std::array<float, 6> x{0, 1, 2, 3, 4, 5};
  const auto digest_of = [&x](const std::string& name, std::vector<std::uint64_t> shape) {
    NamedState state;
    state.put<float>(name, x, std::move(shape));
    return digest(state, "p/");
  };
  EXPECT_NE(digest_of("p/a", {6}), digest_of("p/b", {6}));
  EXPECT_NE(digest_of("p/a", {6}), digest_of("p/a", {2, 3}));
  EXPECT_NE(digest_of("p/a", {3, 2}), digest_of("p/a", {2, 3}));
  EXPECT_EQ(digest_of("q/a", {6}), digest_of("q/b", {6}));
}

}  // namespace
}  // namespace rondo
