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

  const Task& task() const { return task_; }
  const Columns& columns() const { return columns_; }
  const DatasetReader& file() const { return *file_; }
  bool has_split(const std::string& name) const { return task_.has_split(*file_, name); }
  // "train", "validation" or "test"; InputError for another or one that is empty.
  std::unique_ptr<WindowSource> split(const std::string& name) const;
  // The network that a complete configuration means for these columns.
  NetworkPlan model(const TaskSettings& config) const { return task_.model(config, columns_); }
  LossUnit loss_unit() const { return task_.loss_unit(columns_); }

 private:
  std::shared_ptr<const DatasetReader> file_;
  const Task& task_;
  Columns columns_;
};

// InputError unless a model of `task` with these columns can read `data`. `where` names its
// checkpoint, and `asked` what the user called it.
void check_columns(const Task& task, const Columns& columns, const Dataset& data,
                   const std::string& where, const std::string& asked);

}  // namespace rondo
