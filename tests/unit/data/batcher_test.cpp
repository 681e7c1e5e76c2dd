// In the manner of llm.c's loader test: a token's value tells where it stands, so that a sharding
// error shows.
#include "rondo/data/batcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "data/windows/document_order.hpp"
#include "rondo/core/errors.hpp"
#include "stream_window.hpp"

namespace rondo {
namespace {

using test::inputs_of;
using test::targets_of;

struct Case {
  std::int64_t lanes, window;
  std::vector<std::int64_t> documents;  // lengths
  std::int64_t size() const {
    return std::accumulate(documents.begin(), documents.end(), std::int64_t{0});
  }
  std::vector<std::int64_t> starts() const {
    std::vector<std::int64_t> starts{0};
    for (std::size_t i = 0; i + 1 < documents.size(); ++i) {
      starts.push_back(starts.back() + documents[i]);
    }
    return starts;
  }
};

std::vector<Case> cases() {
  return {{1, 1, {1}},          {1, 4, {9}},           {3, 4, {10}},
          {4, 3, {5, 7, 1, 2}}, {7, 2, {3}},           {8, 16, {40, 1, 1, 30, 2}},
          {5, 100, {23, 4}},    {4, 5, {20, 20, 40}},  {6, 7, {11, 13, 17, 19, 23, 29, 31}},
          {2, 64, {9000, 100}}, {16, 3, {2, 2, 2, 2}}, {3, 5000, {20000}}};
}

// Tokens count up from 0.
StreamWindows counting_source(const Case& c) {
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(c.size()));
  std::iota(tokens.begin(), tokens.end(), 0);
  return StreamWindows(make_memory_source(tokens, c.starts()));
}

LaneLayout layout_of(const Case& c, std::int64_t first, std::int64_t last, bool shuffle) {
  return {.lanes = c.lanes,
          .first_lane = first,
          .last_lane = last,
          .window = c.window,
          .seed = 7,
          .shuffle = shuffle};
}

// What ARITHMETIC.md says, step by step, in the plainest way: [time of the epoch][lane].
struct Expected {
  std::int64_t times;
  std::vector<std::int32_t> inputs, targets;
  std::vector<std::uint8_t> resets;
};

Expected expected_epoch(const Case& c, std::int64_t epoch, bool shuffle) {
  const auto starts = c.starts();
  const std::int64_t size = c.size();
  const DocumentOrder order = [&] {
    DocumentOrder made(starts, size, 7, shuffle);
    made.set_epoch(epoch);
    return made;
  }();
  struct Step {
    std::int32_t input, target;
    std::uint8_t reset;
  };
  std::vector<Step> walk;
  for (std::size_t place = 0; place < starts.size(); ++place) {
    const auto document =
        static_cast<std::size_t>(order.document(static_cast<std::int64_t>(place)));
    for (std::int64_t i = 0; i < c.documents[document]; ++i) {
      const auto token = static_cast<std::int32_t>(starts[document] + i);
      walk.push_back({token, i + 1 < c.documents[document] ? token + 1 : -1,
                      static_cast<std::uint8_t>(i == 0)});
    }
  }
  const std::int64_t n = (size + c.lanes - 1) / c.lanes;
  Expected e{n, {}, {}, {}};
  for (std::int64_t t = 0; t < n; ++t) {
    for (std::int64_t lane = 0; lane < c.lanes; ++lane) {
      const std::int64_t at = lane * n + t;
      const Step step = at < size ? walk[static_cast<std::size_t>(at)] : Step{0, -1, 0};
      e.inputs.push_back(step.input);
      e.targets.push_back(step.target);
      e.resets.push_back(t == 0 ? 1 : step.reset);
    }
  }
  return e;
}

// Whole epochs of all ranks' windows, put back side by side.
Expected batched_epoch(const Case& c, const StreamWindows& source, std::int64_t epoch, bool shuffle,
                       const std::vector<std::int64_t>& borders) {
  const std::int64_t n = (c.size() + c.lanes - 1) / c.lanes;
  const auto values = static_cast<std::size_t>(n * c.lanes);
  Expected e{0, std::vector<std::int32_t>(values), std::vector<std::int32_t>(values),
             std::vector<std::uint8_t>(values)};
  for (std::size_t rank = 0; rank + 1 < borders.size(); ++rank) {
    const std::int64_t first = borders[rank], last = borders[rank + 1];
    const LaneLayout layout = layout_of(c, first, last, shuffle);
    const std::int64_t per_epoch = source.windows_of(1, layout);
    Batcher batcher(source.reader(layout), epoch * per_epoch);
    std::int64_t time = 0;
    for (std::int64_t w = 0; w < per_epoch; ++w) {
      const Window& window = batcher.next();
      EXPECT_EQ(window.index, epoch * per_epoch + w);
      EXPECT_EQ(window.epoch, epoch);
      EXPECT_EQ(window.lanes, last - first);
      EXPECT_EQ(inputs_of(window).size(),
                static_cast<std::size_t>(window.axes[0].times * window.lanes));
      EXPECT_EQ(targets_of(window).size(), inputs_of(window).size());
      EXPECT_EQ(window.axes[0].resets.size(), inputs_of(window).size());
      std::size_t from = 0;
      for (int t = 0; t < window.axes[0].times; ++t, ++time) {
        for (std::int64_t lane = first; lane < last; ++lane, ++from) {
          const auto to = static_cast<std::size_t>(time * c.lanes + lane);
          e.inputs[to] = inputs_of(window)[from];
          e.targets[to] = targets_of(window)[from];
          e.resets[to] = window.axes[0].resets[from];
        }
      }
    }
    e.times = time;
  }
  return e;
}

TEST(StreamWindows, AnyRanksTogetherWalkTheWholeEpoch) {
  for (const Case& c : cases()) {
    const auto source = counting_source(c);
    for (const std::int64_t ranks : {1, 2, 3, 5}) {
      std::vector<std::int64_t> borders;
      for (std::int64_t rank = 0; rank <= ranks; ++rank) {
        borders.push_back(rank * c.lanes / ranks);
      }
      for (const std::int64_t epoch : {0, 1, 4}) {
        for (const bool shuffle : {false, true}) {
          SCOPED_TRACE(testing::Message() << c.lanes << " lanes, window " << c.window << ", "
                                          << c.size() << " tokens, epoch " << epoch << ", " << ranks
                                          << " ranks, shuffle " << shuffle);
          const Expected expected = expected_epoch(c, epoch, shuffle);
          const Expected got = batched_epoch(c, source, epoch, shuffle, borders);
          ASSERT_EQ(got.times, expected.times);
          ASSERT_EQ(got.inputs, expected.inputs);
          ASSERT_EQ(got.targets, expected.targets);
          ASSERT_EQ(got.resets, expected.resets);
        }
      }
    }
  }
}

TEST(StreamWindows, EveryTargetOccursOnceAnEpoch) {
  for (const Case& c : cases()) {
    const auto source = counting_source(c);
    Batcher batcher(source.reader(layout_of(c, 0, c.lanes, true)), 0);
    std::vector<int> seen(static_cast<std::size_t>(c.size()));
    std::int64_t targets = 0;
    for (std::int64_t w = 0; w < source.windows_of(1, layout_of(c, 0, c.lanes, true)); ++w) {
      const Window& window = batcher.next();
      targets += test::valid_targets_of(window);
      for (const std::int32_t target : targets_of(window)) {
        if (target >= 0) ++seen[static_cast<std::size_t>(target)];
      }
    }
    std::vector<int> once(seen.size(), 1);
    for (const std::int64_t start : c.starts()) once[static_cast<std::size_t>(start)] = 0;
    EXPECT_EQ(seen, once);
    EXPECT_EQ(targets, c.size() - static_cast<std::int64_t>(c.documents.size()));
  }
}

TEST(StreamWindows, ATargetIsTakenFromTheNextLanesPart) {
  const Case c{2, 3, {6}};
  const auto source = counting_source(c);
  Batcher batcher(source.reader(layout_of(c, 0, 1, false)), 0);
  const Window& window = batcher.next();
  EXPECT_EQ(inputs_of(window), (std::vector<std::int32_t>{0, 1, 2}));
  EXPECT_EQ(targets_of(window), (std::vector<std::int32_t>{1, 2, 3}));
}

TEST(StreamWindows, AResumedBatcherGoesOnAsIfItHadNeverStopped) {
  const Case c{6, 7, {11, 13, 17, 19, 23, 29, 31}};
  const auto source = counting_source(c);
  const LaneLayout layout = layout_of(c, 1, 5, true);
  Batcher whole(source.reader(layout), 0);
  for (std::int64_t first = 0; first < 3 * source.windows_of(1, layout); ++first) {
    const Window& expected = whole.next();
    Batcher resumed(source.reader(layout), first);
    const Window& window = resumed.next();
    EXPECT_EQ(window.index, expected.index);
    EXPECT_EQ(window.epoch, expected.epoch);
    EXPECT_EQ(window.axes[0].times, expected.axes[0].times);
    EXPECT_EQ(inputs_of(window), inputs_of(expected));
    EXPECT_EQ(targets_of(window), targets_of(expected));
    EXPECT_EQ(window.axes[0].resets, expected.axes[0].resets);
  }
}

TEST(StreamWindows, WindowsStayInTheSameTwoPlaces) {
  const Case c{6, 7, {100, 13}};
  const auto source = counting_source(c);
  Batcher batcher(source.reader(layout_of(c, 0, 6, true)), 2);
  const std::int32_t* first = inputs_of(batcher.next()).data();
  const std::int32_t* second = inputs_of(batcher.next()).data();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(inputs_of(batcher.next()).data(), i % 2 == 0 ? first : second);
  }
}

