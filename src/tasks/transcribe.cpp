// What sequences say, without a word of which step says what: speech, printed lines (CTC).
//
// What is read lies on a window's first axis, the labels that its steps spell on the second one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "rondo/core/spelling.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/data/stacked_sequences.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/class_targets.hpp"
#include "tasks/decoding/texts_of_ranks.hpp"
#include "tasks/figures/sequence_sums.hpp"
#include "tasks/figures/text_edits.hpp"
#include "tasks/figures/text_figures.hpp"
#include "tasks/sequence_inputs.hpp"
#include "tasks/sequence_task.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

constexpr int said_column = 1;  // of the second axis's tokens; the first has what stands before
constexpr std::size_t most_named = 5;

// Of a split: sequences whose target is given, and of these the ones whose steps are too few for
// it, as the network thins them.
struct Fit {
  std::int64_t given = 0, too_long = 0;
  std::string first_ones;  // for a message
};

Fit fit_of(const SequenceSource& sequences, const Columns& columns, const Thinning& thinning) {
  const std::size_t target = target_of(columns, ColumnScope::own);
  Fit fit;
  for (std::int64_t i = 0; i < sequences.sequences(); ++i) {
    const auto number = static_cast<std::size_t>(i);
    std::vector<std::int32_t> labels = given_text(sequences, static_cast<int>(target), number);
    if (labels.front() < 0) continue;
    ++fit.given;
    labels.pop_back();  // the end
    const std::int64_t needed = steps_to_spell(labels);
    const std::int64_t steps = thinning.left_of(sequences.lengths()[number]);
    if (needed <= steps) continue;
    if (++fit.too_long > static_cast<std::int64_t>(most_named)) continue;
    std::string text = text_of(columns[target], labels);
    fit.first_ones += fmt::format("{}sequence {} ({} steps for {}: \"{}\")",
                                  fit.first_ones.empty() ? "" : ", ", i + 1, steps, needed, text);
  }
  if (fit.too_long > static_cast<std::int64_t>(most_named)) fit.first_ones += ", ...";
  return fit;
}

class Transcribe final : public SequenceTask {
 public:
  const char* name() const override { return "transcribe"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::spellings; }
  bool spells() const override { return true; }

  Columns load_columns(const NamedState& state) const override {
    Columns columns = SequenceTask::load_columns(state);
    static_cast<void>(target_of(columns, ColumnScope::own));
    return columns;
  }
  Columns columns_for(const TaskSettings& config, const Columns& stored) const override {
    return stacked_columns(SequenceTask::columns_for(config, stored), config.stack_frames);
  }
  std::unique_ptr<SequenceSource> to_answer(std::unique_ptr<SequenceSource> sequences,
                                            const TaskSettings& config,
                                            const Columns& stored) const override {
    return std::make_unique<StackedSequences>(std::move(sequences), stored, config.stack_frames);
  }
  std::unique_ptr<WindowSource> split(const Dataset& data, const std::string& name) const override {
    return std::make_unique<PackedWindows>(
        to_answer(open_split(data, name), data.settings(), data.stored_columns()), data.columns());
  }

  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = SequenceTask::foreign_keys();
    std::erase(keys, "stack-frames");
    std::erase(keys, "pyramid");
    std::erase(keys, "target-window");
    keys.insert(keys.end(), {"pool", "class-weights", "label-smoothing", "recompute"});
    append_keys(keys, number_settings());
    append_keys(keys, sequence_settings());
    append_keys(keys, letter_settings());
    return keys;
  }
  // Pictures and recordings are long, and lie in a window as a whole: the longest one.
  std::int64_t usual_window(const Dataset& data) const override {
    return std::ranges::max(data.split("train")->whole()->lengths());
  }
  void check_split(const Dataset& data, const std::string& name) const override {
    SequenceTask::check_split(data, name);
    const auto split = data.split(name);
    const Fit fit = fit_of(*split->whole(), data.columns(), data.settings().thinning());
    if (fit.too_long < fit.given) return;
    throw_input("{}, split '{}': no target fits the steps of its sequence: {}",
                data.file().path().string(), name, fit.first_ones);
  }
  std::vector<std::string> notices(const TaskSettings& config, const Dataset& data) const override;

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override {
    NetworkPlan plan(config.seed);
    const Signal top = add_stack(plan, add_inputs(plan, config, columns), config, said_column);
    plan.ctc(top, said_column, columns[target_of(columns, ColumnScope::own)].vocabulary->size());
    return plan;
  }

  std::string describe_inputs(const TaskSettings& config, const Columns& columns) const override {
    const std::string inputs = SequenceTask::describe_inputs(config, columns);
    const std::int64_t frames = config.frames_together();
    if (frames == 1) return inputs + ", spelt by steps";
    return fmt::format("{}, spelt by steps of {} of the data", inputs, frames);
  }

  Evaluation judge(const Answers& answers, const Columns& columns,
                   const SequenceSource& sequences) const override;
  std::string figures_text(const std::string& what, const Evaluation& evaluation, const Dataset&,
                           const std::string& split) const override;
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset&,
                    const std::string& split) const override;
  std::vector<Baseline> baselines(const Dataset& data, const std::string&,
                                  const BaselineOptions&) const override {
    throw_input("{}: the task '{}' has no baseline: who reads nothing gets every character wrong",
                data.file().path().string(), name());
  }
};

