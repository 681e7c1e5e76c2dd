// What a run's model says of a split of data, as a part of a report.
#pragma once

#include <cstdint>
#include <string>

#include "apps/report/reported_run.hpp"

namespace rondo::apps::report {

struct MeasureQuestion {
  std::string data;   // file
  std::string split;  // empty: test, else validation, whichever is there
  std::int64_t beam = 1;
  std::int64_t most = 20;  // worst samples that are listed
  int threads = 1;
};

// Figures with intervals, each class's, what was taken for what, forecasts over what came, texts
// and what was looked at, worst samples: what the run's task has. `number`: of the run. InputError
// where model, data and split do not belong together. The same on any number of threads.
std::string measured_section(const ReportedRun& run, const MeasureQuestion& question,
                             std::size_t number, int level);

// What can be shown without data: a text that a language model makes up. Empty: nothing.
std::string made_up_section(const ReportedRun& run, std::uint64_t seed, int level);

}  // namespace rondo::apps::report
