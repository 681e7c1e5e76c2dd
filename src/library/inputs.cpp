#include "library/inputs.hpp"

#include <cmath>

#include "rondo/core/errors.hpp"

namespace rondo::library {
namespace {

std::size_t values_a_step(const Column& column) {
  return column.is_real() ? static_cast<std::size_t>(column.width) : 1;
}

std::int32_t symbol_of(const Column& column, double value) {
  const int symbols = column.vocabulary->size();
  if (value >= 0 && value < symbols && value == std::floor(value)) {
    return static_cast<std::int32_t>(value);
  }
  throw_input("{} is no symbol of '{}': it has those from 0 to {}", value, column.name,
              symbols - 1);
}

void check_numbers(const Column& column, std::span<const double> numbers) {
  for (const double number : numbers) {
    if (std::isfinite(number) || (std::isnan(number) && column.masks_missing)) continue;
    throw_input("{} is no value of '{}': {}", number, column.name,
                column.masks_missing ? "it has finite numbers, and NaN where one is missing"
                                     : "it has finite numbers, of which none may be missing");
  }
}

}  // namespace

std::vector<ModelInput> inputs_of(const std::vector<const Column*>& given) {
  std::vector<ModelInput> inputs;
  for (const Column* const column : given) {
    ModelInput& input = inputs.emplace_back();
    input.name = column->name;
    input.width = values_a_step(*column);
    input.may_lack = column->is_real() && column->masks_missing;
    if (column->is_real()) continue;
    for (int i = 0; i < column->vocabulary->size(); ++i) {
      input.symbols.push_back(column->symbol_name(static_cast<std::size_t>(i)));
    }
  }
  return inputs;
}

tasks::GivenStep step_of(const std::vector<const Column*>& given, std::span<const double> values) {
  std::size_t wanted = 0;
  for (const Column* const column : given) wanted += values_a_step(*column);
  if (values.size() != wanted) {
    throw_input("a step of this model has {} value{}, and {} {} given", wanted,
                wanted == 1 ? "" : "s", values.size(), values.size() == 1 ? "is" : "are");
  }
  tasks::GivenStep step;
  for (const Column* const column : given) {
    const std::span<const double> own = values.first(values_a_step(*column));
    values = values.subspan(own.size());
    if (column->is_real()) {
      check_numbers(*column, own);
      step.push_back({.numbers = {own.begin(), own.end()}});
    } else {
      step.push_back({.symbol = symbol_of(*column, own.front())});
    }
  }
  return step;
}

}  // namespace rondo::library
