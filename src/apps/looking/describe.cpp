#include "apps/looking/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/looking/spectra.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/tasks/task.hpp"
#include "train/config/config_json.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

const std::string& text_of(const NamedState& state, const std::string& name) {
  static const std::string nothing;
  const auto found = state.texts.find(name);
  return found == state.texts.end() ? nothing : found->second;
}

// An object, or an empty one where the text holds none. What nests more deeply than any description
// of rondo's is left out: it would be printed by recursion.
Json object_json(const std::string& text) {
  const Json::parser_callback_t shallow = [](int depth, Json::parse_event_t, Json&) {
    return depth < 16;
  };
  const Json parsed = Json::parse(text, shallow, false);
  return parsed.is_object() ? parsed : Json::object();
}

Json arrays_json(const NamedState& state) {
  Json arrays = Json::array();
  for (const auto& [name, array] : state.arrays()) {
    arrays.push_back({{"name", name}, {"type", name_of(array.type)}, {"shape", array.shape}});
  }
  return arrays;
}

Json spectra_json(const NamedState& state) {
  Json list = Json::array();
  for (const Spectrum& spectrum : recurrent_spectra(state)) {
    list.push_back({{"matrix", spectrum.matrix},
                    {"gate", spectrum.gate},
                    {"spectral_radius", spectrum.spectral_radius},
                    {"largest_singular_value", spectrum.largest},
                    {"smallest_singular_value", spectrum.smallest}});
  }
  return list;
}

std::string dataset_text(const Json& description) {
  std::string text = fmt::format("{}: data set\n", description["file"].get<std::string>());
  const Json& told = description["description"];
  for (const char* key : {"task", "level"}) {
    if (!told.contains(key) || !told[key].is_string()) continue;
    text += fmt::format("{:<18}{}\n", key, told[key].get<std::string>());
  }
  text += find_task(description["task"].get<std::string>()).describe_text(description);
  return text;
}

std::string checkpoint_text(const Json& description) {
  std::string text = fmt::format("{}: checkpoint\n", description["file"].get<std::string>());
  for (const char* key : {"step", "update", "window", "finished", "numerics", "parameters",
                          "parameter_digest", "state_digest", "data_fingerprint"}) {
    const Json& value = description[key];
    text +=
        fmt::format("{:<18}{}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  text += "\nconfiguration:\n";
  for (const auto& [name, value] : description["configuration"].items()) {
    text += fmt::format("  {} = {}\n", name,
                        value.is_string() ? value.get<std::string>() : value.dump());
  }
  text += "\narrays:\n";
  for (const Json& array : description["arrays"]) {
    text += fmt::format("  {:<44}{:<9}{}\n", array["name"].get<std::string>(),
                        array["type"].get<std::string>(), array["shape"].dump());
  }
  if (!description.contains("spectra")) return text;
  std::size_t width = 22;
  for (const Json& spectrum : description["spectra"]) {
    width = std::max(width, spectrum["matrix"].get<std::string>().size() + 2);
  }
  text += fmt::format("\n{:<{}}{:<6}{:>16}{:>24}{:>12}\n", "recurrent matrix", width, "gate",
                      "spectral radius", "singular values: most", "least");
  for (const Json& spectrum : description["spectra"]) {
    text += fmt::format(
        "{:<{}}{:<6}{:>16.4f}{:>24.4f}{:>12.4g}\n", spectrum["matrix"].get<std::string>(), width,
        spectrum["gate"].get<std::string>(), spectrum["spectral_radius"].get<double>(),
        spectrum["largest_singular_value"].get<double>(),
        spectrum["smallest_singular_value"].get<double>());
  }
  return text;
}

}  // namespace

std::string printable(const std::filesystem::path& path) {
  const std::string quoted =
      Json(path.string()).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

Json describe_dataset(const DatasetReader& file) {
  const std::string where = file.path().string();
  const Task& task = task_of(file.small(), where);
  Json description = {{"kind", "dataset"},
                      {"file", printable(file.path())},
                      {"fingerprint", file.fingerprint()},
                      {"task", task.name()}};
  description.update(task.describe(file));
  description["description"] = object_json(text_of(file.small(), "description"));
  return description;
}

Json describe_checkpoint(const std::filesystem::path& path, const NamedState& state, bool spectra) {
  std::uint64_t parameters = 0;
  for (const auto& [name, array] : state.arrays()) {
    if (name.starts_with("parameters/")) parameters += array.elements();
  }
  const Json numerics = plain_json(text_of(state, "numerics"));
  Json description = {{"kind", "checkpoint"},
                      {"file", printable(path)},
                      {"step", state.get_scalar<std::int64_t>("counters/step")},
                      {"update", state.get_scalar<std::int64_t>("counters/update")},
                      {"window", state.get_scalar<std::int64_t>("counters/window")},
                      {"finished", text_of(state, "finished") == "true"},
                      {"numerics", numerics.is_number() ? numerics : Json(nullptr)},
                      {"data_fingerprint", text_of(state, "data_fingerprint")},
                      {"parameters", parameters},
                      {"parameter_digest", parameter_digest(state)},
                      {"state_digest", state_digest(state)},
                      {"configuration", config_json(text_of(state, "configuration"))},
                      {"arrays", arrays_json(state)}};
  if (spectra) description["spectra"] = spectra_json(state);
  return description;
}

std::string to_text(const Json& description) {
  return description["kind"] == "dataset" ? dataset_text(description)
                                          : checkpoint_text(description);
}

}  // namespace rondo::apps
