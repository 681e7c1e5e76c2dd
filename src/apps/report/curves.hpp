// The curves of one run or of several, one picture a figure.
#pragma once

#include <string>
#include <vector>

#include "apps/report/reported_run.hpp"

namespace rondo::apps::report {

// Losses and the other figures of validations are seen; rate, gradient norm, speed on demand.
std::string curves_section(const std::vector<ReportedRun>& runs);

}  // namespace rondo::apps::report
