// A prepared data set, as its task sees it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo {

class Dataset {
 public:
  // InputError for a file that is no data set, or one of no task that there is.
  explicit Dataset(const std::filesystem::path& path);

  // What it is read by: some tasks' sequences hang on settings. Before anything that a network
  // reads; a task's defaults otherwise. `config` is complete.
  void read_as(const TaskSettings& config);

  const Task& task() const { return task_; }
  const TaskSettings& settings() const { return settings_; }
  // As the file has them, and as a network reads them.
  const Columns& stored_columns() const { return stored_; }
  const Columns& columns() const { return columns_; }
  const DatasetReader& file() const { return *file_; }
  const std::shared_ptr<const DatasetReader>& shared_file() const { return file_; }
  // Of a fold, whose validation is a part of train, where the settings have one.
  bool has_split(const std::string& name) const {
    const bool is_part = settings_.holds_out() && name == "validation";
    return task_.has_split(*file_, is_part ? "train" : name);
  }
  // "train", "validation" or "test"; InputError for another or one that is empty.
  std::unique_ptr<WindowSource> split(const std::string& name) const;
  // The network that a complete configuration means for these columns.
  NetworkPlan model(const TaskSettings& config) const { return task_.model(config, columns_); }
  LossUnit loss_unit() const { return task_.loss_unit(columns_); }

 private:
  std::shared_ptr<const DatasetReader> file_;
  const Task& task_;
  TaskSettings settings_;
  Columns stored_, columns_;
};

// InputError unless a model of `task` that was trained on these stored columns can read `data`.
// `where` names its checkpoint, and `asked` what the user called it.
void check_columns(const Task& task, const Columns& columns, const Dataset& data,
                   const std::string& where, const std::string& asked);

}  // namespace rondo
