// The next values of series, from each of their steps.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "data/series/naive_errors.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/figures/backtest_table.hpp"
#include "tasks/figures/forecast_figures.hpp"
#include "tasks/figures/number_figures.hpp"
#include "tasks/number_targets.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/sequence_task.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

const Column& target_in(const Columns& stored) {
  return stored[static_cast<std::size_t>(SeriesColumns(stored).target)];
}

// What a data set says of each series of a split, or nothing.
std::vector<std::int64_t> of_series(const DatasetReader& file, const std::string& name) {
  if (!file.small().has(name)) return {};
  const NamedArray& array = file.small().get(name);
  const auto values = file.small().get<std::int64_t>(name, array.shape);
  return {values.begin(), values.end()};
}

// Of each series of a split what a naive forecast of its rows in the train split is off by; of one
// that has none there, of those of its rows that lie before the split.
std::vector<double> scales_of_errors(const Dataset& data, const SequenceSource& series,
                                     const std::vector<std::int64_t>& context,
                                     const std::string& split, std::int64_t season) {
  const DatasetReader& file = data.file();
  const Columns& stored = data.stored_columns();
  const int column = SeriesColumns(stored).target;
  const int width = target_in(stored).width;
  std::map<std::int64_t, std::vector<double>> trained;
  const std::vector<std::int64_t> numbers = of_series(file, "train/series");
  if (!numbers.empty() && has_sequences(file, "train")) {
    const auto train = open_sequences(data.shared_file(), stored, "train");
    const auto known = std::min<std::int64_t>(train->sequences(), std::ssize(numbers));
    for (std::int64_t i = 0; i < known; ++i) {
      const auto at = static_cast<std::size_t>(i);
      trained.try_emplace(numbers[at],
                          naive_errors(*train, i, column, width, train->lengths()[at], season));
    }
  }
  const std::vector<std::int64_t> own = of_series(file, split + "/series");
  std::vector<double> scales;
  for (std::int64_t i = 0; i < series.sequences(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto found = at < own.size() ? trained.find(own[at]) : trained.end();
    const std::vector<double> errors =
        found != trained.end()
            ? found->second
            : naive_errors(series, i, column, width, at < context.size() ? context[at] : 0, season);
    scales.insert(scales.end(), errors.begin(), errors.end());
  }
  return scales;
}

std::unique_ptr<ForecastSequences> sequences_of(const Dataset& data, const ForecastShape& shape,
                                                const std::string& split) {
  auto series = open_sequences(data.shared_file(), data.stored_columns(), split);
  std::vector<std::int64_t> context = of_series(data.file(), split + "/context");
  const std::span<const std::int32_t> lengths = series->lengths();
  for (std::size_t i = 0; i < context.size(); ++i) {
    if (context.size() == lengths.size() && context[i] >= 0 && context[i] < lengths[i]) continue;
    throw_input("{}, split '{}': the context of series {} is not possible",
                data.file().path().string(), split, i);
  }
  std::vector<double> scales = scales_of_errors(data, *series, context, split, shape.season);
  auto sequences = std::make_unique<ForecastSequences>(
      std::move(series), data.stored_columns(), shape,
      split == "train" ? ForecastSequences::Origins::training : ForecastSequences::Origins::scored,
      std::move(context));
  sequences->scale_errors_by(std::move(scales));
  return sequences;
}

const ForecastSequences& forecasts_in(const SequenceSource& sequences) {
  return dynamic_cast<const ForecastSequences&>(sequences);
}

class Forecast final : public SequenceTask {
 public:
  const char* name() const override { return "forecast"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::series; }

  Columns load_columns(const NamedState& state) const override {
    Columns columns = SequenceTask::load_columns(state);
    static_cast<void>(SeriesColumns(columns));
    return columns;
  }
  Columns columns_for(const TaskSettings& config, const Columns& stored) const override {
    const int source = SeriesColumns(stored).source;
    if (config.feeds_back() && source >= 0) {
      throw_input(
          "--horizon-from feedback reads rows that are yet to come, and nobody knows '{}' there: "
          "prepare what is known ahead with --known, and leave out what is not",
          stored[static_cast<std::size_t>(source)].name);
    }
    return forecast_columns(stored, forecast_shape(config));
  }
  std::unique_ptr<SequenceSource> to_answer(std::unique_ptr<SequenceSource> sequences,
                                            const TaskSettings& config,
                                            const Columns& stored) const override {
    return std::make_unique<ForecastSequences>(
        std::move(sequences), stored,
        config.feeds_back() ? whole_shape(config) : forecast_shape(config),
        ForecastSequences::Origins::last);
  }

  const char* usual_state() const override { return "carried"; }
  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = SequenceTask::foreign_keys();
    for (const auto& own : forecast_settings().keys) std::erase(keys, own.name);
    keys.insert(keys.end(), {"class-weights", "label-smoothing"});
    append_keys(keys, augmentation_settings());
    append_keys(keys, fold_settings());
    return keys;
  }

  std::vector<IdleName> idle_keys(const TaskSettings& config,
                                  const Columns& stored) const override {
    std::vector<IdleName> idle = SequenceTask::idle_keys(config, stored);
    if (config.channels == "apart" && target_in(stored).width == 1) {
      idle.push_back({"channels", "there is one target"});
    }
    return idle;
  }

  std::unique_ptr<WindowSource> split(const Dataset& data, const std::string& name) const override {
    auto sequences = sequences_of(data, forecast_shape(data.settings()), name);
    if (sequences->origins() == 0) {
      const ForecastShape& shape = sequences->shape();
      const std::int64_t longest = std::ranges::max(sequences->series().lengths());
      throw_input(
          "{} has no series in its split '{}' that is long enough: the longest has {} rows{}, and "
          "a forecast of {} needs {} before it",
          data.file().path().string(), name, longest,
          name == "train" ? "" : " with those before the split", shape.horizon,
          name == "train" && !shape.is_carried ? shape.look_back : shape.segment);
    }
    return std::make_unique<PackedWindows>(std::move(sequences), data.columns());
  }
  // A split without an origin is refused as it is opened.
  void check_split(const Dataset& data, const std::string& name) const override {
    static_cast<void>(data.split(name));
  }

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    add_numbers(plan, config, columns, add_inputs(plan, config, columns));
    return plan;
  }

  std::string describe_inputs(const TaskSettings& config, const Columns& columns) const override {
    std::string text = fmt::format("{} numbers a step", columns[0].inputs());
    if (config.segment > 1) text += fmt::format(", of {} rows each", config.segment);
    if (config.feeds_back()) {
      return text + fmt::format(", says the next one, and feeds it back for {}", config.horizon);
    }
    return text + fmt::format(", says the next {}", config.horizon);
  }

  std::optional<SequenceTargets> sequence_targets(const Columns& columns) const override {
    return number_targets(columns);
  }
  Evaluation judge(const Answers& answers, const Columns&,
                   const SequenceSource& sequences) const override {
    const ForecastSequences& forecasts = forecasts_in(sequences);
    return judge_forecasts(answers, forecasts, target_in(forecasts.stored_columns()));
  }
  std::string figures_text(const std::string& what, const Evaluation& evaluation,
                           const Dataset& data, const std::string& split) const override {
    return numbers_text(what, evaluation, target_in(data.stored_columns()), split);
  }
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                    const std::string& split) const override {
    return numbers_json(what, evaluation, target_in(data.stored_columns()), split);
  }

  bool has_backtests() const override { return true; }
  void backtest(const Answers& answers, const SequenceSource& sequences, int folds,
                Evaluation& to) const override {
    const ForecastSequences& forecasts = forecasts_in(sequences);
    backtest_forecasts(answers, forecasts, target_in(forecasts.stored_columns()), folds, to);
  }
  std::string backtest_text(const std::vector<Baseline>& measured) const override {
    return backtest_table(measured);
  }
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions& options) const override;

  std::string describe_training(const WindowSource& training) const override {
    const ForecastSequences& sequences = forecasts_in(*training.whole());
    return fmt::format("{} origins in {} series of {} rows", sequences.origins(),
                       sequences.series().sequences(), sequences.series().starts().back());
  }
};

