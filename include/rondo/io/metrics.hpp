// metrics.jsonl: a JSON object a line, a line a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rondo {

class AppendedFile;

struct MetricsLine {
  using Value = std::variant<std::int64_t, double, std::string, std::vector<double>>;
  std::vector<std::pair<std::string, Value>> fields;
};

// Rank 0 alone. Each line is written whole and handed to the system. Where that fails, training
// goes on: the line waits, and goes before the next one, so that no line is lost while the process
// lives (but for those beyond 16 MB of waiting ones). A file that was removed or replaced begins
// anew.
class MetricsLog {
 public:
  // Opens for appending; lines with a step above `last_step`, of validations above
  // `validated_step` (what a resumed run does again) and a torn last line are cut off first, by
  // writing a new file and renaming it.
  MetricsLog(const std::filesystem::path& path, std::int64_t last_step,
             std::int64_t validated_step);
  ~MetricsLog();
  MetricsLog(const MetricsLog&) = delete;
  MetricsLog& operator=(const MetricsLog&) = delete;
  // Why the line could not be written now; empty when it was, and all before it.
  std::string append(const MetricsLine& line);
  // Lets the line wait for the next append(): the file may not be touched now.
  void hold(const MetricsLine& line);
  // Tries to write what waits; as append().
  std::string write();
  // Lines that did not find room to wait.
  std::int64_t lost() const;

 private:
  std::unique_ptr<AppendedFile> file_;
};

}  // namespace rondo
