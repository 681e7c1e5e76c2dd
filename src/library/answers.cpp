#include "library/answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tasks/answers/class_answers.hpp"
#include "tasks/answers/number_answers.hpp"

namespace rondo::library {
namespace {

// Of a text what it reads is what it says.
const Column& target_of(const Task& task, const Columns& columns) {
  if (task.continues_texts()) return columns.front();
  return *std::ranges::find(columns, ColumnRole::target, &Column::role);
}

// What a number's parts are called.
std::vector<std::string> part_names(const kernels::NumberLoss& loss, const std::string& number) {
  if (loss.kind == kernels::NumberLossKind::gaussian) return {number, number + " deviation"};
  if (loss.kind != kernels::NumberLossKind::quantile) return {number};
  std::vector<std::string> names;
  for (const double quantile : loss.quantiles) {
    names.push_back(fmt::format("{} {}", number, quantile));
  }
  return names;
}

}  // namespace

std::string why_not(const Task& task, const Config& config, const Columns& stored,
                    const Columns& columns) {
  if (!task.continues_texts() && !task.sequence_targets(columns)) {
    return fmt::format("it is of the task '{}'", task.name());
  }
  if (config.bidirectional) return "a reversed direction needs all steps of a sequence";
  if (stored.front().is_series) {
    if (!config.carries_state()) return "--state fresh reads all rows of --look-back together";
    if (config.feeds_back()) return "--horizon-from feedback reads what it has said itself";
    if (config.channels == "apart") return "--channels apart reads a series once for each target";
  }
  if (config.pool != "last") {
    return fmt::format("--pool {} is made of all steps of a sequence", config.pool);
  }
  for (const Column& column : columns) {
    if (column.has_letters() && config.letters_hidden > 0) {
      return "it reads the letters of words";
    }
    if (column.features) return fmt::format("it reads files, those of '{}'", column.name);
  }
  return {};
}

StepAnswers::StepAnswers(const Task& task, const Config& config, const Columns& stored,
                         const Columns& columns) {
  const Column& target = target_of(task, stored);
  const auto targets = task.sequence_targets(columns);
  if (targets && targets->numbers > 0) {
    kind_ = Kind::numbers;
    loss_ = config.number_loss();
    name_numbers(target, stored.front().is_series ? static_cast<int>(config.horizon) : 0);
    return;
  }
  if (targets && targets->labels > 0) kind_ = Kind::labels;
  for (int i = 0; i < target.vocabulary->size(); ++i) {
    names_.push_back(target.symbol_name(static_cast<std::size_t>(i)));
  }
}

// `rows_ahead`: of forecasts; 0: of the step that is read.
void StepAnswers::name_numbers(const Column& target, int rows_ahead) {
  for (int ahead = std::min(rows_ahead, 1); ahead <= rows_ahead; ++ahead) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(target.width); ++i) {
      const std::string name = target.number_name(i);
      std::ranges::move(part_names(loss_, ahead == 0 ? name : fmt::format("{} +{}", name, ahead)),
                        std::back_inserter(names_));
      if (rows_ahead == 0) scales_.push_back({target.mean[i], target.deviation[i]});
    }
  }
}

template <class Real>
void StepAnswers::read(std::span<const Real> outputs, std::span<const Scale> scales,
                       std::vector<double>& said) const {
  if (kind_ == Kind::numbers) {
    return read_numbers(std::vector<double>(outputs.begin(), outputs.end()), scales, said);
  }
  said.assign(outputs.size(), 0);
  kind_ == Kind::labels ? tasks::add_label_probabilities(outputs, std::span(said))
                        : tasks::add_class_probabilities(outputs, std::span(said));
}

// As of several models that vote, of which there is one: gaussian's deviation is what is left of
// its mixture.
void StepAnswers::read_numbers(std::span<const double> outputs, std::span<const Scale> scales,
                               std::vector<double>& said) const {
  said.clear();
  std::vector<double> parts, sums;
  const auto width = static_cast<int>(scales.size());
  for (int i = 0; i < width; ++i) {
    tasks::read_number(loss_, outputs, width, i, parts);
    sums.assign(parts.size(), 0);
    tasks::add_vote(loss_, parts, sums);
    tasks::join_votes(loss_, 1, sums, parts);
    const auto [base, unit] = scales[static_cast<std::size_t>(i)];
    tasks::to_units(loss_, base, unit, parts);
    said.insert(said.end(), parts.begin(), parts.end());
  }
}

template void StepAnswers::read(std::span<const float>, std::span<const Scale>,
                                std::vector<double>&) const;
template void StepAnswers::read(std::span<const double>, std::span<const Scale>,
                                std::vector<double>&) const;

}  // namespace rondo::library
