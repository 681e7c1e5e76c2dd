#include "train/samples/relaid_window.hpp"

#include <algorithm>
#include <limits>

namespace rondo {
namespace {

// Steps of a lane that become the first ones of lane `to`.
struct Move {
  std::int32_t lane, first, length, to;
};

template <class Value>
std::vector<Value> moved(const std::vector<Value>& from, const WindowAxis& axis, int all_lanes,
                         std::span<const Move> moves, int times, Value empty) {
  const std::size_t rows =
      static_cast<std::size_t>(axis.times) * static_cast<std::size_t>(all_lanes);
  const std::size_t width = rows == 0 ? 0 : from.size() / rows;
  const std::size_t lanes = moves.size();
  std::vector<Value> to(static_cast<std::size_t>(times) * lanes * width, empty);
  for (const Move& move : moves) {
    for (std::int32_t t = 0; t < move.length; ++t) {
      const std::size_t source =
          static_cast<std::size_t>(move.first + t) * static_cast<std::size_t>(all_lanes) +
          static_cast<std::size_t>(move.lane);
      const std::size_t target =
          static_cast<std::size_t>(t) * lanes + static_cast<std::size_t>(move.to);
      std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(source * width), width,
                  to.begin() + static_cast<std::ptrdiff_t>(target * width));
    }
  }
  return to;
}

// Which of an axis's columns of tokens, or of numbers, are targets: masked where nothing stands.
std::vector<bool> targets_of(const Window& window, std::size_t axis, const Columns& columns,
                             bool reals) {
  if (window.axes[axis].owners.empty() || (axis == 1 && second_among(columns) >= 0)) {
    // A stream's inputs and targets; letters; or what stands before each symbol, and the symbols.
    return {false, true};
  }
  std::vector<bool> are_targets;
  for (const Column& column : columns) {
    if (column.axis() == 0 && column.is_real() == reals) are_targets.push_back(column.is_target());
  }
  return are_targets;
}

WindowAxis moved_axis(const Window& all, std::size_t number, std::span<const Move> moves,
                      const Columns& columns) {
  const WindowAxis& from = all.axes[number];
  WindowAxis axis;
  for (const Move& move : moves) axis.times = std::max(axis.times, int{move.length});
  const auto move_all = [&](const auto& values, auto empty) {
    return moved(values, from, all.lanes, moves, axis.times, empty);
  };
  axis.resets = move_all(from.resets, std::uint8_t{1});
  if (!from.owners.empty()) axis.owners = move_all(from.owners, Owner{});
  const std::vector<bool> token_targets = targets_of(all, number, columns, false);
  for (std::size_t i = 0; i < from.tokens.size(); ++i) {
    axis.tokens.push_back(move_all(from.tokens[i], std::int32_t{token_targets[i] ? -1 : 0}));
  }
  const std::vector<bool> real_targets = targets_of(all, number, columns, true);
  for (std::size_t i = 0; i < from.reals.size(); ++i) {
    axis.reals.push_back(
        move_all(from.reals[i], real_targets[i] ? std::numeric_limits<float>::quiet_NaN() : 0.0F));
  }
  if (from.begins.empty()) return axis;
  axis.begins.push_back(0);
  for (const Move& move : moves) {
    for (Span span : from.spans) {
      if (span.lane != move.lane || span.first < move.first ||
          span.first >= move.first + move.length) {
        continue;
      }
      span.lane = move.to;
      span.first -= move.first;
      axis.spans.push_back(span);
    }
    axis.begins.push_back(static_cast<std::int32_t>(axis.spans.size()));
  }
  return axis;
}

}  // namespace

std::vector<LanePiece> pieces_of(const Window& window) {
  std::vector<LanePiece> pieces;
  const WindowAxis& axis = window.axes[0];
  if (axis.begins.empty()) {
    for (std::int32_t lane = 0; lane < window.lanes; ++lane) {
      Span whole;
      whole.sequence = -1;
      whole.lane = lane;
      whole.length = axis.times;
      pieces.push_back({whole, 0, 0});
    }
    return pieces;
  }
  for (const Span& span : axis.spans) {
    LanePiece piece{span, 0, 0};
    if (window.axes.size() > 1) {
      bool begun = false;
      for (const Span& second : window.axes[1].spans) {
        if (second.lane != span.lane || second.sequence != span.sequence) continue;
        if (!begun) piece.second_first = second.first;
        begun = true;
        piece.second_length = second.first + second.length - piece.second_first;
      }
    }
    pieces.push_back(piece);
  }
  return pieces;
}

Window relaid(const Window& all, std::span<const LanePiece> pieces, const Columns& columns,
              const Thinning& thinning) {
  std::vector<Move> first, second;
  Window window;
  window.index = all.index;
  window.epoch = all.epoch;
  window.lanes = static_cast<int>(pieces.size());
  window.covered = all.covered < 0 ? -1 : 0;
  for (std::int32_t to = 0; const LanePiece& piece : pieces) {
    first.push_back({piece.span.lane, piece.span.first, piece.span.length, to});
    second.push_back({piece.span.lane, piece.second_first, piece.second_length, to});
    if (all.covered >= 0) window.covered += piece.span.length;
    ++to;
  }
  window.axes.clear();
  window.axes.push_back(moved_axis(all, 0, first, columns));
  if (all.axes.size() > 1) {
    window.axes.push_back(moved_axis(all, 1, second, columns));
    // A word's letters belong to a step of the first axis.
    WindowAxis& axis = window.axes[1];
    for (Span& span : axis.spans) {
      if (span.parent >= 0) span.parent -= pieces[static_cast<std::size_t>(span.lane)].span.first;
    }
  }
  add_thinned_axes(thinning, window);
  return window;
}

}  // namespace rondo
