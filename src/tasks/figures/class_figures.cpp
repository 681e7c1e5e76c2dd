#include "tasks/figures/class_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "tasks/figures/class_table.hpp"
#include "tasks/figures/sequence_sums.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t few_items = 1000;  // below, an interval is told
constexpr std::size_t most_classes = 24;  // of a table that a terminal shows

std::vector<ClassCounts> of_classes(const std::vector<std::vector<std::int64_t>>& confusion) {
  std::vector<ClassCounts> classes(confusion.size());
  for (std::size_t given = 0; given < confusion.size(); ++given) {
    classes[given].right = confusion[given][given];
    for (std::size_t said = 0; said < confusion.size(); ++said) {
      classes[given].given += confusion[given][said];
      classes[said].said += confusion[given][said];
    }
  }
  return classes;
}

std::string confusion_table(const Evaluation& evaluation, const Column& target) {
  const std::size_t classes = evaluation.confusion.size();
  std::int64_t most = 0;
  std::size_t names = 5;
  for (std::size_t i = 0; i < classes; ++i) {
    most = std::max(most, std::ranges::max(evaluation.confusion[i]));
    names = std::max(names, shown_width(target.symbol_name(i)));
  }
  const std::size_t cell = std::max<std::size_t>(fmt::format("{}", most).size(), 3) + 1;
  // Columns are headed by their classes' numbers where names are too wide.
  std::string text = "\ngiven (rows) and said (columns)\n" + std::string(names + 5, ' ');
  for (std::size_t i = 0; i < classes; ++i) text += fmt::format("{:>{}}", i + 1, cell);
  text += '\n';
  for (std::size_t given = 0; given < classes; ++given) {
    text += fmt::format("{:>3}  {}", given + 1, padded(target.symbol_name(given), names));
    for (std::size_t said = 0; said < classes; ++said) {
      const std::int64_t count = evaluation.confusion[given][said];
      text += count == 0 ? fmt::format("{:>{}}", given == said ? "0" : ".", cell)
                         : fmt::format("{:>{}}", count, cell);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

Interval interval_of(std::int64_t right, std::int64_t all) {
  constexpr double z = 1.959964;
  const auto n = static_cast<double>(all);
  const double share = static_cast<double>(right) / n;
  const double middle = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (middle - half) / scale), std::min(1.0, (middle + half) / scale)};
}

Evaluation judge_classes(const Answers& answers, int classes) {
  Evaluation evaluation;
  const auto count = static_cast<std::size_t>(classes);
  evaluation.confusion.assign(count, std::vector<std::int64_t>(count));
  std::int64_t right = 0;
  for (std::size_t row = 0; row < answers.targets.size(); ++row) {
    if (answers.targets[row] < 0) continue;
    ++evaluation.targets;
    right += answers.said[row] == answers.targets[row];
    ++evaluation.confusion[static_cast<std::size_t>(answers.targets[row])]
                          [static_cast<std::size_t>(answers.said[row])];
  }
  if (evaluation.targets == 0) throw_input("the split has no targets to measure by");
  const auto [loss, weight] = tree_totals(answers.losses, answers.weights);
  evaluation.loss = weight > 0 ? loss / weight : 0;
  const double accuracy = static_cast<double>(right) / static_cast<double>(evaluation.targets);
  evaluation.figures = {{"accuracy", accuracy},
                        {"macro_f1", macro_f1(of_classes(evaluation.confusion))}};
  evaluation.score = 1 - accuracy;
  return evaluation;
}

double figure_of(const Evaluation& evaluation, std::string_view name) {
  const auto found = std::ranges::find(evaluation.figures, name, &Figure::name);
  return found == evaluation.figures.end() ? 0 : found->value;
}

std::string classes_text(const std::string& what, const Evaluation& evaluation,
                         const Column& target, const std::string& split) {
  const std::vector<ClassCounts> classes = of_classes(evaluation.confusion);
  std::int64_t right = 0;
  for (const ClassCounts& one : classes) right += one.right;
  std::string text = fmt::format("{} on {}: accuracy {:.2f} %", what, split,
                                 100 * figure_of(evaluation, "accuracy"));
  if (evaluation.targets < few_items) {
    const Interval interval = interval_of(right, evaluation.targets);
    text +=
        fmt::format(" (95 % interval {:.1f} to {:.1f})", 100 * interval.low, 100 * interval.high);
  }
  text += fmt::format(", macro F1 {:.2f} %", 100 * figure_of(evaluation, "macro_f1"));
  if (evaluation.loss > 0) text += fmt::format(", loss {:.4f} nats", evaluation.loss);
  text += fmt::format(", {} of {} right\n", right, evaluation.targets);
  text += class_lines("class", classes, names_of(target));
  if (classes.size() <= most_classes) text += confusion_table(evaluation, target);
  return text;
}

Json classes_json(const std::string& what, const Evaluation& evaluation, const Column& target,
                  const std::string& split) {
  Json metrics = Json::object();
  for (const Figure& figure : evaluation.figures) metrics[figure.name] = figure.value;
  const Json list = class_list("class", of_classes(evaluation.confusion), names_of(target));
  return {{"model", what},
          {"split", split},
          {"loss", evaluation.loss},
          {"targets", evaluation.targets},
          {"metrics", metrics},
          {"classes", list},
          {"confusion", evaluation.confusion}};
}

}  // namespace rondo::tasks
