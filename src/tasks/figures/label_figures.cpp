#include "tasks/figures/label_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "rondo/core/labels.hpp"
#include "tasks/figures/class_table.hpp"
#include "tasks/figures/sequence_sums.hpp"

namespace rondo::tasks {

using Json = nlohmann::ordered_json;

Evaluation judge_labels(const Answers& answers, int labels) {
  Evaluation evaluation;
  evaluation.labels.resize(static_cast<std::size_t>(labels));
  const auto words = static_cast<std::size_t>(answers.words);
  std::int64_t exact = 0;
  for (std::size_t row = 0; row < answers.targets.size(); row += words) {
    const std::int32_t* const given = answers.targets.data() + row;
    const std::int32_t* const said = answers.said.data() + row;
    if (*given < 0) continue;
    ++evaluation.targets;
    exact += std::equal(given, given + words, said);
    for (int label = 0; label < labels; ++label) {
      ClassCounts& counts = evaluation.labels[static_cast<std::size_t>(label)];
      counts.given += has_label(given, label);
      counts.said += has_label(said, label);
      counts.right += has_label(given, label) && has_label(said, label);
    }
  }
  if (evaluation.targets == 0) throw_input("the split has no targets to measure by");
  const auto [loss, weight] = tree_totals(answers.losses, answers.weights);
  evaluation.loss = weight > 0 ? loss / weight : 0;
  ClassCounts all;
  for (const ClassCounts& one : evaluation.labels) {
    all.right += one.right;
    all.given += one.given;
    all.said += one.said;
  }
  evaluation.figures = {
      {"micro_f1", f1(all)},
      {"macro_f1", macro_f1(evaluation.labels)},
      {"exact_match", static_cast<double>(exact) / static_cast<double>(evaluation.targets)}};
  evaluation.score = 1 - f1(all);
  return evaluation;
}

std::string labels_text(const std::string& what, const Evaluation& evaluation, const Column& target,
                        const std::string& split) {
  std::string text =
      fmt::format("{} on {}: micro F1 {:.2f} %, macro F1 {:.2f} %, all labels right {:.2f} %", what,
                  split, 100 * evaluation.figures[0].value, 100 * evaluation.figures[1].value,
                  100 * evaluation.figures[2].value);
  if (evaluation.loss > 0) text += fmt::format(", loss {:.4f} nats a label", evaluation.loss);
  text += fmt::format(", {} sequences\n", evaluation.targets);
  return text + class_lines("label", evaluation.labels, names_of(target));
}

Json labels_json(const std::string& what, const Evaluation& evaluation, const Column& target,
                 const std::string& split) {
  Json metrics = Json::object();
  for (const Figure& figure : evaluation.figures) metrics[figure.name] = figure.value;
  return {{"model", what},
          {"split", split},
          {"loss", evaluation.loss},
          {"targets", evaluation.targets},
          {"metrics", metrics},
          {"labels", class_list("label", evaluation.labels, names_of(target))}};
}

}  // namespace rondo::tasks
