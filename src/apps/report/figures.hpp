// Figures of held-out data.
#pragma once

#include <string>
#include <vector>

#include "apps/compare/summary.hpp"
#include "apps/report/reported_run.hpp"

namespace rondo::apps::report {

// "97.2 to 99.4 %", the 95 % interval of a figure that is a share of so many targets, each right or
// not; else nothing.
std::string interval_text(const std::string& name, double value, double targets);

// The figures that are looked for first.
std::string first_figures(const ReportedRun& run);
// What validations in training said: at the one of least loss, and the last one.
std::string validation_table(const ReportedRun& run);
// Runs side by side: figures, where their configurations differ, seeds.
std::string comparison(const std::vector<ReportedRun>& runs, const compare::Summary& summary);

}  // namespace rondo::apps::report
