// A model of two layers, each of more than a panel.
#pragma once

#include <string>

#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"

namespace rondo::test {

inline ModelShape small_shape(const std::string& cell = "lstm") {
  ModelShape shape;
  shape.cell = cell;
  shape.layers = 2;
  shape.hidden = 70;
  shape.projection = usual_projection(cell, shape.hidden);
  shape.embedding = 9;
  shape.vocabulary = 11;
  return shape;
}

}  // namespace rondo::test
