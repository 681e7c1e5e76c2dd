#include "apps/compare/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <sstream>

#include "apps/compare/line_numbers.hpp"
#include "apps/looking/describe.hpp"
#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo::apps::compare {
namespace {

namespace fs = std::filesystem;

// Takes the lines of a metrics.jsonl in.
class Reader {
 public:
  Reader(RunRecord& record, const std::function<void(const Json&)>& hear)
      : record_(record), hear_(hear) {}

  // Whether it is a line that rondo could have written.
  bool take(const std::string& text) {
    const Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!line.is_object()) return false;
    const auto split = line.find("split");
    const double step = number_in(line, "step");
    if (!std::isfinite(step)) return false;
    if (split == line.end()) return line.contains("state_digest");  // a start or a check
    if (!split->is_string()) return false;
    if (hear_) hear_(line);
    if (*split == "train") {
      take_training(line, step);
    } else if (*split == "validation") {
      add(record_.validation, {step, 0, 0, number_in(line, "loss")});
    }
    return true;
  }

  void finish() {
    record_.tokens_per_second = median(speeds_);
    record_.share_of_peak = median(shares_);
    for (CurvePoint& point : record_.validation) place(point);
  }

 private:
  void take_training(const Json& line, double step) {
    const double targets = number_in(line, "targets");
    const double speed = number_in(line, "tokens_per_second");
    const double share = number_in(line, "share_of_peak");
    if (targets > 0) sum_.targets += targets;
    sum_.seconds += clock_.passed(line);
    if (speed > 0) speeds_.push_back(speed);
    if (share > 0) shares_.push_back(share);
    sum_.step = step;
    sum_.loss = number_in(line, "loss");
    add(record_.training, sum_);
  }

  static void add(std::vector<CurvePoint>& curve, const CurvePoint& point) {
    if (std::isfinite(point.loss)) curve.push_back(point);
  }

  // Targets and seconds at the step of a validation, between those of the reports around it.
  void place(CurvePoint& point) const {
    CurvePoint before;
    for (const CurvePoint& after : record_.training) {
      if (after.step >= point.step) {
        const double share = (point.step - before.step) / (after.step - before.step);
        point.targets = before.targets + share * (after.targets - before.targets);
        point.seconds = before.seconds + share * (after.seconds - before.seconds);
        return;
      }
      before = after;
    }
    point.targets = before.targets;
    point.seconds = before.seconds;
  }

  RunRecord& record_;
  const std::function<void(const Json&)>& hear_;
  CurvePoint sum_;
  RunClock clock_;
  std::vector<double> speeds_, shares_;
};

// What the newest good checkpoint tells, or what can be told without one.
void describe(RunRecord& record, const fs::path& folder,
              const std::function<void(const std::string&)>& warn) {
  try {
    const fs::path path = resolve_checkpoint(folder, false, warn);
    record.checkpoint = describe_checkpoint(path, read_checkpoint(path), false);
    record.has_checkpoint = true;
  } catch (const InputError& error) {
    warn(fmt::format("{}: {} shows its metrics alone", error.what(), record.name));
    double step = -1;
    for (const auto* curve : {&record.training, &record.validation}) {
      if (!curve->empty()) step = std::max(step, curve->back().step);
    }
    record.checkpoint = {{"step", step < 0 ? Json(nullptr) : Json(static_cast<std::int64_t>(step))},
                         {"finished", false},
                         {"parameters", nullptr},
                         {"configuration", Json::object()}};
  }
}

}  // namespace

std::optional<CurvePoint> RunRecord::best() const {
  const auto least = std::min_element(
      validation.begin(), validation.end(),
      [](const CurvePoint& one, const CurvePoint& other) { return one.loss < other.loss; });
  return least == validation.end() ? std::nullopt : std::optional(*least);
}

RunRecord read_run(const fs::path& folder, const std::function<void(const std::string&)>& warn,
                   const std::function<void(const Json& line)>& hear) {
  RunRecord record;
  record.name = printable(folder);
  if (record.name.size() > 1 && record.name.ends_with('/')) record.name.pop_back();
  if (!is_folder(folder)) {
    throw_input("{} is no folder: name the folders of runs", folder.string());
  }
  const fs::path path = folder / "metrics.jsonl";
  if (!is_there(path)) {
    throw_input("{} cannot be read: is {} the folder of a run?", path.string(), folder.string());
  }
  Reader reader(record, hear);
  std::int64_t strange = 0;
  std::istringstream text(InputFile(path).contents());
  for (std::string line; std::getline(text, line);) {
    const bool torn = text.eof();  // without its end: a run may be writing it
    if (!reader.take(line) && !torn) ++strange;
  }
  if (strange > 0) {
    warn(fmt::format("{} lines of {} are no reports and are left out", strange, path.string()));
  }
  reader.finish();
  describe(record, folder, warn);
  return record;
}

}  // namespace rondo::apps::compare
