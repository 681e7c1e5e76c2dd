// Training steps of one LSTM layer, by rondo and by oneDNN's LSTM primitive in turns, on one
// thread: T = 64, input as wide as the layer, useful operations alone (6 a weight, time and lane).
//
//   ninja peers_onednn && taskset -c 0 ./peers_onednn [--json] [HIDDEN | HIDDENxLANES]...
//
// Ratios are of rondo's time and oneDNN's in the same turn; shares are of the larger of the peaks
// measured just before and just after. RONDO_VECTOR=avx2 chooses rondo's vector instructions, and
// ONEDNN_MAX_CPU_ISA=AVX2 oneDNN's.
#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "apps/bench/layers.hpp"
#include "onednn_layer.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace {

using rondo::apps::bench::Layers;
using rondo::apps::bench::spread_of;
using rondo::apps::bench::window_times;
using rondo::kernels::fma_peak;

constexpr int turns = 9;

template <class Work>
double seconds_of(Work&& work) {
  const double start = rondo::kernels::thread_seconds();
  work();
  return rondo::kernels::thread_seconds() - start;
}

nlohmann::ordered_json compare(int hidden, int lanes) {
  Layers rondo_layer({"lstm", 1, hidden, lanes});
  rondo::bench::OneDnnLstm onednn_layer(hidden, lanes, window_times);
  const double operations = rondo_layer.operations();
  std::vector<double> rondo_shares, onednn_shares, ratios, peaks;
  for (int turn = -1; turn < turns; ++turn) {  // the first warms up
    const double before = fma_peak();
    const double onednn = seconds_of([&] { onednn_layer.step(); });
    const double between = fma_peak();
    const double rondo = seconds_of([&] { rondo_layer.window(); });
    const double after = fma_peak();
    if (turn < 0) continue;
    onednn_shares.push_back(operations / onednn / std::max(before, between));
    rondo_shares.push_back(operations / rondo / std::max(between, after));
    ratios.push_back(onednn / rondo);
    peaks.push_back(std::max({before, between, after}));
  }
  const auto ratio = spread_of(ratios);
  return {{"hidden", hidden},
          {"lanes", lanes},
          {"rondo_share", spread_of(rondo_shares).median},
          {"onednn_share", spread_of(onednn_shares).median},
          {"ratio", ratio.median},
          {"ratio_least", ratio.least},
          {"ratio_most", ratio.most},
          {"peak", spread_of(peaks).median}};
}

void print_row(const nlohmann::ordered_json& row) {
  fmt::print("{:>6}{:>7}{:>9.1f} %{:>9.1f} %{:>8.2f}   {:.2f} .. {:.2f}{:>13.1f}\n",
             row["hidden"].get<int>(), row["lanes"].get<int>(),
             100 * row["rondo_share"].get<double>(), 100 * row["onednn_share"].get<double>(),
             row["ratio"].get<double>(), row["ratio_least"].get<double>(),
             row["ratio_most"].get<double>(), 1e-9 * row["peak"].get<double>());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const char* vector = std::getenv("RONDO_VECTOR");
  rondo::kernels::select_target(vector == nullptr ? "auto" : vector);
  rondo::kernels::set_float_mode();
  omp_set_num_threads(1);
  bool json = false;
  std::vector<std::pair<int, int>> shapes;
  const auto add_all_lanes = [&](int hidden) {
    for (const int lanes : {16, 32, 64}) shapes.emplace_back(hidden, lanes);
  };
  for (int i = 1; i < argc; ++i) {
    int hidden = 0, lanes = 0;
    const int numbers = std::sscanf(argv[i], "%dx%d", &hidden, &lanes);
    if (std::string(argv[i]) == "--json") {
      json = true;
    } else if (numbers < 1 || hidden < 1 || (numbers == 2 && (lanes < 1 || lanes % 16 != 0))) {
      fmt::print(stderr, "{} is no shape, as 512 or 512x32 (units x lanes, a multiple of 16) is\n",
                 argv[i]);
      return 2;
    } else if (numbers == 2) {
      shapes.emplace_back(hidden, lanes);
    } else {
      add_all_lanes(hidden);
    }
  }
  if (shapes.empty()) {
    for (const int hidden : {128, 256, 512, 1024}) add_all_lanes(hidden);
  }
  const dnnl_version_t* version = dnnl_version();
  nlohmann::ordered_json result = {
      {"vector", rondo::kernels::selected_target()},
      {"onednn", fmt::format("{}.{}.{}", version->major, version->minor, version->patch)},
      {"turns", turns},
      {"rows", nlohmann::ordered_json::array()}};
  if (!json) {
    fmt::print("{}, oneDNN {}, T = {}, {} turns\n{:>6}{:>7}{:>11}{:>11}{:>8}   {:<12}{:>14}\n",
               result["vector"].get<std::string>(), result["onednn"].get<std::string>(),
               window_times, turns, "H", "lanes", "rondo", "oneDNN", "ratio", "least .. most",
               "peak GFLOP/s");
  }
  for (const auto& [hidden, lanes] : shapes) {
    result["rows"].push_back(compare(hidden, lanes));
    if (!json) print_row(result["rows"].back());
  }
  if (json) fmt::print("{}\n", result.dump(1));
  return 0;
}
