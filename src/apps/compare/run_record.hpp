// What a comparison knows of a run: its configuration, and the curves of its metrics.jsonl.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace rondo::apps::compare {

using Json = nlohmann::ordered_json;

// A report of training or validation, and how much training came before it.
struct CurvePoint {
  double step = 0;
  double targets = 0;  // of training, summed over the reports
  double seconds = 0;  // validations and checkpoints included, pauses between starts left out
  double loss = 0;     // nats a target
};

struct RunRecord {
  std::string name;  // as the user wrote it
  bool has_checkpoint = false;
  // describe_checkpoint() of the newest good one. Without one: "step", that of the newest report or
  // null, "finished", false, "parameters", null, and "configuration", an empty object.
  Json checkpoint;
  std::vector<CurvePoint> training, validation;  // ascending by step, finite losses alone
  double tokens_per_second = 0;                  // median of the reports; 0: none
  double share_of_peak = 0;                      // likewise

  // The validation with the smallest loss, the earliest of equal ones.
  std::optional<CurvePoint> best() const;
};

// Reads a run's folder, which may be at work. InputError if it is none: without metrics.jsonl.
// Where there is no good checkpoint, yet or any more, the metrics tell what they can. `warn` gets a
// sentence for what was passed over; `hear`, if there is one, each line that is a report.
RunRecord read_run(const std::filesystem::path& folder,
                   const std::function<void(const std::string&)>& warn,
                   const std::function<void(const Json& line)>& hear = {});

}  // namespace rondo::apps::compare
