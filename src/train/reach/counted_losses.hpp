// Which losses of a window count, and the window with all other targets masked.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/core/window.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo {

// Where a window's targets are, and how many values a row has of them.
struct TargetColumn {
  bool reals = false;
  int column = 0;
  int width = 1;
  bool per_step = true;  // else one for each sequence

  static TargetColumn of(const Task& task, const Columns& columns);
};

struct CountedLoss {
  std::int32_t lane = 0, t = 0;
  std::int32_t first = 0, last = 0;  // its sequence's steps in the window
  bool cut = false;                  // the sequence began before them
};

// Of a sequence, which of its steps with a target.
enum class LossEnd : std::uint8_t { last, first };

std::vector<CountedLoss> counted_losses(const Window& window, const TargetColumn& targets,
                                        LossEnd end);

// Masks the targets of all rows but the losses', in `window`, whose targets are those of `all`.
void keep_targets(const Window& all, const TargetColumn& targets,
                  const std::vector<CountedLoss>& losses, Window& window);

}  // namespace rondo
