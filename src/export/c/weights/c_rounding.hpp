// What it costs a model that its matrices are rounded to int8.
#pragma once

#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// How far from those of a trained model its rounded weights are, and what it then says of some
// hundred made-up steps: "weights of up to 0.9 are off by at most 0.004".
struct CRounding {
  std::string weights, outputs;
};
// The kernels are chosen and proven.
CRounding c_rounding(const CModel& trained, const CModel& rounded);

// Of all parameters, as a file has them.
std::size_t c_weight_bytes(const CModel& model);

}  // namespace rondo
