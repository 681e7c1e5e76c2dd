// What `rondo bench` prints: a table for people, line by line as it is measured, or one JSON object
// for programs, with the machine's limits measured in the same process.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/bench/measure.hpp"

namespace rondo::apps::bench {

using Json = nlohmann::ordered_json;

// Figures carry their unit in the key, texts have width < 0 and stand to the left.
struct Column {
  std::string key;      // in a row's JSON object
  std::string heading;  // in the table
  int width = 0;
  int decimals = 0;
  double scale = 1;  // the table shows value * scale
};

// Three columns for a Spread: <key>_median under the heading, <key>_least, <key>_most.
void add_spread(std::vector<Column>& columns, const std::string& key, const std::string& heading,
                int width, int decimals, double scale = 1);
void add_spread(std::vector<Json>& row, const Spread& spread);

// One part's results. Prints nothing but to standard output.
class Report {
 public:
  // Measures the FMA peak and the read bandwidths, on this thread. `facts` is an object of what
  // holds for all rows ("window", "runs"), in the units that its keys name.
  Report(const std::string& part, bool json, std::vector<Column> columns, Json facts);
  // One value a column; null where a figure has no meaning.
  void add(const std::vector<Json>& row);
  // Measures the limits again, so that it shows whether the machine has changed meanwhile, and
  // prints what is left to print.
  void finish();

 private:
  struct Limits {
    double peak = 0;                // FLOP/s
    std::vector<double> bandwidth;  // bytes/s, one for each of the sizes in report.cpp
  };
  static Limits measure_limits();
  static std::string in_words(const Limits& limits);

  bool json_;
  std::vector<Column> columns_;
  Json object_;
  Limits before_;
};

}  // namespace rondo::apps::bench
