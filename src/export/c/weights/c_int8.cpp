#include "export/c/weights/c_int8.hpp"

#include <algorithm>
#include <cmath>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr int largest_number = 127, scale_bits = 16;
constexpr float largest_weight = 0x1p120F;

bool is_matrix(const Segment& segment) {
  switch (segment.role) {
    case Segment::Role::embedding:
    case Segment::Role::input_weights:
    case Segment::Role::recurrent_weights:
    case Segment::Role::projection:
    case Segment::Role::output_weights:
      return true;
    default:
      return false;
  }
}

}  // namespace

float int8_scale(std::span<const float> row) {
  float largest = 0.0F;
  for (const float weight : row) largest = std::max(largest, std::abs(weight));
  int exponent = 0;
  const double fraction = std::frexp(double{largest} / largest_number, &exponent);
  const double rounded_up = std::ceil(std::ldexp(fraction, scale_bits));
  return static_cast<float>(std::ldexp(rounded_up, exponent - scale_bits));
}

int int8_number(float weight, float scale) {
  if (scale == 0.0F) return 0;  // also of rows so small that no float is their scale
  const double number = std::nearbyint(double{weight} / double{scale});
  return static_cast<int>(std::clamp<double>(number, -largest_number, largest_number));
}

RowScales round_to_int8(SavedModel<float>& saved, const std::string& where) {
  RowScales scales;
  for (const Segment& segment : saved.layout.segments()) {
    if (!is_matrix(segment)) continue;
    std::vector<float>& own = scales[segment.name];
    std::vector<float> weights(static_cast<std::size_t>(segment.columns));
    for (int row = 0; row < segment.rows(); ++row) {
      const auto weight = [&](std::size_t column) -> float& {
        return saved.parameters[segment.offset + segment.index(row, static_cast<int>(column))];
      };
      for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i] = weight(i);
        if (!(std::abs(weights[i]) < largest_weight)) {
          throw_input("{}: {} has a weight of {}, and no int8 number is near it", where,
                      segment.name, weights[i]);
        }
      }
      own.push_back(int8_scale(weights));
      for (std::size_t i = 0; i < weights.size(); ++i) {
        weight(i) = own.back() * static_cast<float>(int8_number(weights[i], own.back()));
      }
    }
  }
  return scales;
}

}  // namespace rondo
