#include "tasks/class_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "rondo/core/block_tree.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t few_items = 1000;  // below, an interval is told
constexpr std::size_t most_classes = 24;  // of a table that a terminal shows

// Sums of pairs over sequences, by the tree.
std::pair<double, double> tree_totals(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> left = a, right = b;
  while (left.size() > 1) {
    const std::size_t size = left.size();
    for (std::size_t i = 0; i < size / 2; ++i) {
      left[i] = left[2 * i] + left[2 * i + 1];
      right[i] = right[2 * i] + right[2 * i + 1];
    }
    if (size % 2 != 0) {
      left[size / 2] = left[size - 1];
      right[size / 2] = right[size - 1];
    }
    left.resize((size + 1) / 2);
    right.resize((size + 1) / 2);
  }
  return {left.front(), right.front()};
}

struct OfClass {
  std::int64_t right = 0, given = 0, said = 0;

  double precision() const { return said > 0 ? share(right, said) : 0; }
  double recall() const { return given > 0 ? share(right, given) : 0; }
  double f1() const { return given + said > 0 ? share(2 * right, given + said) : 0; }

 private:
  static double share(std::int64_t part, std::int64_t all) {
    return static_cast<double>(part) / static_cast<double>(all);
  }
};

std::vector<OfClass> of_classes(const std::vector<std::vector<std::int64_t>>& confusion) {
  std::vector<OfClass> classes(confusion.size());
  for (std::size_t given = 0; given < confusion.size(); ++given) {
    classes[given].right = confusion[given][given];
    for (std::size_t said = 0; said < confusion.size(); ++said) {
      classes[given].given += confusion[given][said];
      classes[said].said += confusion[given][said];
    }
  }
  return classes;
}

// Over the classes that are given or said.
double macro_f1(const std::vector<OfClass>& classes) {
  double sum = 0, count = 0;
  for (const OfClass& one : classes) {
    if (one.given + one.said == 0) continue;
    sum += one.f1();
    ++count;
  }
  return sum / count;
}

std::string name_of_class(const Column& target, std::size_t number) {
  const auto token = static_cast<std::int32_t>(number);
  return target.vocabulary->decode({&token, 1});
}

// Characters, not bytes.
std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::string padded(const std::string& text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return text + std::string(width > shown ? width - shown : 0, ' ');
}

std::string confusion_table(const Evaluation& evaluation, const Column& target) {
  const std::size_t classes = evaluation.confusion.size();
  std::int64_t most = 0;
  std::size_t names = 5;
  for (std::size_t i = 0; i < classes; ++i) {
    most = std::max(most, std::ranges::max(evaluation.confusion[i]));
    names = std::max(names, shown_width(name_of_class(target, i)));
  }
  const std::size_t cell = std::max<std::size_t>(fmt::format("{}", most).size(), 3) + 1;
  // Columns are headed by their classes' numbers where names are too wide.
  std::string text = "\ngiven (rows) and said (columns)\n" + std::string(names + 5, ' ');
  for (std::size_t i = 0; i < classes; ++i) text += fmt::format("{:>{}}", i + 1, cell);
  text += '\n';
  for (std::size_t given = 0; given < classes; ++given) {
    text += fmt::format("{:>3}  {}", given + 1, padded(name_of_class(target, given), names));
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

std::string classes_text(const std::string& what, const Evaluation& evaluation,
                         const Column& target, const std::string& split) {
  const std::vector<OfClass> classes = of_classes(evaluation.confusion);
  std::int64_t right = 0;
  for (const OfClass& one : classes) right += one.right;
  std::string text =
      fmt::format("{} on {}: accuracy {:.2f} %", what, split, 100 * evaluation.figures[0].value);
  if (evaluation.targets < few_items) {
    const Interval interval = interval_of(right, evaluation.targets);
    text +=
        fmt::format(" (95 % interval {:.1f} to {:.1f})", 100 * interval.low, 100 * interval.high);
  }
  text += fmt::format(", macro F1 {:.2f} %", 100 * evaluation.figures[1].value);
  if (evaluation.loss > 0) text += fmt::format(", loss {:.4f} nats", evaluation.loss);
  text += fmt::format(", {} of {} right\n", right, evaluation.targets);
  std::size_t names = 5;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    names = std::max(names, shown_width(name_of_class(target, i)));
  }
  text += fmt::format("\n     {}{:>12}{:>12}{:>12}{:>12}\n", padded("class", names), "precision",
                      "recall", "F1", "given");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    text += fmt::format("{:>3}  {}{:>10.1f} %{:>10.1f} %{:>10.1f} %{:>12}\n", i + 1,
                        padded(name_of_class(target, i), names), 100 * classes[i].precision(),
                        100 * classes[i].recall(), 100 * classes[i].f1(), classes[i].given);
  }
  if (classes.size() <= most_classes) text += confusion_table(evaluation, target);
  return text;
}

Json classes_json(const std::string& what, const Evaluation& evaluation, const Column& target,
                  const std::string& split) {
  Json metrics = Json::object();
  for (const Figure& figure : evaluation.figures) metrics[figure.name] = figure.value;
  Json list = Json::array();
  const std::vector<OfClass> classes = of_classes(evaluation.confusion);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    list.push_back({{"class", name_of_class(target, i)},
                    {"precision", classes[i].precision()},
                    {"recall", classes[i].recall()},
                    {"f1", classes[i].f1()},
                    {"given", classes[i].given}});
  }
  return {{"model", what},
          {"split", split},
          {"loss", evaluation.loss},
          {"targets", evaluation.targets},
          {"metrics", metrics},
          {"classes", list},
          {"confusion", evaluation.confusion}};
}

}  // namespace rondo::tasks