std::vector<std::string> Transcribe::notices(const TaskSettings& config,
                                             const Dataset& data) const {
  std::vector<std::string> notices = SequenceTask::notices(config, data);
  for (const char* name : {"train", "validation"}) {
    if (!data.has_split(name)) continue;
    const auto split = data.split(name);
    const Fit fit = fit_of(*split->whole(), data.columns(), config.thinning());
    if (fit.too_long == 0) continue;
    std::string advice;
    for (const auto& [key, value] :
         {std::pair{"stack-frames", config.stack_frames}, std::pair{"pyramid", config.pyramid}}) {
      if (value > 1) advice += fmt::format("{} a smaller --{}", advice.empty() ? ";" : " or", key);
    }
    notices.push_back(fmt::format(
        "{} of the {} targets in {} need more steps than their sequences have, and teach nothing: "
        "{}{}",
        fit.too_long, fit.given, name, fit.first_ones,
        advice.empty() ? "" : advice + " makes steps more"));
  }
  return notices;
}

Evaluation Transcribe::judge(const Answers& answers, const Columns& columns,
                             const SequenceSource& sequences) const {
  const auto [given, said, numbers] = given_and_said(sequences, columns, answers.texts);
  const auto [loss, weight] = tree_totals(answers.losses, answers.weights);
  Evaluation evaluation(loss / weight, static_cast<std::int64_t>(weight));
  for (const Figure& figure : text_figures(given, said, ColumnKind::character)) {
    if (figure.is_share) evaluation.figures.push_back(figure);
  }
  // Those that weigh nothing, as their steps are too few.
  const std::int64_t too_long = std::ssize(given) - evaluation.targets;
  if (too_long > 0) {
    evaluation.figures.push_back({"too_long", static_cast<double>(too_long), false});
  }
  if (answers.outside_list > 0) {
    evaluation.figures.push_back(
        {"outside_list", static_cast<double>(answers.outside_list), false});
  }
  evaluation.edits = count_edits(given, said, numbers);
  // What says no number says no text, and nothing is best.
  if (std::isfinite(evaluation.loss)) evaluation.score = evaluation.figures.front().value;
  return evaluation;
}

std::string Transcribe::figures_text(const std::string& what, const Evaluation& evaluation,
                                     const Dataset&, const std::string& split) const {
  std::string text =
      fmt::format("{} on {}: loss {:.4f} nats a sequence,", what, split, evaluation.loss);
  for (const Figure& figure : evaluation.figures) {
    text += figure.is_share ? fmt::format(" {} {:.2f} %,", figure.name, 100 * figure.value)
                            : fmt::format(" {} {},", figure.name, figure.value);
  }
  return text + fmt::format(" {} targets\n", evaluation.targets) + edits_text(evaluation.edits);
}

Json Transcribe::figures_json(const std::string& what, const Evaluation& evaluation, const Dataset&,
                              const std::string& split) const {
  Json metrics = Json::object();
  for (const Figure& figure : evaluation.figures) metrics[figure.name] = figure.value;
  return {{"model", what},           {"split", split},
          {"loss", evaluation.loss}, {"targets", evaluation.targets},
          {"metrics", metrics},      {"edits", edits_json(evaluation.edits)}};
}

}  // namespace

const Task& transcribe() {
  static const Transcribe task;
  return task;
}

}  // namespace rondo::tasks
