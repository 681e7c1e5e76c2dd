// The curves of a comparison as a picture.
#pragma once

#include <string>

#include "apps/compare/summary.hpp"

namespace rondo::apps::compare {

// What the picture shows across.
struct Across {
  std::string name;   // for the option: "steps"
  std::string title;  // under the axis
  double CurvePoint::*member;
  double unit;  // the member's value of 1 on the axis
};

// steps, tokens (of training, millions), hours (of training).
const std::vector<Across>& across_table();

// An SVG: validation losses as lines with dots, training losses
// pale behind them, one colour a run, a legend with best figures and differing keys below. The
// steep beginning may leave the picture at its top.
std::string draw(const Summary& summary, const Across& across);

}  // namespace rondo::apps::compare
