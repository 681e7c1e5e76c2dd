// Matrices of a model as int8 numbers, each row with a scale of its own: weight = scale * number.
//
// Numbers go from -127 to 127. A scale is the largest magnitude of its row over 127, rounded up to
// 16 bits: with 7 of a number the product has no more than the 24 of a float, so that it is exact,
// and what a weight becomes is the same float wherever it is multiplied out. (Powers of two would
// be exact, too, and round up to twice as much.)
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "rondo/train/saved_model.hpp"

namespace rondo {

// Of a row of finite weights; 0 of one of zeros.
float int8_scale(std::span<const float> row);

// What the scale is multiplied by for the nearest that there is to a weight.
int int8_number(float weight, float scale);

// By a parameter's full name the scales of its rows.
using RowScales = std::map<std::string, std::vector<float>>;

// Puts the nearest that there is in place of each weight of tables, of the layers' matrices and of
// the output's; biases, peepholes, gains and initial states stay. InputError if one of them is no
// number to be near to. `where` names the model.
RowScales round_to_int8(SavedModel<float>& saved, const std::string& where);

}  // namespace rondo
