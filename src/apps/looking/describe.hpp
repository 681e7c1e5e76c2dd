// What `rondo inspect` knows of a file, as JSON for programs and as text for people.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "rondo/core/named_state.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo::apps {

// {"kind": "dataset", "file", "fingerprint", "vocabulary_size", "splits": {"train": {"documents",
// "tokens", "targets"}, ...}, "description": what prepare wrote}. A document's last token is no
// target.
nlohmann::ordered_json describe_dataset(const DatasetReader& file);

// {"kind": "checkpoint", "file", "step", "update", "window", "finished", "numerics",
// "data_fingerprint", "parameters": their number, "parameter_digest", "state_digest",
// "configuration": {...}, "arrays": [{"name", "type", "shape"}, ...]}, and, if asked for,
// "spectra": [{"matrix", "gate", "spectral_radius", "largest_singular_value",
// "smallest_singular_value"}, ...].
nlohmann::ordered_json describe_checkpoint(const std::filesystem::path& path,
                                           const NamedState& state, bool spectra);

// The same for people, whatever the kind.
std::string to_text(const nlohmann::ordered_json& description);

// A path as JSON and XML can hold it: what is not UTF-8 is replaced.
std::string printable(const std::filesystem::path& path);

}  // namespace rondo::apps
