// How often work of many equal parts looks up to see what it is asked.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rondo {

// Counts parts so that about `seconds` go by between two looks: the first comes after one part.
// One rank's clock decides for all: each look tells the others when the next one is.
class Pace {
 public:
  Pace(double seconds, double now) : seconds_(seconds), looked_(now) {}

  // At a look: after how many parts the next one comes, at least one.
  std::int64_t next(double now) {
    const double took = now - looked_;
    looked_ = now;
    const std::int64_t most = 4 * parts_;  // a clock may err, and a part be quick by chance
    const double fitting = took > 0 ? static_cast<double>(parts_) * seconds_ / took : 1e18;
    parts_ = fitting >= static_cast<double>(most)
                 ? most
                 : std::max(std::int64_t{1}, std::int64_t(fitting));
    return parts_;
  }

 private:
  double seconds_;
  double looked_;
  std::int64_t parts_ = 1;  // since the look before
};

}  // namespace rondo
