// Numbers of the lines of a metrics.jsonl.
#pragma once

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rondo::apps::compare {

// The field of a line, NaN where there is none or no number.
inline double number_in(const nlohmann::ordered_json& line, const std::string& key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number() ? found->get<double>() : std::nan("");
}

// Seconds that a run took, the pauses between its starts left out, by the reports' own: each start
// of the program counts from 0 again.
class RunClock {
 public:
  // The seconds that passed up to this report since the one before.
  double passed(const nlohmann::ordered_json& line) {
    const double now = number_in(line, "seconds");
    if (!(now >= 0)) return 0;
    const bool goes_on = starts_ > 0 && now >= process_;
    const double passed = goes_on ? now - process_ : now;
    if (!goes_on) ++starts_;
    process_ = now;
    total_ += passed;
    return passed;
  }
  double total() const { return total_; }
  int starts() const { return starts_; }

 private:
  double process_ = 0, total_ = 0;
  int starts_ = 0;
};

// The upper one of two in the middle; 0 of none.
inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace rondo::apps::compare
