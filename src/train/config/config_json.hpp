// A configuration as JSON, for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace rondo {

// A number or a flag as such, all else as text.
nlohmann::ordered_json plain_json(const std::string& text);

// Of a configuration's text form (train/config.hpp), in its order. Typed by the table of keys; keys
// of other versions of rondo stay text.
nlohmann::ordered_json config_json(const std::string& text);

}  // namespace rondo
