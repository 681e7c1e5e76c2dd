// Numbers that were said over those that were given.
#pragma once

#include <string>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::apps::report {

// A picture for each of the first few numbers of the target, in its units: a dot for each one that
// was given, of many an even choice, and the line on which both are the same. `id` as
// Svg::in_page().
std::string scatters(const Answers& answers, const Column& target, const std::string& id);

}  // namespace rondo::apps::report
