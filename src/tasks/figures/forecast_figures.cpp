#include "tasks/figures/forecast_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "rondo/core/errors.hpp"
#include "tasks/answers/number_answers.hpp"
#include "tasks/figures/each_forecast.hpp"
#include "tasks/figures/number_figures.hpp"
#include "tasks/figures/sequence_sums.hpp"

namespace rondo::tasks {
namespace {

using kernels::NumberLossKind;

// What is summed over a target's forecasts.
enum Sum : std::uint8_t {
  count,
  squared,
  absolute,
  smape,
  surprise,
  covered,
  came,
  said,
  scaled,         // errors, in those of a naive forecast,
  scaled_number,  // and how many: where that is known
  sums
};
using Sums = std::array<double, sums>;
// About the means of the two.
enum Moment2 : std::uint8_t { came_came, said_said, came_said, moments };
using Moments = std::array<double, moments>;

// Which of several slices of all forecasts one belongs to.
using SliceOf = std::function<std::size_t(const Forecast&)>;

class Judge {
 public:
  Judge(const Answers& answers, const ForecastSequences& sequences)
      : answers_(answers.numbers), sequences_(sequences) {}

  // Of each target, of one slice after another.
  std::vector<Sums> all_sums(std::size_t slices, const SliceOf& slice) const {
    return all<Sums>(slices, slice, [&](const Forecast& one, Sums& to) {
      const double off = one.answer - one.came;
      ++to[count];
      to[squared] += off * off;
      to[absolute] += std::abs(off);
      const double size = std::abs(one.answer) + std::abs(one.came);
      to[smape] += size > 0 ? 200 * std::abs(off) / size : 0;
      to[surprise] += surprise_of(one);
      to[covered] += one.came >= one.low && one.came <= one.high ? 1 : 0;
      to[came] += one.came;
      to[said] += one.answer;
      if (std::isnan(one.naive)) return;
      to[scaled] += std::abs(off) / one.naive;
      ++to[scaled_number];
    });
  }
  // Of each target.
  std::vector<Moments> all_moments(const std::vector<Sums>& of) const {
    return all<Moments>(1, of_all, [&](const Forecast& one, Moments& to) {
      const Sums& own = of[static_cast<std::size_t>(one.target)];
      const double x = one.came - own[came] / own[count];
      const double y = one.answer - own[said] / own[count];
      to[came_came] += x * x;
      to[said_said] += y * y;
      to[came_said] += x * y;
    });
  }
  static std::size_t of_all(const Forecast&) { return 0; }

  // Rows of the split from which there are forecasts.
  std::int64_t rows() const {
    std::int64_t rows = 0;
    for (std::int64_t row = 0; row < answers_.starts.back(); ++row) {
      const ForecastSequences::Place place = sequences_.place(row);
      if (place.counts) rows = std::max(rows, place.row + 1);
    }
    return rows;
  }

 private:
  double surprise_of(const Forecast& one) const {
    const kernels::NumberLoss& loss = answers_.loss;
    if (loss.kind == NumberLossKind::gaussian) return negative_log_density(one.parts, one.came);
    return loss.quantiles.empty() ? 0 : pinball(loss, one.parts, one.came);
  }

  // Sums of each slice's targets over their forecasts: add(forecast, sums of its sequence).
  template <class Each, class Add>
  std::vector<Each> all(std::size_t slices, const SliceOf& slice, const Add& add) const {
    const auto targets = static_cast<std::size_t>(sequences_.all_targets());
    std::vector<TreeSums<Each>> trees(slices * targets);
    std::vector<Each> own(trees.size());
    for (std::size_t s = 0; s + 1 < answers_.starts.size(); ++s) {
      std::ranges::fill(own, Each{});
      for (std::int64_t row = answers_.starts[s]; row < answers_.starts[s + 1]; ++row) {
        for_each_forecast(answers_, sequences_, row, [&](const Forecast& one) {
          add(one, own[slice(one) * targets + static_cast<std::size_t>(one.target)]);
        });
      }
      for (std::size_t i = 0; i < own.size(); ++i) trees[i].add(own[i]);
    }
    std::vector<Each> totals;
    for (TreeSums<Each>& tree : trees) totals.push_back(tree.total());
    return totals;
  }

