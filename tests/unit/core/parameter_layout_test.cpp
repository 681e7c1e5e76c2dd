#include "rondo/core/parameter_layout.hpp"

#include <gtest/gtest.h>

#include <set>

#include "input_error.hpp"

namespace rondo {
namespace {

ParameterLayout two_segments() {
  ParameterLayout layout;
  Segment weights;
  weights.name = "weights";
  weights.groups = 3;
  weights.units = 70;
  weights.columns = 5;
  Segment table;
  table.name = "a.table";
  table.storage = Segment::Storage::rows;
  table.units = 4;
  table.columns = 18;
  layout.add(weights);
  layout.add(table);
  return layout;
}

TEST(ParameterLayout, PadsThePanelsAndCountsWhatIsReal) {
  const ParameterLayout layout = two_segments();
  EXPECT_EQ(layout[0].size, 3U * 5U * 80U);  // 64 + 16 units
  EXPECT_EQ(layout[1].size, 4U * 32U);
  EXPECT_EQ(layout[1].offset, layout[0].size);
  EXPECT_EQ(layout.size(), layout[0].size + layout[1].size);
  EXPECT_EQ(layout.elements(), 3U * 70U * 5U + 4U * 18U);
}

TEST(ParameterLayout, GivesEveryElementAPlaceOfItsOwn) {
  const ParameterLayout layout = two_segments();
  for (const Segment& segment : layout.segments()) {
    std::set<std::size_t> places;
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        const std::size_t place = segment.index(row, column);
        EXPECT_LT(place, segment.size);
        EXPECT_TRUE(places.insert(place).second) << row << ", " << column;
      }
    }
  }
}

TEST(ParameterLayout, KeepsAColumnOfAPanelTogether) {
  const ParameterLayout layout = two_segments();
  const Segment& weights = layout[0];
  // Gate 1, unit 66: panel 1, whose width is 16.
  EXPECT_EQ(weights.index(70 + 66, 3), weights.panel(1, 1) + 3U * 16U + 2U);
  EXPECT_EQ(weights.panel(1, 1), 64U * 3U * 5U + 5U * 16U);
}

TEST(ParameterLayout, OrdersSegmentsByName) {
  EXPECT_EQ(two_segments().by_name(), (std::vector<std::size_t>{1, 0}));
}

TEST(ParameterLayout, LoadsWhatItSavedAndLeavesPaddingZero) {
  const ParameterLayout layout = two_segments();
  Buffer<float> before(layout.size(), -1.0F);
  float next = 0;
  for (const Segment& segment : layout.segments()) {
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        before[segment.offset + segment.index(row, column)] = ++next;
      }
    }
  }
  NamedState state;
  layout.save<float>(before, "p/", state);
  const float* logical = reinterpret_cast<const float*>(state.get("p/weights").bytes.data());
  EXPECT_EQ(logical[0], 1.0F);
  EXPECT_EQ(logical[1], 2.0F);  // row-major: the next column

  Buffer<float> after(layout.size(), 7.0F);
  layout.load<float>(state, "p/", after);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i], before[i] == -1.0F ? 0.0F : before[i]) << i;
  }
}

TEST(ParameterLayout, RefusesAnotherModelsState) {
  const ParameterLayout layout = two_segments();
  NamedState state;
  layout.save<double>(Buffer<double>(layout.size()), "p/", state);
  Buffer<float> buffer(layout.size());
  EXPECT_THROW(layout.load<float>(state, "p/", buffer), InputError);
  EXPECT_THROW(layout.check<float>(state, "p/"), InputError);
  EXPECT_THROW(layout.load<float>(NamedState{}, "p/", buffer), InputError);
}

TEST(ParameterLayout, FindsWhatItHasNoPlaceFor) {
  const ParameterLayout layout = two_segments();
  NamedState state;
  layout.save<float>(Buffer<float>(layout.size()), "p/", state);
  state.put_scalar<float>("q/more", 1);
  layout.check<float>(state, "p/");
  state.put_scalar<float>("p/more", 1);
  EXPECT_EQ(test::error_of([&] { layout.check<float>(state, "p/"); }),
            "the saved state has 'p/more', and this configuration has no place for it");
}

TEST(ParameterLayout, RefusesANameTwice) {
  ParameterLayout layout = two_segments();
  EXPECT_THROW(layout.add(layout[0]), RunError);
}

}  // namespace
}  // namespace rondo
