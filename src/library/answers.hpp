// What an opened model says, in the units of who asks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "rondo/train/saved_model.hpp"

namespace rondo::library {

// Why a model does not answer step by step, as a part of a sentence; empty: it does.
std::string why_not(const Task& task, const Config& config, const Columns& stored,
                    const Columns& columns);

// Of a model that does.
class StepAnswers {
 public:
  StepAnswers(const Task& task, const Config& config, const Columns& columns);

  const std::vector<std::string>& names() const { return names_; }
  // What the outputs of its head mean, in the order of names(): as `rondo predict` has it.
  template <class Real>
  void read(std::span<const Real> outputs, std::vector<double>& said) const;

 private:
  enum class Kind : std::uint8_t { classes, labels, numbers };

  void read_numbers(std::span<const double> outputs, std::vector<double>& said) const;

  Kind kind_ = Kind::classes;
  Column target_;
  kernels::NumberLoss loss_;  // of numbers
  std::vector<std::string> names_;
};

}  // namespace rondo::library
