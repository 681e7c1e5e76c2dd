// The table of a comparison: best figures and speed of each run, where their configurations differ,
// and the spread over seeds and folds.
#pragma once

#include <string>
#include <vector>

#include "apps/compare/run_record.hpp"

namespace rondo::apps::compare {

// A configuration key that is not the same in all runs whose configuration is known, with its value
// in each run ("-": not there, or not known).
struct Difference {
  std::string key;
  std::vector<std::string> values;
};

// Runs that differ in nothing but their seed and the fold that they hold out.
struct SeedGroup {
  std::vector<std::size_t> runs;
  // Of the best validation losses; the deviation is a sample's (n - 1).
  double mean = 0, median = 0, deviation = 0;
};

struct Summary {
  std::vector<RunRecord>
      runs;  // best validation first; runs without one behind, as they were given
  std::vector<Difference> differences;
  std::vector<SeedGroup> seeds;  // of at least two runs that have validated
};

// Whether one's best validation is better than the other's, or the other has none.
bool is_better(const RunRecord& one, const RunRecord& other);

// Files, machine, rhythm, limits of one start and faults on purpose change no curve and are no
// differences; the data set's fingerprint is one, under "data".
Summary summarize(std::vector<RunRecord> runs);

// What a person reads.
std::string to_text(const Summary& summary);
// Everything, the curves too, for programs.
Json to_json(const Summary& summary);

// The values of a run in the differing keys, "rate 0.004, cell gru"; empty where nothing differs.
std::string differences_of(const Summary& summary, std::size_t run);

}  // namespace rondo::apps::compare
