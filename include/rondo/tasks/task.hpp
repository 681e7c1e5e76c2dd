// What a network is trained for: its columns, its windows, its network, its figures.
//
// Trainer, evaluator, checkpoints and commands know tasks by this interface alone. Adding one is a
// file in src/tasks/ and a line in the table of src/tasks/task.cpp. A data set and a checkpoint say
// which task they are of, and hold its columns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/data/prepare_table.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "rondo/tasks/settings.hpp"

namespace rondo {

class Dataset;

// A network's shape and what it is filled with; not owned.
template <class Real>
struct TrainedNetwork {
  const NetworkPlan& model;
  const ParameterLayout& layout;
  const Real* parameters;
};

class Task {
 public:
  virtual ~Task() = default;

  virtual const char* name() const = 0;  // "text"

  // The columns that a data set or a checkpoint holds, and back. InputError if there are none that
  // the task can have.
  virtual Columns load_columns(const NamedState& state) const = 0;
  virtual void save_columns(const Columns& columns, NamedState& state) const = 0;
  // Whether a model of the one can read data of the other.
  virtual bool same_columns(const Columns& a, const Columns& b) const = 0;
  // How to prepare data again so that a model in `where` can read them, for a message.
  virtual std::string advice_for_columns(const std::string& where) const = 0;

  // Of a task whose data sets are made from tables.
  virtual std::optional<TableTargets> table_targets() const { return std::nullopt; }

  // What a network reads and says of `stored` columns, those of a data set. All functions below
  // take these, where they take columns. `config` is complete.
  virtual Columns columns_for(const TaskSettings& /*config*/, const Columns& stored) const {
    return stored;
  }
  // Of a task that answers whole sequences: those in memory, of columns `stored`, as it reads them.
  // `stored` outlives them.
  virtual std::unique_ptr<SequenceSource> to_answer(std::unique_ptr<SequenceSource> sequences,
                                                    const TaskSettings& /*config*/,
                                                    const Columns& /*stored*/) const {
    return sequences;
  }

  virtual bool has_split(const DatasetReader& file, const std::string& name) const = 0;
  // A split that is there. `data` outlives it.
  virtual std::unique_ptr<WindowSource> split(const Dataset& data,
                                              const std::string& name) const = 0;

  // InputError for a split without anything to learn or to measure.
  virtual void check_split(const Dataset& data, const std::string& name) const = 0;
  // What is likely a mistake in a run's batches, a sentence each. `config` is complete.
  virtual std::vector<std::string> notices(const TaskSettings& config,
                                           const Dataset& data) const = 0;

  // Keys of `rondo train` that it has no use for.
  virtual std::vector<std::string> foreign_keys() const = 0;
  // Keys that do nothing with a data set of these columns, which it stores, as idle rules
  // (core/settings.hpp) tell of settings alone.
  virtual std::vector<IdleName> idle_keys(const TaskSettings& /*config*/,
                                          const Columns& /*stored*/) const {
    return {};
  }
  // Time steps of a window where nobody chooses.
  virtual std::int64_t usual_window(const Dataset& data) const = 0;
  // What a window begins with where nobody chooses: --state.
  virtual const char* usual_state() const { return "fresh"; }

  // `config` is complete.
  virtual NetworkPlan model(const TaskSettings& config, const Columns& columns) const = 0;

  // What it reads, for a plan: "embedding 256, vocabulary 65".
  virtual std::string describe_inputs(const TaskSettings& config, const Columns& columns) const = 0;

  // Of a task that judges whole sequences: where the targets are, and what their answers come to.
  struct SequenceTargets {
    int column = 0;         // of a window's tokens
    bool per_step = false;  // one for each step; else one for each sequence
    int labels = 0;         // of which a target may have several; 0: it is one class
    // Of targets that are numbers: how many, then of a window's numbers; 0: they are none.
    int numbers = 0;
    int source = 0;  // and their column in the data set
  };
  virtual std::optional<SequenceTargets> sequence_targets(const Columns&) const {
    return std::nullopt;
  }
  // `sequences` are those that were answered.
  virtual Evaluation judge(const Answers&, const Columns&, const SequenceSource&) const {
    return {};
  }

  // Whether the steps that are read spell a text, the target that has steps of its own.
  virtual bool spells() const { return false; }

  // Of forecasts: adds to what was measured the figures of `folds` parts of the split's time, and
  // of each row ahead.
  virtual bool has_backtests() const { return false; }
  virtual void backtest(const Answers&, const SequenceSource&, int /*folds*/,
                        Evaluation& /*to*/) const {}

  virtual LossUnit loss_unit(const Columns& columns) const = 0;
  // A line of what was measured, for people, and an object's fields for programs. `what` was
  // measured: a checkpoint, a baseline.
  virtual std::string figures_text(const std::string& what, const Evaluation& evaluation,
                                   const Dataset& data, const std::string& split) const = 0;
  virtual nlohmann::ordered_json figures_json(const std::string& what, const Evaluation& evaluation,
                                              const Dataset& data,
                                              const std::string& split) const = 0;

  // What a data set of this task is measured beside, trained on its train split. Calls it by a name
  // of its own.
  struct Baseline {
    std::string name;
    Evaluation evaluation;
    std::string in_table = {};  // a shorter name
  };
  // What some tasks ask for.
  struct BaselineOptions {
    int order = 5;  // of n-grams
    int folds = 0;  // of a backtest; 0: there is none
  };
  virtual std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                          const BaselineOptions& options) const = 0;
  // Of backtests side by side: a table for people.
  virtual std::string backtest_text(const std::vector<Baseline>& /*measured*/) const { return {}; }

  // Whether a network goes on with a text by itself: `rondo generate`.
  virtual bool continues_texts() const { return false; }
  // Of a task that makes texts: one of a network in training, the same for the same seed; asks
  // `ends` now and then whether no more is wanted.
  virtual std::optional<std::string> sample(const Dataset&, const TrainedNetwork<float>&,
                                            std::uint64_t /*seed*/,
                                            const std::function<bool()>& /*ends*/) const {
    return std::nullopt;
  }
  virtual std::optional<std::string> sample(const Dataset&, const TrainedNetwork<double>&,
                                            std::uint64_t /*seed*/,
                                            const std::function<bool()>& /*ends*/) const {
    return std::nullopt;
  }

  // What `rondo inspect` tells of a data set's content: "vocabulary_size", "splits", ...
  virtual nlohmann::ordered_json describe(const DatasetReader& file) const = 0;
  virtual std::string describe_text(const nlohmann::ordered_json& description) const = 0;
  // Of a run's data, in its plan: "... 3,100 training tokens in 20 documents".
  virtual std::string describe_training(const WindowSource& training) const = 0;
};

// InputError for an unknown name.
const Task& find_task(const std::string& name);
std::vector<std::string> task_names();
// The task of a data set (its small state) or of a checkpoint. InputError, with `where` in front,
// if it is none of this program's.
const Task& task_of(const NamedState& state, const std::string& where);

}  // namespace rondo