TEST(StreamWindows, CursorsWalkALanesPartAndStartAgain) {
  const Case c{3, 4, {29}};  // parts [0, 10), [10, 20), [20, 29)
  const LaneLayout layout = layout_of(c, 0, 3, true);
  EXPECT_EQ(counting_source(c).windows_of(1, layout), 3);
  StreamCursors cursors(c.size(), layout);
  EXPECT_EQ(cursors(0, 0), 0);
  EXPECT_EQ(cursors(1, 2), 18);
  EXPECT_EQ(cursors(2, 2), 28);
  EXPECT_EQ(cursors(1, 3), 10);
  const Case few{7, 2, {3}};  // lanes 3 to 6 have nothing
  EXPECT_EQ(StreamCursors(few.size(), layout_of(few, 0, 7, true))(6, 0), 3);
}

TEST(StreamWindows, ACheckpointKeepsAllLanesCursors) {
  const Case c{3, 4, {29}};
  const StreamWindows source = counting_source(c);
  Batcher batcher(source.reader(layout_of(c, 1, 2, true)), 0);
  NamedState state;
  batcher.save_cursors(2, state);
  const std::uint64_t shape[] = {3};
  const auto cursors = state.get<std::int64_t>("lanes/cursor", shape);
  EXPECT_EQ(std::vector(cursors.begin(), cursors.end()), (std::vector<std::int64_t>{8, 18, 28}));
}

TEST(StreamWindows, MayBeDestroyedAtAnyMoment) {
  const Case c{4, 5, {20, 20, 40}};
  const auto source = counting_source(c);
  for (int taken = 0; taken < 50; ++taken) {
    Batcher batcher(source.reader(layout_of(c, 0, 4, true)), 0);
    for (int i = 0; i < taken % 4; ++i) batcher.next();
  }
}

TEST(StreamWindows, RefusesWhatIsNoLayout) {
  const Case c{4, 5, {20}};
  const auto source = counting_source(c);
  const LaneLayout good = layout_of(c, 0, 4, true);
  const auto refused = [&](auto change, std::int64_t first_window = 0) {
    LaneLayout layout = good;
    change(layout);
    EXPECT_THROW(Batcher(source.reader(layout), first_window), InputError);
  };
  refused([](LaneLayout& l) { l.lanes = 0; });
  refused([](LaneLayout& l) { l.window = 0; });
  refused([](LaneLayout& l) { l.last_lane = 5; });
  refused([](LaneLayout& l) { l.first_lane = -1; });
  refused([](LaneLayout& l) { l.first_lane = 3, l.last_lane = 2; });
  refused([](LaneLayout&) {}, -1);
}

}  // namespace
}  // namespace rondo
