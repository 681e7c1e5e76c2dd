// What an opened model says, in the units of who asks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "rondo/data/forecasts.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::library {

// Why a model does not answer step by step, as a part of a sentence; empty: it does. `stored` and
// `columns` as in a SavedModel.
std::string why_not(const Task& task, const Config& config, const Columns& stored,
                    const Columns& columns);

// Of a model that does.
class StepAnswers {
 public:
  // What numbers are relative to: of forecasts another one at each step.
  using Scale = ForecastSequences::Scale;

  StepAnswers(const Task& task, const Config& config, const Columns& stored,
              const Columns& columns);

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<Scale>& scales() const {
    return scales_;
  }  // of numbers, where it is always one
  // What the outputs of its head mean, in the order of names(): as `rondo predict` has it.
  template <class Real>
  void read(std::span<const Real> outputs, std::span<const Scale> scales,
            std::vector<double>& said) const;

 private:
  enum class Kind : std::uint8_t { classes, labels, numbers };

  void name_numbers(const Column& target, int rows_ahead);
  void read_numbers(std::span<const double> outputs, std::span<const Scale> scales,
                    std::vector<double>& said) const;

  Kind kind_ = Kind::classes;
  kernels::NumberLoss loss_;  // of numbers
  std::vector<std::string> names_;
  std::vector<Scale> scales_;
};

}  // namespace rondo::library
