#include "tasks/figures/backtest_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rondo::tasks {
namespace {

using Slices = std::vector<Slice> Evaluation::*;

std::string rows_of(const Slice& slice) {
  if (slice.first == slice.last) return std::to_string(slice.first);
  return fmt::format("{} - {}", slice.first, slice.last);
}

std::string lines_of(const std::vector<Task::Baseline>& measured, Slices slices,
                     const std::string& head, const std::string& figure) {
  std::string text = fmt::format("\n  {:<16}", head);
  for (const Task::Baseline& each : measured) text += fmt::format("{:>16}", each.in_table);
  text += fmt::format("{:>12}\n", "numbers");
  const std::vector<Slice>& all = measured.front().evaluation.*slices;
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += fmt::format("  {:<16}", rows_of(all[i]));
    for (const Task::Baseline& each : measured) {
      const std::vector<Figure>& own = (each.evaluation.*slices).at(i).figures;
      const auto found = std::ranges::find(own, figure, &Figure::name);
      text +=
          found == own.end() ? fmt::format("{:>16}", "-") : fmt::format("{:>16.6g}", found->value);
    }
    text += fmt::format("{:>12}\n", all[i].targets);
  }
  return text;
}

}  // namespace

std::string backtest_table(const std::vector<Task::Baseline>& measured) {
  const bool absolute = measured.front().evaluation.figures.front().name == "scaled_mae";
  const std::string figure = absolute ? "scaled_mae" : "scaled_mse";
  return fmt::format("\n{} in deviations\n", absolute ? "MAE" : "MSE") +
         lines_of(measured, &Evaluation::folds, "from row", figure) +
         lines_of(measured, &Evaluation::ahead, "rows ahead", figure);
}

}  // namespace rondo::tasks
