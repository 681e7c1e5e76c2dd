// C's way of writing names, numbers and texts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// A name in C from any text: letters, digits and underscores, no keyword, nothing empty.
std::string c_identifier(std::string_view text);

// A string literal of any bytes; what is no printable ASCII as octal escapes.
std::string c_string(std::string_view text);

// Hexadecimal floating constants, exact.
std::string c_number(float value);
std::string c_number(double value);

// "static const float NAME[rows * columns] = {...};", some to a line.
std::string c_array(const std::string& name, std::span<const float> values);

// "static const int8_t NAME[...] = {...};", of whole numbers.
std::string c_int8_array(const std::string& name, std::span<const float> numbers);

// [rows][columns] as [columns][rows].
std::vector<float> transposed(std::span<const float> values, int rows, int columns);

// For a comment: no end of it, and one line.
std::string c_comment(std::string text);

}  // namespace rondo
