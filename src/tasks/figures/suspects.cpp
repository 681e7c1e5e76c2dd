#include "tasks/figures/suspects.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "rondo/core/errors.hpp"
#include "rondo/core/labels.hpp"
#include "tasks/answers/number_answers.hpp"
#include "tasks/decoding/texts_of_ranks.hpp"
#include "tasks/figures/each_forecast.hpp"
#include "tasks/figures/text_figures.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

void check_number(double score) {
  if (std::isnan(score)) throw_run("the model says what is no number: its weights are of no use");
}

// The name of a class, or the list of labels' names.
Json names_of(const Column& target, const std::int32_t* row) {
  if (!target.has_labels()) return target.symbol_name(static_cast<std::size_t>(*row));
  Json names = Json::array();
  for (int i = 0; i < target.vocabulary->size(); ++i) {
    if (has_label(row, i)) names.push_back(target.symbol_name(static_cast<std::size_t>(i)));
  }
  return names;
}

// A number that was given, and what was said of it.
struct Off {
  std::int64_t sequence = 0, step = -1;
  int number = 0;
  double given = 0, said = 0;
  double deviation = 0;  // that the model tells; 0: none

  double error() const { return std::abs(said - given); }
};

// The worst of each sequence and step in a row of `all`, where `joins` holds of neighbours.
template <class Joins>
std::vector<Suspect> worst_of(const std::vector<Off>& all, const Column& target,
                              const Joins& joins) {
  const auto width = static_cast<std::size_t>(target.width);
  std::vector<double> squares(width), counts(width);
  for (const Off& off : all) {
    squares[static_cast<std::size_t>(off.number)] += off.error() * off.error();
    ++counts[static_cast<std::size_t>(off.number)];
  }
  std::vector<Suspect> suspects;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Off& off = all[i];
    const auto number = static_cast<std::size_t>(off.number);
    const double usual =
        off.deviation > 0 ? off.deviation : std::sqrt(squares[number] / counts[number]);
    const double score = usual > 0 ? off.error() / usual : 0;
    check_number(score);
    const bool goes_on = i > 0 && joins(all[i - 1], off);
    if (goes_on && score <= suspects.back().score) continue;
    if (!goes_on) suspects.emplace_back();
    suspects.back() = {off.sequence, off.step,  width > 1 ? target.number_name(number) : "",
                       score,        off.given, off.said};
  }
  return suspects;
}

}  // namespace

template <class Real>
double margin(std::span<const Real> outputs, const std::int32_t* target, int labels) {
  if (*target < 0) return 0;
  if (labels == 0) {
    const Real most = *std::ranges::max_element(outputs);
    return static_cast<double>(most) -
           static_cast<double>(outputs[static_cast<std::size_t>(*target)]);
  }
  // Of each label log p(so) - log p(not so) is its logit.
  double sum = 0;
  for (int i = 0; i < labels; ++i) {
    const auto logit = static_cast<double>(outputs[static_cast<std::size_t>(i)]);
    if ((logit > 0) != has_label(target, i)) sum += std::abs(logit);
  }
  return sum;
}
template double margin(std::span<const float>, const std::int32_t*, int);
template double margin(std::span<const double>, const std::int32_t*, int);

std::vector<Suspect> class_suspects(const Answers& answers, const std::vector<double>& margins,
                                    const Column& target) {
  const auto words = static_cast<std::size_t>(answers.words);
  std::vector<Suspect> suspects;
  std::size_t sequence = 0;
  std::int64_t of_last = -1;
  for (std::size_t row = 0; row < margins.size(); ++row) {
    std::int64_t step = -1;
    if (answers.starts.empty()) {
      sequence = row;
    } else {
      while (static_cast<std::int64_t>(row) >= answers.starts[sequence + 1]) ++sequence;
      step = static_cast<std::int64_t>(row) - answers.starts[sequence];
    }
    check_number(margins[row]);
    const std::int32_t* const given = answers.targets.data() + row * words;
    const std::int32_t* const said = answers.said.data() + row * words;
    if (*given < 0 || std::equal(given, given + words, said)) continue;
    const bool goes_on = of_last == static_cast<std::int64_t>(sequence);
    if (goes_on && margins[row] <= suspects.back().score) continue;
    if (!goes_on) suspects.emplace_back();
    of_last = static_cast<std::int64_t>(sequence);
    suspects.back() = {
        of_last, step, "", margins[row], names_of(target, given), names_of(target, said)};
  }
  return suspects;
}

