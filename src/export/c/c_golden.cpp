#include "export/c/c_golden.hpp"

#include <algorithm>
#include <limits>

#include "rondo/core/thread_pool.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

constexpr int most_steps = 24, most_values = 4096;  // of a file's golden outputs

// Whole numbers below a limit, one after another (a linear congruential generator).
class Draws {
 public:
  int below(int limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(limit));
  }

 private:
  std::uint64_t state_ = 1;
};

// Within two deviations of the mean; one in eight is missing, where one may be.
CValue drawn_numbers(const Column& column, Draws& draws) {
  CValue value;
  for (std::size_t i = 0; i < static_cast<std::size_t>(column.width); ++i) {
    const double off = (draws.below(257) - 128) / 64.0;
    const bool missing = draws.below(8) == 0 && column.masks_missing;
    value.numbers.push_back(missing ? std::numeric_limits<double>::quiet_NaN()
                                    : column.mean[i] + off * column.deviation[i]);
  }
  return value;
}

std::vector<CValue> drawn_step(const CModel& model, Draws& draws) {
  std::vector<CValue> step;
  for (const CInput& input : model.inputs) {
    if (input.column->is_real()) {
      step.push_back(drawn_numbers(*input.column, draws));
    } else {
      step.push_back({draws.below(input.table.rows), {}});
    }
  }
  return step;
}

void append(const Column& column, const CValue& value, int at, WindowAxis& axis) {
  if (!column.is_real()) {
    axis.tokens[static_cast<std::size_t>(at)].push_back(value.symbol);
    return;
  }
  std::vector<float>& reals = axis.reals[static_cast<std::size_t>(at)];
  const std::size_t before = reals.size();
  reals.resize(before + static_cast<std::size_t>(column.inputs()));
  Standardizer(column).apply(value.numbers, reals.data() + before);
}

// A window of one lane with a whole sequence in it, or, of a text, a stream. All targets are
// masked.
Window window_of(const CModel& model, const std::vector<std::vector<CValue>>& steps) {
  const auto times = static_cast<int>(steps.size());
  Window window = make_window(times, 1, std::vector<std::uint8_t>(steps.size(), 0));
  WindowAxis& axis = window.axes[0];
  axis.resets.front() = 1;
  if (model.saved->task.continues_texts()) {
    axis.tokens.resize(2, {});
    axis.tokens[1].assign(steps.size(), -1);
    for (const auto& step : steps) axis.tokens[0].push_back(step.front().symbol);
    return window;
  }
  axis.spans = {Span{.length = times}};
  axis.begins = {0, 1};
  for (int t = 0; t < times; ++t) axis.owners.push_back({0, t});
  const Columns& columns = model.saved->columns;
  std::size_t input = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (column.has_letters()) continue;
    const int at = column.is_real() ? real_column(columns, i) : token_column(columns, i);
    if (column.is_real()) {
      axis.reals.resize(std::max(axis.reals.size(), static_cast<std::size_t>(at) + 1));
    } else {
      axis.tokens.resize(std::max(axis.tokens.size(), static_cast<std::size_t>(at) + 1));
    }
    if (!column.is_target()) {
      for (const auto& step : steps) append(column, step[input], at, axis);
      ++input;
    } else if (column.is_real()) {
      axis.reals[static_cast<std::size_t>(at)].assign(
          steps.size() * static_cast<std::size_t>(column.width),
          std::numeric_limits<float>::quiet_NaN());
    } else {
      axis.tokens[static_cast<std::size_t>(at)].assign(
          steps.size() * static_cast<std::size_t>(column.stored_width()), -1);
    }
  }
  return window;
}

}  // namespace

CGolden c_golden(const CModel& model) {
  CGolden golden;
  Draws draws;
  const int times = std::clamp(most_values / model.outputs(), 2, most_steps);
  for (int t = 0; t < times; ++t) golden.steps.push_back(drawn_step(model, draws));
  const Window window = window_of(model, golden.steps);
  const SavedModel<float>& saved = *model.saved;
  Network<float> network(saved.plan, saved.layout, saved.parameters.data(),
                         PassShape{.lanes = 1, .times = times, .training = false});
  ThreadPool alone(1);
  network.pack(alone);
  network.forward(WindowView(window, 0), alone);
  for (int t = model.says_steps() ? 0 : times - 1; t < times; ++t) {
    golden.outputs.emplace_back(static_cast<std::size_t>(model.outputs()));
    network.outputs(t, 0, golden.outputs.back());
  }
  return golden;
}

}  // namespace rondo
