// What tasks of whole sequences have in common: the columns of a table, and packed windows.
#pragma once

#include "rondo/tasks/task.hpp"

namespace rondo::tasks {

// Steps of the longest one.
std::int32_t longest_of(const SequenceSource& sequences);

class SequenceTask : public Task {
 public:
  Columns load_columns(const NamedState& state) const override;
  void save_columns(const Columns& columns, NamedState& state) const override;
  bool same_columns(const Columns& a, const Columns& b) const override;
  std::string advice_for_columns(const std::string& where) const override;
  // The stored ones. InputError for augmentation that there is nothing for.
  Columns columns_for(const TaskSettings& config, const Columns& stored) const override;
  std::optional<TableTargets> table_targets() const override { return TableTargets::classes; }

  bool has_split(const DatasetReader& file, const std::string& name) const override;
  std::unique_ptr<WindowSource> split(const Dataset& data, const std::string& name) const override;
  void check_split(const Dataset& data, const std::string& name) const override;
  std::vector<std::string> notices(const TaskSettings& config, const Dataset& data) const override;
  std::vector<std::string> foreign_keys() const override;
  std::vector<IdleName> idle_keys(const TaskSettings& config, const Columns& stored) const override;
  // The longest sequence, at most 64.
  std::int64_t usual_window(const Dataset& data) const override;

  std::string describe_inputs(const TaskSettings& config, const Columns& columns) const override;
  LossUnit loss_unit(const Columns&) const override { return LossUnit::nats; }
  nlohmann::ordered_json describe(const DatasetReader& file) const override;
  std::string describe_text(const nlohmann::ordered_json& description) const override;
  std::string describe_training(const WindowSource& training) const override;

 protected:
  // A split as the file has it, or the part of train that a fold has in its place; to train on,
  // augmented as is asked.
  static std::unique_ptr<SequenceSource> open_split(const Dataset& data, const std::string& name);
};

}  // namespace rondo::tasks
