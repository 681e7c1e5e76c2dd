#include "apps/again/past_run.hpp"

#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "io/file_system.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t integer_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

RunStart start_of(const Json& line) {
  RunStart start;
  start.step = integer_of(line, "step");
  start.ranks = integer_of(line, "ranks");
  start.numerics = integer_of(line, "numerics");
  start.data_fingerprint = text_of(line, "data_fingerprint");
  start.configuration = text_of(line, "configuration");
  start.state_digest = text_of(line, "state_digest");
  return start;
}

void take(const Json& line, PastRun& run) {
  if (!line.is_object()) return;
  const std::int64_t step = integer_of(line, "step");
  if (step < 0) return;
  if (line.contains("configuration")) {
    RunStart start = start_of(line);
    // Where a resumed run began, it may have made a validation first: that is another state.
    if (step == 0 && !start.state_digest.empty()) run.digests[0] = start.state_digest;
    // A start that left no step is another's.
    while (!run.starts.empty() && run.starts.back().step >= step) run.starts.pop_back();
    run.starts.push_back(std::move(start));
  } else if (std::string digest = text_of(line, "state_digest"); !digest.empty()) {
    run.digests[step] = std::move(digest);
  } else if (text_of(line, "split") == "train") {
    const auto norm = line.find("gradient_norm");
    if (norm != line.end() && norm->is_number()) run.gradient_norms[step] = norm->get<double>();
  }
}

}  // namespace

MetricsLine make_metrics_line(const RunStart& start) {
  return {{{"step", start.step},
           {"ranks", start.ranks},
           {"numerics", start.numerics},
           {"data_fingerprint", start.data_fingerprint},
           {"configuration", start.configuration},
           {"state_digest", start.state_digest}}};
}

PastRun read_past_run(const std::filesystem::path& folder) {
  PastRun run;
  const std::filesystem::path path = metrics_path(folder);
  if (!is_there(path)) return run;
  std::istringstream lines(InputFile(path).contents());
  for (std::string line; std::getline(lines, line);) {
    take(Json::parse(line, nullptr, /*allow_exceptions=*/false), run);
  }
  return run;
}

}  // namespace rondo::apps
