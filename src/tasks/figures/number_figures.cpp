#include "tasks/figures/number_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "rondo/core/errors.hpp"
#include "tasks/answers/number_answers.hpp"
#include "tasks/figures/class_table.hpp"
#include "tasks/figures/sequence_sums.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;
using kernels::NumberLossKind;
using Parts = std::vector<double>;

double square(double x) { return x * x; }

// One of the numbers that are said.
class OneNumber {
 public:
  OneNumber(const NumberAnswers& answers, const Column& target, int number)
      : answers_(answers),
        target_(target),
        number_(number),
        outputs_(static_cast<std::size_t>(target.width * answers.loss.parts())) {
    for (std::size_t row = 0; row * width() < answers.given.size(); ++row) {
      count_ += std::isnan(given(row)) ? 0 : 1;
    }
  }

  NumberFigures figures() const {
    NumberFigures all{count_, {}};
    if (count_ == 0) return all;
    const auto put = [&](const char* name, double value, bool is_share = false) {
      all.figures.push_back({name, value, is_share});
    };
    const std::size_t answer = answer_part(answers_.loss);
    const double mse = mean([&](const Parts& said, double x) { return square(said[answer] - x); });
    const double mae =
        mean([&](const Parts& said, double x) { return std::abs(said[answer] - x); });
    const NumberLossKind kind = answers_.loss.kind;
    if (kind == NumberLossKind::gaussian)
      put("nll", mean([](const Parts& said, double x) { return negative_log_density(said, x); }));
    if (kind == NumberLossKind::quantile) {
      put("pinball",
          mean([&](const Parts& said, double x) { return pinball(answers_.loss, said, x); }));
    }
    if (interval_share(answers_.loss) > 0) put("coverage", coverage(), true);
    if (kind == NumberLossKind::absolute) put("mae", mae);
    put("mse", mse);
    put("rmse", std::sqrt(mse));
    if (kind != NumberLossKind::absolute) put("mae", mae);
    const double middle = mean([](const Parts&, double x) { return x; });
    const double spread = mean([&](const Parts&, double x) { return square(x - middle); });
    if (spread > 0) put("r2", 1 - mse / spread);
    return all;
  }

 private:
  std::size_t width() const { return static_cast<std::size_t>(target_.width); }
  double given(std::size_t row) const {
    return answers_.given[row * width() + static_cast<std::size_t>(number_)];
  }

  // The mean of term(what is said, what is given).
  template <class Term>
  double mean(const Term& term) const {
    const std::size_t sequences = answers_.starts.size() - 1;
    std::vector<double> sums(sequences), counts(sequences);
    Parts said;
    for (std::size_t s = 0; s < sequences; ++s) {
      for (auto row = static_cast<std::size_t>(answers_.starts[s]);
           row < static_cast<std::size_t>(answers_.starts[s + 1]); ++row) {
        const double x = given(row);
        if (std::isnan(x)) continue;
        const auto outputs = std::span(answers_.said).subspan(row * outputs_, outputs_);
        read_number(answers_.loss, outputs, target_.width, number_, said);
        to_units(answers_.loss, target_, number_, said);
        sums[s] += term(said, x);
        ++counts[s];
      }
    }
    const auto [sum, count] = tree_totals(sums, counts);
    return sum / count;
  }

  double coverage() const {
    return mean([&](const Parts& said, double x) {
      const auto [low, high] = interval(answers_.loss, said);
      return x >= low && x <= high ? 1.0 : 0.0;
    });
  }

  const NumberAnswers& answers_;
  const Column& target_;
  int number_;
  std::size_t outputs_;
  std::int64_t count_ = 0;
};

const Figure* find(const std::vector<Figure>& figures, const std::string& name) {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  return found == figures.end() ? nullptr : &*found;
}

// The mean over the numbers that have a figure.
Figure mean_of(const std::vector<NumberFigures>& numbers, const Figure& like) {
  double sum = 0, count = 0;
  for (const NumberFigures& number : numbers) {
    const Figure* own = find(number.figures, like.name);
    if (own == nullptr) continue;
    sum += own->value;
    ++count;
  }
  return {like.name, sum / count, like.is_share};
}

// The first figure of several numbers, each in its own deviations.
Figure scaled(const std::vector<NumberFigures>& numbers, const Column& target) {
  double sum = 0, count = 0;
  std::string name;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i].given == 0) continue;
    const Figure& first = numbers[i].figures.front();
    const double unit = target.deviation[i];
    name = first.name;
    sum += first.value / (name == "mse" ? square(unit) : unit);
    ++count;
  }
  return {"scaled_" + name, sum / count, false};
}

