#include "rondo/train/suspects.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include "rondo/core/labels.hpp"
#include "rondo/data/forecasts.hpp"
#include "tasks/decoding/judge.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/decoding/texts_of_ranks.hpp"
#include "tasks/figures/suspects.hpp"
#include "tasks/sequence_inputs.hpp"

namespace rondo {
namespace {

using tasks::Suspect;

std::vector<double> united_numbers(std::vector<std::uint64_t>& bits, Communicator& world) {
  world.unite(bits);
  std::vector<double> numbers;
  std::ranges::transform(bits, std::back_inserter(numbers),
                         [](std::uint64_t own) { return std::bit_cast<double>(own); });
  return numbers;
}

template <class Real>
std::vector<Suspect> of_classes(Evaluator<Real>& evaluator, const WindowSource& split,
                                const Task::SequenceTargets& targets, const Columns& columns,
                                ThreadPool& pool, Communicator& world) {
  const std::size_t number = tasks::target_of(columns);
  const SequenceSource& whole = *split.whole();
  const auto rows = static_cast<std::size_t>(target_starts(whole, columns[number].scope).back());
  const auto words =
      static_cast<std::size_t>(targets.labels > 0 ? words_of_labels(targets.labels) : 1);
  std::vector<std::int32_t> given(rows * words);
  whole.read(static_cast<int>(number), 0, given);
  std::vector<std::uint64_t> margins(rows);
  const auto measure_row = [&](std::int64_t row, std::span<const Real> outputs) {
    const auto at = static_cast<std::size_t>(row);
    margins[at] = std::bit_cast<std::uint64_t>(
        tasks::margin(outputs, given.data() + at * words, targets.labels));
  };
  const auto answers = evaluator.answer(split, targets, pool, nullptr, {}, measure_row);
  return tasks::class_suspects(*answers, united_numbers(margins, world), columns[number]);
}

// What a model says symbol after symbol is searched for, beside the walk that measures targets.
template <class Real>
Answers search_texts(const SavedModel<Real>& model, Evaluator<Real>& evaluator,
                     const WindowSource& split, const Columns& columns, std::int64_t beam,
                     ThreadPool& pool, Communicator& world, std::vector<double>& text_scores) {
  Answers answers = *evaluator.answer_texts(split, pool);
  DecodeOptions options = tasks::usual_search(*tasks::said_column_of(columns));
  options.beam = beam;
  const tasks::MakeScorer voter = tasks::scorer_of(model, pool);
  std::vector<std::uint64_t> likely(answers.losses.size());
  std::vector<std::int32_t> own;
  tasks::decode_sequences({&voter, 1}, split, world.size(), world.rank(), 0,
                          tasks::usual_lengths(columns), options, pool,
                          [&](std::int64_t sequence, const std::vector<Hypothesis>& texts) {
                            tasks::append_text(sequence, texts.front().symbols, own);
                            likely[static_cast<std::size_t>(sequence)] =
                                std::bit_cast<std::uint64_t>(texts.front().log_probability);
                          });
  answers.texts = tasks::united_texts(world, answers.losses.size(), own);
  text_scores = united_numbers(likely, world);
  return answers;
}

}  // namespace

bool has_suspects(const Task& task, const Columns& columns) {
  return task.spells() || tasks::said_column_of(columns) != nullptr ||
         task.sequence_targets(columns);
}

template <class Real>
std::vector<Suspect> find_suspects(const SavedModel<Real>& model, Evaluator<Real>& evaluator,
                                   const WindowSource& split, const Columns& columns,
                                   std::int64_t beam, ThreadPool& pool, Communicator& world) {
  const SequenceSource& whole = *split.whole();
  std::vector<Suspect> suspects;
  if (const Column* said = tasks::said_column_of(columns); said != nullptr) {
    std::vector<double> scores;
    const Answers answers =
        model.task.spells()
            ? *evaluator.spell(split, columns, beam, pool, nullptr, {}, &scores)
            : search_texts(model, evaluator, split, columns, beam, pool, world, scores);
    suspects = tasks::text_suspects(answers, scores, *said, static_cast<int>(said - columns.data()),
                                    whole);
  } else if (const auto targets = model.task.sequence_targets(columns); targets->numbers == 0) {
    suspects = of_classes(evaluator, split, *targets, columns, pool, world);
  } else {
    const Answers answers = *evaluator.answer(split, *targets, pool);
    const auto* const forecasts = dynamic_cast<const ForecastSequences*>(&whole);
    suspects = forecasts != nullptr
                   ? tasks::forecast_suspects(answers, *forecasts)
                   : tasks::number_suspects(answers, columns[tasks::target_of(columns)]);
  }
  tasks::worst_first(suspects);
  return suspects;
}

template std::vector<Suspect> find_suspects(const SavedModel<float>&, Evaluator<float>&,
                                            const WindowSource&, const Columns&, std::int64_t,
                                            ThreadPool&, Communicator&);
template std::vector<Suspect> find_suspects(const SavedModel<double>&, Evaluator<double>&,
                                            const WindowSource&, const Columns&, std::int64_t,
                                            ThreadPool&, Communicator&);

}  // namespace rondo