  const NumberAnswers& answers_;
  const ForecastSequences& sequences_;
};

NumberFigures figures_of(const Sums& sums, const Moments& moments, double unit,
                         const kernels::NumberLoss& loss) {
  NumberFigures all{static_cast<std::int64_t>(sums[count]), {}};
  if (sums[count] == 0) return all;
  const auto put = [&](const char* name, double value, bool is_share = false) {
    all.figures.push_back({name, value, is_share});
  };
  const auto mean = [&](Sum of) { return sums[of] / sums[count]; };
  const NumberLossKind kind = loss.kind;
  if (kind == NumberLossKind::gaussian) put("nll", mean(surprise));
  if (kind == NumberLossKind::quantile) put("scaled_pinball", mean(surprise) / unit);
  if (kind == NumberLossKind::absolute) put("scaled_mae", mean(absolute) / unit);
  put("scaled_mse", mean(squared) / (unit * unit));
  if (kind != NumberLossKind::absolute) put("scaled_mae", mean(absolute) / unit);
  if (kind == NumberLossKind::quantile) put("pinball", mean(surprise));
  if (interval_share(loss) > 0) put("coverage", mean(covered), true);
  put("mse", mean(squared));
  put("rmse", std::sqrt(mean(squared)));
  put("mae", mean(absolute));
  if (sums[scaled_number] > 0) put("mase", sums[scaled] / sums[scaled_number]);
  put("smape", mean(smape));
  if (moments[came_came] <= 0) return all;
  put("nse", 1 - sums[squared] / moments[came_came]);
  const double correlation =
      moments[said_said] > 0
          ? moments[came_said] / (std::sqrt(moments[came_came]) * std::sqrt(moments[said_said]))
          : 0;
  const double spread = std::sqrt(moments[said_said] / moments[came_came]);
  if (mean(came) == 0) return all;
  const double bias = mean(said) / mean(came);
  put("kge", 1 - std::sqrt((correlation - 1) * (correlation - 1) + (spread - 1) * (spread - 1) +
                           (bias - 1) * (bias - 1)));
  return all;
}

}  // namespace

Evaluation judge_forecasts(const Answers& answers, const ForecastSequences& sequences,
                           const Column& target) {
  const Judge judge(answers, sequences);
  const std::vector<Sums> sums = judge.all_sums(1, Judge::of_all);
  const std::vector<Moments> moments = judge.all_moments(sums);
  Evaluation evaluation;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    evaluation.numbers.push_back(
        figures_of(sums[i], moments[i], target.deviation[i], answers.numbers.loss));
    evaluation.targets += evaluation.numbers.back().given;
  }
  if (evaluation.targets == 0) throw_input("the split has no values to measure forecasts by");
  const auto [loss, weight] = tree_totals(answers.losses, answers.weights);
  evaluation.loss = weight > 0 ? loss / weight : 0;
  evaluation.interval = interval_share(answers.numbers.loss);
  evaluation.figures = mean_figures(evaluation.numbers);
  evaluation.score = evaluation.figures.front().value;
  return evaluation;
}

void backtest_forecasts(const Answers& answers, const ForecastSequences& sequences,
                        const Column& target, int folds, Evaluation& to) {
  const Judge judge(answers, sequences);
  const auto add = [&](std::vector<Slice>& slices, const SliceOf& slice_of) {
    const std::vector<Sums> sums = judge.all_sums(slices.size(), slice_of);
    const std::size_t targets = sums.size() / slices.size();
    for (std::size_t s = 0; s < slices.size(); ++s) {
      std::vector<NumberFigures> numbers;
      for (std::size_t i = 0; i < targets; ++i) {
        numbers.push_back(figures_of(sums[s * targets + i], Moments{}, target.deviation[i],
                                     answers.numbers.loss));
        slices[s].targets += numbers.back().given;
      }
      slices[s].figures = mean_figures(numbers);
    }
  };
  const std::int64_t rows = judge.rows();
  const std::int64_t parts = std::min<std::int64_t>(folds, rows);
  to.folds.clear();
  for (std::int64_t fold = 0; fold < parts; ++fold) {
    // Row r is of fold r * parts / rows.
    to.folds.push_back(
        {(fold * rows + parts - 1) / parts + 1, ((fold + 1) * rows + parts - 1) / parts});
  }
  add(to.folds,
      [&](const Forecast& one) { return static_cast<std::size_t>(one.row * parts / rows); });
  to.ahead.clear();
  for (std::int64_t row = 1; row <= sequences.shape().horizon; ++row)
    to.ahead.push_back({row, row});
  add(to.ahead, [](const Forecast& one) { return static_cast<std::size_t>(one.ahead); });
}

}  // namespace rondo::tasks
