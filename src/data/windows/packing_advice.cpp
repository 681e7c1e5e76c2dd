#include "rondo/data/packing_advice.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace rondo {
namespace {

constexpr double filled_well = 0.9, clearly = 0.05, nearly = 0.02;
constexpr std::size_t sample_size = 30'000;

// The smallest number of sequences that `share` of all windows do not exceed.
double percentile(const std::vector<std::int64_t>& windows_by_sequences, std::int64_t windows,
                  std::int64_t percent) {
  std::int64_t seen = 0;
  std::size_t sequences = 0;
  for (; sequences < windows_by_sequences.size(); ++sequences) {
    seen += windows_by_sequences[sequences];
    if (seen * 100 >= windows * percent) break;
  }
  return static_cast<double>(sequences);
}

// Sequences evenly from the whole split, which may be sorted, with the longest, on which much
// depends.
std::vector<std::size_t> sample_of(std::span<const std::int32_t> lengths) {
  std::vector<std::size_t> sample(std::min(lengths.size(), sample_size));
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = i * lengths.size() / sample.size();
  if (lengths.size() > sample_size) {
    sample.back() = static_cast<std::size_t>(std::ranges::max_element(lengths) - lengths.begin());
  }
  return sample;
}

// Their lengths; none where there are none.
std::vector<std::int32_t> lengths_of(const std::vector<std::size_t>& sample,
                                     std::span<const std::int32_t> lengths) {
  std::vector<std::int32_t> own;
  if (lengths.empty()) return own;
  for (const std::size_t sequence : sample) own.push_back(lengths[sequence]);
  return own;
}

// Windows from half of this one to twice as long, and those that just hold so many of the longest.
// Then longer ones, with fewer lanes, so that an update is not larger: but not under 8, nor other
// than a multiple of it, which are slow.
std::vector<PackingShape> shapes_to_try(const PackingShape& now, std::int64_t longest) {
  std::set<std::int64_t> windows;
  for (std::int64_t part = 8; part <= 32; ++part) windows.insert(now.window * part / 16);
  for (const std::int64_t times : {now.window / longest, now.window / longest + 1}) {
    if (times * longest <= 2 * now.window) windows.insert(times * longest);
  }
  windows.erase(0);
  windows.erase(now.window);
  std::vector<PackingShape> shapes;
  PackingShape shape = now;
  for (const std::int64_t window : windows) {
    shape.window = window;
    shapes.push_back(shape);
  }
  for (const std::int64_t times : {3, 4, 6, 8}) {
    shape.window = now.window * times;
    shape.lanes = now.lanes / times / 8 * 8;
    if (shape.lanes >= 8) shapes.push_back(shape);
  }
  return shapes;
}

double distance(std::int64_t a, std::int64_t b) {
  return static_cast<double>(std::max(a, b)) / static_cast<double>(std::min(a, b));
}

}  // namespace

PackingSummary packing_summary(std::span<const std::int32_t> lengths, const PackingShape& shape,
                               std::int64_t epoch) {
  const auto plan = make_plan(lengths, shape);
  plan->seek(plan->windows_of(epoch));
  std::vector<std::int64_t> windows_by_sequences(static_cast<std::size_t>(plan->most_sequences()) +
                                                 1);
  PackingSummary summary;
  const std::int64_t all = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
  std::int64_t steps = 0, covered = 0, second_steps = 0, second_covered = 0, sequences = 0;
  PackedWindow window;
  while (covered < all) {
    plan->next(window);
    ++summary.windows;
    steps += shape.lanes * window.times;
    second_steps += shape.lanes * window.second_times;
    std::int64_t ends = 0;
    for (const PlacedSequence& placed : window.placed) {
      const std::int32_t length = lengths[static_cast<std::size_t>(placed.sequence)];
      covered += placed.length;
      second_covered += placed.second_length;
      ends += placed.step + placed.length == length ? 1 : 0;
      summary.longest = std::max<std::int64_t>(summary.longest, length);
    }
    sequences += ends;
    ++windows_by_sequences[static_cast<std::size_t>(ends)];
  }
  summary.without_end = windows_by_sequences[0];
  summary.filled = static_cast<double>(covered) / static_cast<double>(steps);
  if (second_steps > 0) {
    summary.second_filled = static_cast<double>(second_covered) / static_cast<double>(second_steps);
  }
  summary.sequences_mean = static_cast<double>(sequences) / static_cast<double>(summary.windows);
  summary.sequences_p5 = percentile(windows_by_sequences, summary.windows, 5);
  summary.sequences_p95 = percentile(windows_by_sequences, summary.windows, 95);
  return summary;
}

std::optional<BetterWindow> better_window(std::span<const std::int32_t> lengths,
                                          const PackingShape& wanted_shape) {
  if (wanted_shape.laying != Laying::packed) return std::nullopt;
  const std::vector<std::size_t> sequences = sample_of(lengths);
  const std::vector<std::int32_t> sample = lengths_of(sequences, lengths);
  const std::vector<std::int32_t> second = lengths_of(sequences, wanted_shape.second);
  PackingShape shape = wanted_shape;
  shape.second = second;
  const PackingSummary now = packing_summary(sample, shape);
  const double filled = now.filled_at_least();
  if (filled >= filled_well) return std::nullopt;
  std::vector<BetterWindow> found;
  double best = 0;
  for (const PackingShape& other : shapes_to_try(shape, now.longest)) {
    found.push_back({other.window, other.lanes, filled, packing_summary(sample, other)});
    best = std::max(best, found.back().then.filled_at_least());
  }
  if (best < filled + clearly) return std::nullopt;
  const double wanted = std::max(std::min(filled_well, best - nearly), filled + clearly);
  const BetterWindow* nearest = nullptr;
  for (const BetterWindow& better : found) {
    if (better.then.filled_at_least() < wanted) continue;
    if (nearest == nullptr ||
        distance(better.window, shape.window) < distance(nearest->window, shape.window)) {
      nearest = &better;
    }
  }
  return *nearest;
}

std::optional<BetterLanes> fuller_lanes(std::span<const std::int32_t> lengths,
                                        const PackingShape& shape) {
  if (shape.laying == Laying::packed || shape.lanes == 1) return std::nullopt;
  const double now = packing_summary(lengths, shape).filled;
  BetterLanes better{shape.lanes, now};
  PackingShape other = shape;
  while (better.filled < filled_well && other.lanes > 1) {
    other.lanes /= 2;
    if (other.lanes > 8) other.lanes -= other.lanes % 8;
    better = {other.lanes, packing_summary(lengths, other).filled};
  }
  return better.filled > now ? std::optional(better) : std::nullopt;
}

std::optional<std::int64_t> better_lanes(std::span<const std::int32_t> lengths,
                                         const PackingShape& shape) {
  auto updates = [&lengths, other = shape](std::int64_t lanes) mutable {
    other.lanes = lanes;
    return make_plan(lengths, other)->windows_of(1);
  };
  const std::int64_t now = updates(shape.lanes);
  if (now >= fewest_updates) return std::nullopt;
  std::int64_t lanes =
      shape.lanes * now /
      (fewest_updates - 1);  // where an epoch's last window is empty but for a lane
  while (lanes > 0) {
    if (lanes > 8) lanes -= lanes % 8;
    if (updates(lanes) >= fewest_updates) return lanes;
    lanes -= lanes > 8 ? 8 : 1;
  }
  return std::nullopt;
}

}  // namespace rondo
