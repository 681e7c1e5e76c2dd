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
  if (!task.continues_texts() && (!task.sequence_targets(columns) || stored.front().is_series)) {
    return fmt::format("it is of the task '{}'", task.name());
  }
  if (config.bidirectional) return "a reversed direction needs all steps of a sequence";
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

StepAnswers::StepAnswers(const Task& task, const Config& config, const Columns& columns)
    : target_(target_of(task, columns)) {
  const auto targets = task.sequence_targets(columns);
  if (targets && targets->numbers > 0) {
    kind_ = Kind::numbers;
    loss_ = config.number_loss();
    for (int i = 0; i < target_.width; ++i) {
      std::ranges::move(part_names(loss_, target_.number_name(static_cast<std::size_t>(i))),
                        std::back_inserter(names_));
    }
    return;
  }
  if (targets && targets->labels > 0) kind_ = Kind::labels;
  for (int i = 0; i < target_.vocabulary->size(); ++i) {
    names_.push_back(target_.symbol_name(static_cast<std::size_t>(i)));
  }
}

template <class Real>
void StepAnswers::read(std::span<const Real> outputs, std::vector<double>& said) const {
  if (kind_ == Kind::numbers) {
    return read_numbers(std::vector<double>(outputs.begin(), outputs.end()), said);
  }
  said.assign(outputs.size(), 0);
  kind_ == Kind::labels ? tasks::add_label_probabilities(outputs, said)
                        : tasks::add_class_probabilities(outputs, said);
}

// As of several models that vote, of which there is one: gaussian's deviation is what is left of
// its mixture.
void StepAnswers::read_numbers(std::span<const double> outputs, std::vector<double>& said) const {
  said.clear();
  std::vector<double> parts, sums;
  for (int i = 0; i < target_.width; ++i) {
    tasks::read_number(loss_, outputs, target_.width, i, parts);
    sums.assign(parts.size(), 0);
    tasks::add_vote(loss_, parts, sums);
    tasks::join_votes(loss_, 1, sums, parts);
    tasks::to_units(loss_, target_, i, parts);
    said.insert(said.end(), parts.begin(), parts.end());
  }
}

template void StepAnswers::read(std::span<const float>, std::vector<double>&) const;
template void StepAnswers::read(std::span<const double>, std::vector<double>&) const;

}  // namespace rondo::library
