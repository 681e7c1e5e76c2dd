// What `rondo inspect` knows of a sweep as a whole.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace rondo::apps {

// {"kind": "sweep", "folder", "step": of all members together, "finished": whether all are,
// "limits":
// {"max-steps", "max-minutes"} of the starts that wrote their newest checkpoints, "members":
// [{"member", "step", "finished"}, ...]}; a member without a good checkpoint has the step null.
// InputError for a list of members that is damaged.
nlohmann::ordered_json describe_sweep(const std::filesystem::path& folder);

// The same for people.
std::string sweep_text(const nlohmann::ordered_json& description);

}  // namespace rondo::apps
