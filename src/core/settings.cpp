#include "rondo/core/settings.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace keys {

std::string parse_choice(const std::string& what, const std::string& text,
                         const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    throw_input("{} takes {}, not {}", what, list_names(known), quoted(text));
  }
  return text;
}

std::string parse_line(const std::string& what, const std::string& text) {
  if (text.find_first_of(std::string("\n\r\0", 3)) != std::string::npos) {
    throw_input("{} takes a name without line breaks", what);
  }
  return text;
}

std::string print_value(std::int64_t value) { return fmt::format("{}", value); }
std::string print_value(std::uint64_t value) { return fmt::format("{}", value); }
std::string print_value(double value) { return fmt::format("{}", value); }
std::string print_value(bool value) { return value ? "true" : "false"; }
std::string print_value(const std::string& value) { return value; }

}  // namespace keys

std::string idle_sentence(const std::vector<IdleName>& names) {
  std::string list;
  for (const IdleName& each : names) {
    list += fmt::format("{}--{} ({})", list.empty() ? "" : ", ", each.name, each.why);
  }
  return list.empty() ? "" : "without effect here: " + list;
}

SettingsGroup<SeedSettings> seed_settings() {
  return {.heading = "length",
          .keys = {
              keys::seed({"seed", KeyKind::fixed, "of weights, dropout and the order of documents"},
                         &SeedSettings::seed)}};
}

}  // namespace rondo
