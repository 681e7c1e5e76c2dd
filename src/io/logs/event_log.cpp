#include "rondo/io/event_log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "io/file_system.hpp"
#include "io/logs/appended_file.hpp"
#include "io/logs/event.hpp"
#include "io/logs/event_records.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

// TensorBoard knows its files by this, and reads them in the order of their names.
constexpr std::string_view file_mark = "events.out.tfevents.";
constexpr const char* format_version = "brain.Event:2";

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string record_of(const Event& event) { return event_record(encode_event(event)); }

// Those in which something is: the start of a run that came to nothing leaves an empty one.
std::vector<fs::path> event_files(const fs::path& folder) {
  std::vector<fs::path> files = entries_of(folder);
  std::erase_if(files, [](const fs::path& path) {
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(path, failure);
    return !path.filename().string().starts_with(file_mark) || failure || size == 0;
  });
  std::ranges::sort(files);
  return files;
}

// A name behind all of `earlier`: seconds, host, process.
fs::path new_file(const fs::path& folder, const std::vector<fs::path>& earlier) {
  auto second = static_cast<std::int64_t>(seconds_now());
  for (;; ++second) {
    fs::path path = folder / fmt::format("{}{:010}.{}.{}", file_mark, second, host_name(),
                                         static_cast<std::int64_t>(::getpid()));
    if (earlier.empty() || earlier.back() < path) return path;
  }
}

// The last validation in a file at a step that is not behind `last_step`; -1 where there is none.
std::int64_t newest_validation(const fs::path& path, std::int64_t last_step) {
  const std::string bytes = InputFile(path).contents();
  std::string_view rest = bytes;
  std::int64_t newest = -1;
  while (const auto record = take_event_record(rest)) {
    const std::optional<Event> event = decode_event(*record);
    if (!event) break;
    if (event->step > last_step || event->scalars.empty()) continue;
    if (event->scalars.front().first.starts_with("validation/")) {
      newest = std::max(newest, event->step);
    }
  }
  return newest;
}

// What a file begins with; where it goes on from others, their later steps are void.
std::string head_of(bool goes_on, std::int64_t last_step) {
  const double now = seconds_now();
  std::string head = record_of({.wall_time = now, .file_version = format_version});
  if (!goes_on) return head;
  return head + record_of({.wall_time = now, .step = last_step + 1, .starts = true});
}

const std::string* text_in(const MetricsLine& line, std::string_view name) {
  for (const auto& [key, value] : line.fields) {
    if (key == name) return std::get_if<std::string>(&value);
  }
  return nullptr;
}

}  // namespace

void check_event_folder(const fs::path& folder, bool is_new) {
  if (is_there(folder) && !is_folder(folder)) {
    throw_input("--tensorboard {}: it is no folder", folder.string());
  }
  if (!is_new || event_files(folder).empty()) return;
  throw_input(
      "--tensorboard {}: it holds the event files of another run; name a new folder, or go on with "
      "that run by --resume",
      folder.string());
}

EventLog::EventLog(const fs::path& folder, std::int64_t last_step) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw_input("--tensorboard {}: the folder cannot be made: {}", folder.string(),
                failure.message());
  }
  const std::vector<fs::path> earlier = event_files(folder);
  for (const fs::path& file : earlier) {
    validated_step_ = std::max(validated_step_, newest_validation(file, last_step));
  }
  file_ = std::make_unique<AppendedFile>(new_file(folder, earlier),
                                         head_of(!earlier.empty(), last_step));
}

EventLog::~EventLog() = default;

std::string EventLog::append(const MetricsLine& line) {
  const std::string* split = text_in(line, "split");
  if (split == nullptr) return write();  // nothing that was measured
  Event event{.wall_time = seconds_now()};
  for (const auto& [key, value] : line.fields) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (whole == nullptr && real == nullptr) continue;
    if (key == "step") {
      event.step = *whole;
      continue;
    }
    const double number = whole != nullptr ? static_cast<double>(*whole) : *real;
    event.scalars.emplace_back(*split + "/" + key, static_cast<float>(number));
  }
  const bool is_known = *split == "validation" && event.step <= validated_step_;
  if (!is_known) file_->hold(record_of(event));
  return write();
}

std::string EventLog::write() { return file_->write(); }

std::int64_t EventLog::lost() const { return file_->lost(); }

}  // namespace rondo
