// What a careful administrator makes of the facts. Nothing is measured here.
#pragma once

#include <string>
#include <vector>

#include "apps/doctor/facts.hpp"
#include "apps/doctor/folder.hpp"
#include "apps/doctor/links.hpp"

namespace rondo::apps::doctor {

enum class Verdict {
  good,
  warning,  // training works, but slower or with less safety than it could
  bad,      // training would fail, or go wrong
};
const char* name_of(Verdict verdict);

struct Check {
  std::string name;
  Verdict verdict = Verdict::good;
  std::vector<std::string> findings = {};  // sentences, at least one
  std::string advice = {};                 // what to do; empty where all is good

  // Adds what was found. The advice is that of the first of the worst findings.
  void worsen(Verdict by, std::string finding, const std::string& what_to_do);
  // What is good about it, where nothing else was found.
  void otherwise(std::string finding);
};

// All that was found out, as rank 0 has it.
struct Facts {
  std::vector<RankFacts> ranks;
  std::vector<Link> links;
  std::vector<ClockOffset> clocks;
  FolderFacts folder;
};

// Each check of the table, in its order. `facts.ranks` is not empty.
std::vector<Check> judge(const Facts& facts);

Check judge_programs(const std::vector<RankFacts>& ranks);  // version, numerics, MPI library
Check judge_cores(const std::vector<RankFacts>& ranks);     // binding, oversubscription, quotas
Check judge_vectors(const std::vector<RankFacts>& ranks);   // vector instructions
Check judge_memory(const std::vector<RankFacts>& ranks);
Check judge_peaks(const std::vector<RankFacts>& ranks);  // a slow host is named
Check judge_bits(const std::vector<RankFacts>& ranks);   // the small computation's digest
Check judge_data(const std::vector<RankFacts>& ranks);   // --data on every host
Check judge_clocks(const std::vector<ClockOffset>& clocks);
Check judge_links(const std::vector<Link>& links);  // a slow link is named
Check judge_folder(const FolderFacts& folder);

}  // namespace rondo::apps::doctor
