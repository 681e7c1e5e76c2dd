// A run that a report is of, and what is told of it beside its curves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/report/html.hpp"
#include "apps/report/run_metrics.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::apps::report {

struct ReportedRun {
  compare::RunRecord record;
  RunMetrics metrics;
  std::string folder;              // as the user called it
  std::string name;                // of the folder alone, unless another run has the same
  std::optional<ModelFile> model;  // what is measured; none where there is no good checkpoint
};

// Best validation first, as rondo compare has them. Those that cannot be read are left out, with a
// message; InputError if none can.
std::vector<ReportedRun> read_reported_runs(const std::vector<std::string>& folders, bool best);

// A path's last part: where a file lies is no part of a run.
std::string file_name(const std::string& path);
// A key of its configuration as text; empty where it is not known.
std::string setting(const ReportedRun& run, const std::string& key);

// "classify, lstm 2 x 128, 0.35 M parameters, step 4,000 of 4,000".
std::string in_a_line(const ReportedRun& run);
// What it was trained on and how far.
std::string trained_facts(const ReportedRun& run);
// The columns of its data.
std::string columns_table(const ReportedRun& run);
// Where its time went, phase by phase and rank by rank.
std::string time_section(const ReportedRun& run);
// Every key.
std::string configuration_list(const ReportedRun& run);
// The commands that make it again, and what is to come out.
std::string reproduction(const ReportedRun& run);
// The command alone: rondo train with each key that has another value than it has by itself, of
// those that change bits.
std::string training_command(const ReportedRun& run);

}  // namespace rondo::apps::report
