// How far back gradients reach, as a part of a report.
#pragma once

#include <string>

#include "apps/looking/reach.hpp"

namespace rondo::apps::report {

// A picture of what arrives at each layer so many steps before a loss, and what it means for the
// run's window. Empty where nothing comes before a loss: of single steps, say. `id` as
// Svg::in_page().
std::string reach_section(const NamedState& state, const std::string& where,
                          const ReachQuestion& question, const std::string& id);

}  // namespace rondo::apps::report
