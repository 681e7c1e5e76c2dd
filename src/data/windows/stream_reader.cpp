#include "data/windows/stream_reader.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

// Tokens of a lane's run: none is longer than a lane's part and its last target, however long the
// window.
std::size_t run_length(const TokenSource& source, const LaneLayout& layout) {
  const std::int64_t lane_tokens = divide_up(source.size(), layout.lanes);
  const std::int64_t useful =
      std::max(std::min(layout.lengths().longest(), lane_tokens) + 1, StreamReader::run_tokens);
  return static_cast<std::size_t>(std::min(useful, source.size()));
}

// Checked before the members that divide by it are made.
const LaneLayout& checked(const LaneLayout& layout, const TokenSource& source) {
  check_layout(layout);
  if (source.size() < 1) throw_input("batches need a source with at least one token");
  return layout;
}

}  // namespace

StreamReader::StreamReader(const TokenSource& source, const LaneLayout& layout)
    : source_(source),
      layout_(checked(layout, source)),
      size_(source.size()),
      lane_tokens_(divide_up(size_, layout.lanes)),
      cuts_(layout.lengths(), lane_tokens_),
      cursors_(size_, layout),
      order_(source.documents(), size_, layout.seed, layout.shuffle),
      runs_(static_cast<std::size_t>(layout.last_lane - layout.first_lane)) {
  const std::size_t length = run_length(source, layout);
  for (Run& run : runs_) run.tokens.resize(length);
}

std::uint64_t StreamReader::bytes(const TokenSource& source, const LaneLayout& layout) {
  const auto lanes = static_cast<std::uint64_t>(layout.last_lane - layout.first_lane);
  return lanes * (sizeof(Run) + run_length(source, layout) * sizeof(std::int32_t)) +
         DocumentOrder::bytes(source.documents().size());
}

std::uint64_t StreamReader::window_bytes(const TokenSource& source, const LaneLayout& layout) {
  const auto lanes = static_cast<std::uint64_t>(layout.last_lane - layout.first_lane);
  const std::int64_t lane_tokens = divide_up(source.size(), layout.lanes);
  return lanes * static_cast<std::uint64_t>(std::min(layout.lengths().longest(), lane_tokens)) *
         (2 * sizeof(std::int32_t) + sizeof(std::uint8_t));
}

// Lane l's part is [l n, (l + 1) n), cut at the end; lanes behind the end are empty.
std::int64_t StreamReader::part_end(std::int64_t lane) const {
  return std::min((lane + 1) * lane_tokens_, size_);
}

void StreamReader::read(std::int64_t index, Window& window) {
  const WindowCuts::Cut place = cuts_.cut(index);
  window.index = index;
  window.epoch = place.epoch;
  if (window.epoch != epoch_) {
    order_.set_epoch(window.epoch);
    epoch_ = window.epoch;
  }
  WindowAxis& axis = window.axes[0];
  axis.times = static_cast<int>(place.times);
  axis.tokens.resize(2);
  window.lanes = static_cast<int>(layout_.last_lane - layout_.first_lane);
  const std::size_t values = static_cast<std::size_t>(place.times) * runs_.size();
  // Room for a whole window, so that a short one that comes first makes no later one allocate.
  const std::size_t most =
      static_cast<std::size_t>(std::min(layout_.lengths().longest(), lane_tokens_)) * runs_.size();
  const auto fill = [&](auto& array, auto value) {
    array.reserve(most);
    array.assign(values, value);
  };
  fill(axis.tokens[stream_inputs], 0);
  fill(axis.tokens[stream_targets], -1);
  fill(axis.resets, std::uint8_t{0});
  for (std::int64_t lane = layout_.first_lane; lane < layout_.last_lane; ++lane) {
    read_lane(lane, place.start, window);
  }
}

void StreamReader::read_lane(std::int64_t lane, std::int64_t start, Window& window) {
  WindowAxis& axis = window.axes[0];
  std::vector<std::int32_t>& inputs = axis.tokens[stream_inputs];
  std::vector<std::int32_t>& targets = axis.tokens[stream_targets];
  const std::size_t row = runs_.size();
  std::size_t at = static_cast<std::size_t>(lane - layout_.first_lane);  // [time][lane]
  Run& run = runs_[at];
  if (start == 0) axis.resets[at] = 1;
  const std::int64_t part_end = this->part_end(lane);
  std::int64_t position = std::min(lane * lane_tokens_ + start, part_end);
  const std::int64_t window_end = std::min(position + axis.times, part_end);
  while (position < window_end) {
    const DocumentOrder::Position place = order_.place(position);
    // Within a document the concatenation is contiguous in the source, the last target included:
    // where it lies in the next lane's part, too.
    const std::int64_t steps = std::min(place.rest, window_end - position);
    const std::int64_t count = std::min(place.rest, steps + 1);
    const std::int64_t useful = std::min(place.rest, part_end - position + 1);
    const std::int32_t* in = tokens(run, place.source, count, useful);
    if (place.before == 0) axis.resets[at] = 1;
    for (std::int64_t i = 0; i < steps; ++i, at += row) {
      inputs[at] = in[i];
      if (i + 1 < count) targets[at] = in[i + 1];
    }
    position += steps;
  }
}

const std::int32_t* StreamReader::tokens(Run& run, std::int64_t first, std::int64_t count,
                                         std::int64_t useful) const {
  if (first < run.first || first + count > run.first + run.count) {
    run.count = std::min(useful, static_cast<std::int64_t>(run.tokens.size()));
    run.first = first;
    source_.read(first, std::span(run.tokens).first(static_cast<std::size_t>(run.count)));
  }
  return run.tokens.data() + (first - run.first);
}

void StreamReader::save_cursors(std::int64_t window, NamedState& state) {
  std::vector<std::int64_t> cursors(static_cast<std::size_t>(layout_.lanes));
  for (std::size_t lane = 0; lane < cursors.size(); ++lane) {
    cursors[lane] = cursors_(static_cast<std::int64_t>(lane), window);
  }
  state.put<std::int64_t>("lanes/cursor", cursors, {static_cast<std::uint64_t>(cursors.size())})
      .attributes["meaning"] = "offset of each lane's next token in its epoch's concatenation";
}

}  // namespace rondo
