// What an opened model reads, as a program gives it.
#pragma once

#include <span>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/rondo.hpp"
#include "tasks/answers/given_steps.hpp"

namespace rondo::library {

// `given`: tasks::given_columns().
std::vector<ModelInput> inputs_of(const std::vector<const Column*>& given);

// A step of values side by side. InputError for another number of them, for what is no symbol, and
// for a number that is missing and must not be.
tasks::GivenStep step_of(const std::vector<const Column*>& given, std::span<const double> values);

}  // namespace rondo::library
