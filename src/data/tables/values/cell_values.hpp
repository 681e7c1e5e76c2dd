// What a cell says: a number, a class, a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/tables/importers/record_reader.hpp"

namespace rondo {

// Without the blanks around it.
std::string_view without_blanks(std::string_view text);

// The finite number that a text is, blanks around it and a sign left aside; nothing if it is none.
std::optional<double> number_in(std::string_view text);

// Whether it stands for a number that is missing: nothing, NA, N/A or NaN, blanks and case aside.
bool is_missing_number(std::string_view text);

// A cell as the name of a class or group: text without blanks around it, or a number as it is
// written; empty if it is missing. Numbers are printed into `storage`.
std::string_view name_in(const Cell& cell, std::string& storage);

// Whether time a is before b: as numbers if both are, else bytewise, as ISO 8601 wants it.
bool is_before(const std::string& a, const std::string& b, bool as_numbers);

}  // namespace rondo
