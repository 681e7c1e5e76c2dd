// What a core's multiply-add units do at most, as a line of JSON: operations a second, the best of
// some tens of measurements, and the vector instructions that rondo chooses here.
#include "rondo/kernels/targets/peak.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rondo/kernels/targets/target.hpp"

int main() {
  rondo::kernels::select_target("auto");
  constexpr int measurements = 30;
  double best = 0;
  for (int i = 0; i < measurements; ++i) best = std::max(best, rondo::kernels::fma_peak());
  fmt::print("{{\"vector\": \"{}\", \"operations_per_second\": {:.6g}}}\n",
             rondo::kernels::selected_target(), best);
  return 0;
}
