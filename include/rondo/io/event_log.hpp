// A run's numbers for TensorBoard: event files in a folder, one for each start of the run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "rondo/io/metrics.hpp"

namespace rondo {

class AppendedFile;

// InputError where `folder` is something else; and where it has event files already, and the run
// is a new one: TensorBoard would draw the two as one.
void check_event_folder(const std::filesystem::path& folder, bool is_new);

// Rank 0 alone. What is said of a failure, and what waits, is as of a MetricsLog.
class EventLog {
 public:
  // Makes the folder, and in it a file of its own behind those of earlier starts. Of a run that
  // goes on from `last_step` it tells TensorBoard to forget what those say of later steps, and
  // leaves out the validations that they have already and the run does again. InputError if the
  // file cannot be written.
  EventLog(const std::filesystem::path& folder, std::int64_t last_step);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // The numbers of a line, under the names "train/loss", "validation/accuracy", ... Why they could
  // not be written now; empty when they were, and all before them.
  std::string append(const MetricsLine& line);
  std::string write();
  std::int64_t lost() const;  // lines that did not find room to wait

 private:
  std::int64_t validated_step_ = -1;  // the last one that earlier files have
  std::unique_ptr<AppendedFile> file_;
};

}  // namespace rondo
