// metrics.jsonl: a JSON object a line, a line a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rondo {

struct MetricsLine {
  using Value = std::variant<std::int64_t, double, std::string, std::vector<double>>;
  std::vector<std::pair<std::string, Value>> fields;
};

// Rank 0 alone. Each line is written whole and flushed to the system. A failed write is reported by
// `append` returning the reason (training goes on), empty when all is well.
class MetricsLog {
 public:
  // Opens for appending; lines with a step above `last_step` (reports of steps that a resumed run
  // does again) and a torn last line are cut off first, by writing a new file and renaming it.
  MetricsLog(const std::filesystem::path& path, std::int64_t last_step);
  ~MetricsLog();
  MetricsLog(const MetricsLog&) = delete;
  MetricsLog& operator=(const MetricsLog&) = delete;
  std::string append(const MetricsLine& line);

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::int64_t size_ = 0;  // bytes of whole lines
};

}  // namespace rondo
