#include "rondo/tasks/dataset.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {

Dataset::Dataset(const std::filesystem::path& path)
    : file_(std::make_shared<DatasetReader>(path)),
      task_(task_of(file_->small(), path.string())),
      stored_(task_.load_columns(file_->small())),
      columns_(stored_) {}

void Dataset::read_as(const TaskSettings& config) {
  settings_ = config;
  columns_ = task_.columns_for(config, stored_);
}

std::unique_ptr<WindowSource> Dataset::split(const std::string& name) const {
  if (std::find(split_names.begin(), split_names.end(), name) == split_names.end()) {
    throw_input("'{}' is no split: train, validation or test", name);
  }
  if (!has_split(name)) {
    throw_input("{} has no split '{}': prepare it again with one", file_->path().string(), name);
  }
  return task_.split(*this, name);
}

void check_columns(const Task& task, const Columns& columns, const Dataset& data,
                   const std::string& where, const std::string& asked) {
  const std::string file = data.file().path().string();
  if (&task != &data.task()) {
    throw_input("{} was trained for the task '{}', and {} is prepared for '{}'", where, task.name(),
                file, data.task().name());
  }
  if (task.same_columns(columns, data.stored_columns())) return;
  throw_input("{} was trained with another vocabulary than {} has: {}", where, file,
              task.advice_for_columns(asked));
}

}  // namespace rondo
