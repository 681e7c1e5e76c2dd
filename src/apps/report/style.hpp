// What a report looks like: light and dark, on a phone, a wide screen and paper.
#pragma once

#include <cstddef>
#include <string>

namespace rondo::apps::report {

// The page's style sheet.
const char* style();

// The colour of curve number `curve`, as a value of a style, light or dark as the page is.
std::string curve_colour(std::size_t curve);
// An attribute that dashes the curves whose colour another has already; empty for the first ones.
std::string curve_dashes(std::size_t curve);

}  // namespace rondo::apps::report