std::vector<Suspect> number_suspects(const Answers& answers, const Column& target) {
  const NumberAnswers& numbers = answers.numbers;
  const auto width = static_cast<std::size_t>(target.width);
  const std::size_t outputs = width * static_cast<std::size_t>(numbers.loss.parts());
  const bool per_step = target.scope == ColumnScope::steps;
  std::vector<Off> all;
  std::vector<double> parts;
  for (std::size_t s = 0; s + 1 < numbers.starts.size(); ++s) {
    for (std::int64_t row = numbers.starts[s]; row < numbers.starts[s + 1]; ++row) {
      const auto at = static_cast<std::size_t>(row);
      for (std::size_t i = 0; i < width; ++i) {
        const double given = numbers.given[at * width + i];
        if (std::isnan(given)) continue;
        read_number(numbers.loss, std::span(numbers.said).subspan(at * outputs, outputs),
                    target.width, static_cast<int>(i), parts);
        to_units(numbers.loss, target, static_cast<int>(i), parts);
        all.push_back({static_cast<std::int64_t>(s), per_step ? row - numbers.starts[s] : -1,
                       static_cast<int>(i), given, parts[answer_part(numbers.loss)],
                       numbers.loss.kind == kernels::NumberLossKind::gaussian ? parts[1] : 0});
      }
    }
  }
  return worst_of(all, target, [](const Off& a, const Off& b) { return a.sequence == b.sequence; });
}

std::vector<Suspect> forecast_suspects(const Answers& answers, const ForecastSequences& sequences) {
  const Columns& stored = sequences.stored_columns();
  const Column& target = stored[static_cast<std::size_t>(SeriesColumns(stored).target)];
  const bool is_gaussian = answers.numbers.loss.kind == kernels::NumberLossKind::gaussian;
  std::vector<Off> all;
  for (std::int64_t row = 0; row < answers.numbers.starts.back(); ++row) {
    const std::int64_t series = sequences.place(row).series;
    for_each_forecast(answers.numbers, sequences, row, [&](const Forecast& one) {
      if (one.ahead > 0) return;
      all.push_back(
          {series, one.row, one.target, one.came, one.answer, is_gaussian ? one.parts[1] : 0});
    });
  }
  return worst_of(all, target, [](const Off& a, const Off& b) {
    return a.sequence == b.sequence && a.step == b.step;
  });
}

std::vector<Suspect> text_suspects(const Answers& answers, const std::vector<double>& scores,
                                   const Column& target, int column,
                                   const SequenceSource& sequences) {
  std::vector<Suspect> suspects;
  for (std::size_t i = 0; i < answers.texts.size(); ++i) {
    std::vector<std::int32_t> given = given_text(sequences, column, i);
    if (given.front() < 0 || answers.weights[i] == 0) continue;
    given.pop_back();  // the end
    const std::vector<std::int32_t>& said = answers.texts[i];
    if (given == said) continue;
    const auto symbols = static_cast<double>(std::max(given.size(), said.size()) + 1);
    const double score = (scores[i] + answers.losses[i]) / symbols;
    check_number(score);
    if (score <= 0) continue;
    suspects.push_back({static_cast<std::int64_t>(i), -1, "", score, text_of(target, given),
                        text_of(target, said)});
  }
  return suspects;
}

void worst_first(std::vector<Suspect>& suspects) {
  std::ranges::stable_sort(suspects, std::ranges::less(), [](const Suspect& suspect) {
    return std::tuple(-suspect.score, suspect.sequence, suspect.step);
  });
}

}  // namespace rondo::tasks