std::string shown(const Figure& figure, double interval) {
  static const std::map<std::string, std::string> names = {
      {"mse", "MSE"},
      {"rmse", "RMSE"},
      {"mae", "MAE"},
      {"r2", "R2"},
      {"nll", "NLL"},
      {"pinball", "pinball loss"},
      {"mase", "MASE"},
      {"smape", "sMAPE"},
      {"nse", "NSE"},
      {"kge", "KGE"},
      {"scaled_mse", "MSE in deviations"},
      {"scaled_mae", "MAE in deviations"},
      {"scaled_pinball", "pinball loss in deviations"}};
  if (figure.name == "coverage") {
    return fmt::format("the interval of {:.4g} % covers {:.1f} %", 100 * interval,
                       100 * figure.value);
  }
  return fmt::format("{} {:.6g}", names.at(figure.name), figure.value);
}

Json slices_json(const std::vector<Slice>& slices) {
  Json all = Json::array();
  for (const Slice& slice : slices) {
    Json own = {{"first", slice.first}, {"last", slice.last}, {"targets", slice.targets}};
    for (const Figure& figure : slice.figures) own[figure.name] = figure.value;
    all.push_back(std::move(own));
  }
  return all;
}

}  // namespace

std::vector<Figure> mean_figures(const std::vector<NumberFigures>& numbers) {
  std::vector<Figure> figures;
  for (const NumberFigures& number : numbers) {
    for (const Figure& figure : number.figures) {
      if (find(figures, figure.name) == nullptr) figures.push_back(mean_of(numbers, figure));
    }
  }
  return figures;
}

Evaluation judge_numbers(const Answers& answers, const Column& target) {
  Evaluation evaluation;
  for (int i = 0; i < target.width; ++i) {
    evaluation.numbers.push_back(OneNumber(answers.numbers, target, i).figures());
    evaluation.targets += evaluation.numbers.back().given;
  }
  if (evaluation.targets == 0) throw_input("the split has no targets to measure by");
  const auto [loss, weight] = tree_totals(answers.losses, answers.weights);
  evaluation.loss = weight > 0 ? loss / weight : 0;
  evaluation.interval = interval_share(answers.numbers.loss);
  evaluation.figures = mean_figures(evaluation.numbers);
  if (target.width > 1 && evaluation.figures.front().name != "nll") {
    evaluation.figures.insert(evaluation.figures.begin(), scaled(evaluation.numbers, target));
  }
  evaluation.score = evaluation.figures.front().value;
  return evaluation;
}

std::string numbers_text(const std::string& what, const Evaluation& evaluation,
                         const Column& target, const std::string& split) {
  std::string text = fmt::format("{} on {}: ", what, split);
  for (const Figure& figure : evaluation.figures) {
    text += shown(figure, evaluation.interval) + ", ";
  }
  if (evaluation.loss != 0) text += fmt::format("loss {:.4f}, ", evaluation.loss);
  text += fmt::format("{} number{}\n", evaluation.targets, evaluation.targets == 1 ? "" : "s");
  if (target.width == 1) return text;
  std::size_t names = 6;
  for (std::size_t i = 0; i < evaluation.numbers.size(); ++i) {
    names = std::max(names, shown_width(target.number_name(i)));
  }
  std::vector<std::string> heads;
  for (const Figure& figure : evaluation.figures) {
    if (!figure.name.starts_with("scaled_")) heads.push_back(figure.name);
  }
  text += "\n  " + padded("target", names);
  for (const std::string& head : heads) text += fmt::format("{:>14}", head);
  text += fmt::format("{:>12}\n", "given");
  for (std::size_t i = 0; i < evaluation.numbers.size(); ++i) {
    text += "  " + padded(target.number_name(i), names);
    for (const std::string& head : heads) {
      const Figure* figure = find(evaluation.numbers[i].figures, head);
      text += figure == nullptr  ? fmt::format("{:>14}", "-")
              : figure->is_share ? fmt::format("{:>12.1f} %", 100 * figure->value)
                                 : fmt::format("{:>14.6g}", figure->value);
    }
    text += fmt::format("{:>12}\n", evaluation.numbers[i].given);
  }
  return text;
}

Json numbers_json(const std::string& what, const Evaluation& evaluation, const Column& target,
                  const std::string& split) {
  Json metrics = Json::object();
  for (const Figure& figure : evaluation.figures) metrics[figure.name] = figure.value;
  Json all = {{"model", what},
              {"split", split},
              {"loss", evaluation.loss},
              {"targets", evaluation.targets},
              {"metrics", metrics}};
  if (evaluation.interval > 0) all["interval"] = evaluation.interval;
  if (!evaluation.folds.empty()) all["folds"] = slices_json(evaluation.folds);
  if (!evaluation.ahead.empty()) all["ahead"] = slices_json(evaluation.ahead);
  for (std::size_t i = 0; i < evaluation.numbers.size() && target.width > 1; ++i) {
    Json own = {{"target", target.number_name(i)}, {"given", evaluation.numbers[i].given}};
    for (const Figure& figure : evaluation.numbers[i].figures) own[figure.name] = figure.value;
    all["numbers"].push_back(std::move(own));
  }
  return all;
}

}  // namespace rondo::tasks