// The line through a series' first and newest value.
void drift(const ForecastSequences& sequences, const Columns& stored, Answers& answers) {
  const SeriesColumns places(stored);
  const Column& target = stored[static_cast<std::size_t>(places.target)];
  const auto width = static_cast<std::size_t>(target.width);
  const auto horizon = static_cast<std::size_t>(sequences.shape().horizon);
  std::int64_t series = -1;
  std::vector<double> rows;
  for (std::int64_t row = 0; row < sequences.sequences(); ++row) {
    const ForecastSequences::Place place = sequences.place(row);
    if (place.series != series) {
      series = place.series;
      const auto at = static_cast<std::size_t>(series);
      rows.resize(static_cast<std::size_t>(sequences.series().lengths()[at]) * width);
      sequences.series().read(places.target, sequences.series().starts()[at], rows);
    }
    for (std::size_t i = 0; i < width; ++i) {
      std::int64_t first = 0, last = place.origin;
      const auto value = [&](std::int64_t r) {
        return rows[static_cast<std::size_t>(r) * width + i];
      };
      while (first < last && std::isnan(value(first))) ++first;
      while (first < last && std::isnan(value(last))) --last;
      if (first == last) continue;
      const double slope = (value(last) - value(first)) / static_cast<double>(last - first);
      for (std::size_t ahead = 1; ahead <= horizon; ++ahead) {
        const std::size_t number = (ahead - 1) * width + i;
        answers.numbers.said[static_cast<std::size_t>(row) * horizon * width + number] =
            slope * static_cast<double>(ahead) / target.deviation[i];
      }
    }
  }
}

std::vector<Task::Baseline> Forecast::baselines(const Dataset& data, const std::string& split,
                                                const BaselineOptions& options) const {
  const Columns& stored = data.stored_columns();
  ForecastShape shape;
  shape.horizon = data.settings().horizon;
  shape.season = data.settings().season;
  std::vector<Baseline> baselines;
  const auto measure = [&](const std::string& name, const char* in_table, Subtract subtract,
                           bool drifts) {
    shape.subtract = subtract;
    const auto sequences = sequences_of(data, shape, split);
    if (sequences->origins() == 0) throw_input("the split has no origin to forecast from");
    // What is said where the forecast is what it is relative to.
    Answers answers = answers_of_zero(*sequences, forecast_columns(stored, shape));
    if (drifts) drift(*sequences, stored, answers);
    Evaluation evaluation = judge_forecasts(answers, *sequences, target_in(stored));
    if (options.folds > 0) backtest(answers, *sequences, options.folds, evaluation);
    baselines.push_back({name, std::move(evaluation), in_table});
  };
  measure("the last value (persistence)", "persistence", Subtract::last, false);
  if (shape.season > 1) {
    measure(fmt::format("the value {} rows before (seasonal naive)", shape.season),
            "seasonal naive", Subtract::season, false);
  }
  measure("the line through first and last value (drift)", "drift", Subtract::last, true);
  measure("the mean of the train split", "the mean", Subtract::none, false);
  return baselines;
}

}  // namespace

const Task& forecast() {
  static const Forecast task;
  return task;
}

}  // namespace rondo::tasks
