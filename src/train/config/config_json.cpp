#include "train/config/config_json.hpp"

#include <algorithm>

#include "rondo/train/config.hpp"

namespace rondo {

using Json = nlohmann::ordered_json;

Json plain_json(const std::string& text) {
  const Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_number() || parsed.is_boolean() ? parsed : Json(text);
}

Json config_json(const std::string& text) {
  Json configuration = Json::object();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t cut = line.find(" = ");
    if (cut == std::string::npos) continue;
    const std::string name = line.substr(0, cut);
    const std::string value = line.substr(cut + 3);
    const ConfigKey* key = find_config_key(name);
    const bool typed = key != nullptr && (key->value_name == "N" || key->value_name == "X" ||
                                          key->value_name.empty());
    configuration[name] = typed ? plain_json(value) : Json(value);
  }
  return configuration;
}

}  // namespace rondo
