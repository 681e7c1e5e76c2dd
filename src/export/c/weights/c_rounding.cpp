#include "export/c/weights/c_rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "export/c/proof/c_golden.hpp"

namespace rondo {
namespace {

constexpr int times = 32;  // of a sequence

// Of answers for whole sequences there are fewer, so that there are more sequences.
int sequences_for(const CModel& model) { return model.says_steps() ? 12 : 48; }

struct Difference {
  float most = 0.0F, largest = 0.0F;

  void add(float trained, float rounded) {
    most = std::max(most, std::abs(trained - rounded));
    largest = std::max(largest, std::abs(trained));
  }
};

Difference of_outputs(const CModel& trained, const CModel& rounded) {
  Difference difference;
  for (int seed = 1; seed <= sequences_for(trained); ++seed) {
    const auto number = static_cast<std::uint64_t>(seed);
    const CGolden before = c_said(trained, number, times), after = c_said(rounded, number, times);
    for (std::size_t t = 0; t < before.outputs.size(); ++t) {
      for (std::size_t i = 0; i < before.outputs[t].size(); ++i) {
        difference.add(before.outputs[t][i], after.outputs[t][i]);
      }
    }
  }
  return difference;
}

Difference of_weights(const CModel& trained, const CModel& rounded) {
  Difference difference;
  for (const auto& [name, scales] : rounded.scales) {
    const Matrix before = parameter(*trained.saved, name), after = parameter(*rounded.saved, name);
    for (std::size_t i = 0; i < before.values.size(); ++i) {
      difference.add(before.values[i], after.values[i]);
    }
  }
  return difference;
}

}  // namespace

std::size_t c_weight_bytes(const CModel& model) {
  std::size_t bytes = 0;
  for (const Segment& segment : model.saved->layout.segments()) {
    const auto scales = model.scales.find(segment.name);
    bytes += scales == model.scales.end()
                 ? sizeof(float) * segment.elements()
                 : segment.elements() + sizeof(float) * scales->second.size();
  }
  return bytes;
}

CRounding c_rounding(const CModel& trained, const CModel& rounded) {
  const Difference weights = of_weights(trained, rounded), outputs = of_outputs(trained, rounded);
  return {fmt::format("weights of up to {:.3g} are off by at most {:.2g}", weights.largest,
                      weights.most),
          fmt::format("outputs of up to {:.3g} by at most {:.2g} in {} made-up steps",
                      outputs.largest, outputs.most, times * sequences_for(trained))};
}

}  // namespace rondo
