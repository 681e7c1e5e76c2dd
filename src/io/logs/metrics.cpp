#include "rondo/io/metrics.hpp"

#include <nlohmann/json.hpp>

#include "io/file_system.hpp"
#include "io/logs/appended_file.hpp"

namespace rondo {
namespace {

// Whether a resumed run keeps a line: a whole object of a step, or of a validation, that it does
// not do again.
bool is_kept(std::string_view line, std::int64_t last_step, std::int64_t validated_step) {
  const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return false;
  const auto step = json.find("step");
  if (step == json.end() || !step->is_number_integer()) return true;
  const auto split = json.find("split");
  const bool validation = split != json.end() && *split == "validation";
  return step->get<std::int64_t>() <= (validation ? validated_step : last_step);
}

void cut(const std::filesystem::path& path, std::int64_t last_step, std::int64_t validated_step) {
  const std::string text = InputFile(path).contents();
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;  // a torn last line
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (is_kept(line, last_step, validated_step)) kept.append(line).append("\n");
    begin = end + 1;
  }
  if (kept == text) return;
  TemporaryFile file(path);
  file.write(0, std::as_bytes(std::span(kept)));
  file.flush();
  file.close();
  file.rename();
}

// What has to be done before the file is opened.
const std::filesystem::path& cut_off(const std::filesystem::path& path, std::int64_t last_step,
                                     std::int64_t validated_step) {
  if (is_there(path)) cut(path, last_step, validated_step);
  return path;
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& path, std::int64_t last_step,
                       std::int64_t validated_step)
    : file_(std::make_unique<AppendedFile>(cut_off(path, last_step, validated_step))) {}

MetricsLog::~MetricsLog() = default;

std::string MetricsLog::append(const MetricsLine& line) {
  hold(line);
  return write();
}

void MetricsLog::hold(const MetricsLine& line) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [key, value] : line.fields) {
    // JSON has no NaN and no infinity: such a value becomes null.
    nlohmann::ordered_json& entry = json[key];
    std::visit([&entry](const auto& plain) { entry = plain; }, value);
  }
  file_->hold(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

std::string MetricsLog::write() { return file_->write(); }

std::int64_t MetricsLog::lost() const { return file_->lost(); }

}  // namespace rondo
