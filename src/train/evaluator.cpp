#include "rondo/train/evaluator.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/labels.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/train/memory.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/decoding/source_scorer.hpp"
#include "tasks/figures/sequence_sums.hpp"
#include "train/evaluator_walk.hpp"

namespace rondo {

EvaluationShape evaluation_shape(const Config& config, const WindowSource& split) {
  EvaluationShape shape;
  shape.lanes = config.eval_lanes;
  shape.block = config.block;
  shape.window = config.window;
  shape.memory = static_cast<std::uint64_t>(config.memory * 1e6 / 4);
  shape.carried = config.carries_state();
  shape.target_window = config.target_window;
  shape.thinning = config.thinning();
  // What is said of sequences that windows carry on does not depend on the window.
  if (shape.carried && config.recompute > 0) {
    shape.window = std::min(config.window, config.recompute);
  }
  shape.longest = split.longest_windows(shape.layout(shape.plan(1), 0));
  return shape;
}

LaneLayout EvaluationShape::layout(const LanePlan& plan, int rank) const {
  LaneLayout layout = LaneLayout::of(plan, rank, window);
  layout.shuffle = false;
  layout.carried = carried;
  layout.target_window = target_window;
  layout.thinning = thinning;
  return layout;
}

template <class Real>
Evaluator<Real>::Evaluator(const NetworkPlan& model, const ParameterLayout& layout,
                           const Real* parameters, const EvaluationShape& shape,
                           Communicator& world)
    : shape_(shape),
      world_(world),
      plan_(shape.plan(world.size())),
      pass_(bounded_pass<Real>(model, shape.block, plan_.share(world.rank()).blocks(),
                               shape.longest, false, shape.memory)),
      network_(model, layout, parameters, pass_) {}

template <class Real>
Evaluation Evaluator<Real>::evaluate(const WindowSource& split, ThreadPool& pool, Pulse* pulse) {
  return *evaluate(split, pool, pulse, {});
}

template <class Real>
std::optional<Evaluation> Evaluator<Real>::evaluate(const WindowSource& split, ThreadPool& pool,
                                                    Pulse* pulse, const LookUp& look_up) {
  const auto own = static_cast<std::size_t>(plan_.share(world_.rank()).blocks());
  std::vector<double> losses(own), targets(own), window_losses(own), window_targets(own);
  const auto add = [&](const WindowView& part, std::size_t block) {
    const auto blocks = static_cast<std::size_t>(part.lanes / shape_.block);
    network_.block_losses(part, static_cast<int>(shape_.block),
                          std::span(window_losses).subspan(block, blocks),
                          std::span(window_targets).subspan(block, blocks));
    for (std::size_t b = block; b < block + blocks; ++b) {
      losses[b] += window_losses[b];
      targets[b] += window_targets[b];
    }
  };
  if (!walk(split, pool, pulse, look_up, add)) return std::nullopt;
  std::vector<double> sums(2 * own);
  for (std::size_t b = 0; b < own; ++b) {
    sums[2 * b] = losses[b];
    sums[2 * b + 1] = targets[b];
  }
  const std::vector<double> total = tree_total(world_, plan_.blocks(), sums, 2);
  if (total[1] == 0) throw_input("the split has nothing to predict");
  return Evaluation{total[0] / total[1], static_cast<std::int64_t>(total[1])};
}

template <class Real>
std::optional<Answers> Evaluator<Real>::answer_texts(const WindowSource& split, ThreadPool& pool,
                                                     Pulse* pulse, const LookUp& look_up) {
  const auto sequences = static_cast<std::size_t>(split.whole()->sequences());
  // What ranks know of different sequences, as sets of bits that are united.
  std::vector<std::uint64_t> losses(sequences), weights(sequences);
  const auto add = [&](const WindowView& part, std::size_t) {
    const WindowView said = part.on(1);
    const std::int32_t* const symbols = said.tokens(tasks::said_column);
    for (const Span& span : said.spans()) {
      const int lane = span.lane - said.rank_lane;
      double loss = 0, weight = 0;
      for (int t = span.first; t <= span.last(); ++t) {
        if (symbols[said.row(t) + static_cast<std::size_t>(lane)] < 0) continue;
        loss += network_.loss(t, lane);
        weight += network_.weight(part, t, lane);
      }
      losses[static_cast<std::size_t>(span.sequence)] = std::bit_cast<std::uint64_t>(loss);
      weights[static_cast<std::size_t>(span.sequence)] = std::bit_cast<std::uint64_t>(weight);
    }
  };
  if (!walk(split, pool, pulse, look_up, add)) return std::nullopt;
  for (auto* bits : {&losses, &weights}) world_.unite(*bits);
  Answers answers;
  const auto number = [](std::uint64_t bits) { return std::bit_cast<double>(bits); };
  std::ranges::transform(losses, std::back_inserter(answers.losses), number);
  std::ranges::transform(weights, std::back_inserter(answers.weights), number);
  return answers;
}

template <class Real>
std::optional<Evaluation> Evaluator<Real>::evaluate_texts(const WindowSource& split,
                                                          ThreadPool& pool, Pulse* pulse,
                                                          const LookUp& look_up) {
  const auto answers = answer_texts(split, pool, pulse, look_up);
  if (!answers) return std::nullopt;
  const auto [loss, weight] = tasks::tree_totals(answers->losses, answers->weights);
  if (weight == 0) throw_input("the split has nothing to predict");
  return Evaluation{loss / weight, static_cast<std::int64_t>(weight)};
}

namespace {

// What a network says by its outputs: the likeliest class, or labels that are likelier than not.
template <class Real>
void choose(std::span<const Real> outputs, bool labels, std::span<std::int32_t> said) {
  if (!labels) {
    said[0] = static_cast<std::int32_t>(std::ranges::max_element(outputs) - outputs.begin());
    return;
  }
  std::ranges::fill(said, 0);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] > 0) set_label(said, static_cast<int>(i));
  }
}

}  // namespace

// A row is a step of the split's sequences, or a sequence, whose answer stands at its last step.
template <class Real>
template <class Take>
bool Evaluator<Real>::walk_rows(const WindowSource& split, bool per_step, ThreadPool& pool,
                                Pulse* pulse, const LookUp& look_up,
                                std::vector<std::uint64_t>& losses,
                                std::vector<std::uint64_t>& weights, const Take& take) {
  const std::span<const std::int64_t> starts = split.whole()->starts();
  return walk(split, pool, pulse, look_up, [&](const WindowView& part, std::size_t) {
    for (const Span& span : part.spans()) {
      if (!per_step && !span.ends) continue;
      const int lane = span.lane - part.rank_lane;
      const auto sequence = static_cast<std::size_t>(span.sequence);
      // What windows before have added, of a sequence that is carried on.
      auto loss = std::bit_cast<double>(losses[sequence]);
      auto weight = std::bit_cast<double>(weights[sequence]);
      std::int64_t row = per_step ? starts[sequence] + span.step : span.sequence;
      for (int t = per_step ? span.first : span.last(); t <= span.last(); ++t, ++row) {
        if (!take(part, t, lane, row)) continue;
        loss += network_.loss(t, lane);
        weight += network_.weight(part, t, lane);
      }
      losses[sequence] = std::bit_cast<std::uint64_t>(loss);
      weights[sequence] = std::bit_cast<std::uint64_t>(weight);
    }
  });
}

template <class Real>
std::optional<Answers> Evaluator<Real>::answer(
    const WindowSource& split, const Task::SequenceTargets& targets, ThreadPool& pool, Pulse* pulse,
    const LookUp& look_up, const std::function<void(std::int64_t, std::span<const Real>)>& say) {
  if (targets.numbers > 0) return answer_numbers(split, targets, pool, pulse, look_up, say);
  const SequenceSource& whole = *split.whole();
  const auto sequences = static_cast<std::size_t>(whole.sequences());
  const auto rows = targets.per_step ? static_cast<std::size_t>(whole.starts().back()) : sequences;
  // What ranks know of different sequences and rows, as sets of bits that are united; numbers are
  // kept one higher, so that nothing is 0.
  const int words = targets.labels > 0 ? words_of_labels(targets.labels) : 1;
  const auto row_words = static_cast<std::size_t>(words);
  std::vector<std::uint64_t> losses(sequences), weights(sequences);
  std::vector<std::uint64_t> given(rows * row_words), said(rows * row_words);
  std::vector<std::int32_t> answer(row_words);
  std::vector<Real> values(static_cast<std::size_t>(network_.outputs()));
  const auto take = [&](const WindowView& part, int t, int lane, std::int64_t row) {
    const std::int32_t* const target = part.tokens(targets.column, words) +
                                       (part.row(t) + static_cast<std::size_t>(lane)) * row_words;
    const std::size_t at = static_cast<std::size_t>(row) * row_words;
    network_.outputs(t, lane, values);
    if (say) say(row, values);
    choose<Real>(values, targets.labels > 0, answer);
    for (std::size_t w = 0; w < row_words; ++w) {
      said[at + w] = static_cast<std::uint64_t>(answer[w]) + 1;
      given[at + w] = static_cast<std::uint64_t>(target[w] + 1);
    }
    return *target >= 0;
  };
  if (!walk_rows(split, targets.per_step, pool, pulse, look_up, losses, weights, take)) {
    return std::nullopt;
  }
  for (auto* bits : {&losses, &weights, &given, &said}) world_.unite(*bits);
  Answers answers;
  answers.words = words;
  if (targets.per_step) answers.starts.assign(whole.starts().begin(), whole.starts().end());
  const auto number = [](std::uint64_t bits) { return std::bit_cast<double>(bits); };
  const auto less_one = [](std::uint64_t one_more) {
    return static_cast<std::int32_t>(one_more) - 1;
  };
  std::ranges::transform(losses, std::back_inserter(answers.losses), number);
  std::ranges::transform(weights, std::back_inserter(answers.weights), number);
  std::ranges::transform(given, std::back_inserter(answers.targets), less_one);
  std::ranges::transform(said, std::back_inserter(answers.said), less_one);
  return answers;
}

template <class Real>
std::optional<Answers> Evaluator<Real>::answer_numbers(
    const WindowSource& split, const Task::SequenceTargets& targets, ThreadPool& pool, Pulse* pulse,
    const LookUp& look_up, const std::function<void(std::int64_t, std::span<const Real>)>& say) {
  const SequenceSource& whole = *split.whole();
  const auto sequences = static_cast<std::size_t>(whole.sequences());
  Answers answers;
  NumberAnswers& numbers = answers.numbers;
  numbers.loss = *network_.number_loss();
  numbers.starts =
      target_starts(whole, targets.per_step ? ColumnScope::steps : ColumnScope::sequence);
  const auto rows = static_cast<std::size_t>(numbers.starts.back());
  numbers.given.resize(rows * static_cast<std::size_t>(targets.numbers));
  whole.read(targets.source, 0, numbers.given);
  // What ranks know of different sequences and rows, as sets of bits that are united.
  const auto outputs = static_cast<std::size_t>(network_.outputs());
  std::vector<std::uint64_t> losses(sequences), weights(sequences), said(rows * outputs);
  std::vector<Real> values(outputs);
  const auto take = [&](const WindowView&, int t, int lane, std::int64_t row) {
    network_.outputs(t, lane, values);
    if (say) say(row, values);
    for (std::size_t i = 0; i < outputs; ++i) {
      said[static_cast<std::size_t>(row) * outputs + i] =
          std::bit_cast<std::uint64_t>(static_cast<double>(values[i]));
    }
    return true;
  };
  if (!walk_rows(split, targets.per_step, pool, pulse, look_up, losses, weights, take)) {
    return std::nullopt;
  }
  for (auto* bits : {&losses, &weights, &said}) world_.unite(*bits);
  const auto number = [](std::uint64_t bits) { return std::bit_cast<double>(bits); };
  std::ranges::transform(losses, std::back_inserter(answers.losses), number);
  std::ranges::transform(weights, std::back_inserter(answers.weights), number);
  std::ranges::transform(said, std::back_inserter(numbers.said), number);
  return answers;
}

template <class Real>
std::optional<Evaluation> measure(Evaluator<Real>& evaluator, const WindowSource& split,
                                  const Task& task, const Columns& columns, ThreadPool& pool,
                                  Pulse* pulse, const LookUp& look_up, std::int64_t beam,
                                  const tasks::Fusion* fusion) {
  if (task.spells()) {
    const auto spelt = evaluator.spell(split, columns, beam, pool, pulse, look_up, nullptr, fusion);
    if (!spelt) return std::nullopt;
    return task.judge(*spelt, columns, *split.whole());
  }
  const auto targets = task.sequence_targets(columns);
  if (tasks::said_column_of(columns) != nullptr) {
    return evaluator.evaluate_texts(split, pool, pulse, look_up);
  }
  if (!targets) return evaluator.evaluate(split, pool, pulse, look_up);
  const auto answers = evaluator.answer(split, *targets, pool, pulse, look_up);
  if (!answers) return std::nullopt;
  return task.judge(*answers, columns, *split.whole());
}

template std::optional<Evaluation> measure(Evaluator<float>&, const WindowSource&, const Task&,
                                           const Columns&, ThreadPool&, Pulse*, const LookUp&,
                                           std::int64_t, const tasks::Fusion*);
template std::optional<Evaluation> measure(Evaluator<double>&, const WindowSource&, const Task&,
                                           const Columns&, ThreadPool&, Pulse*, const LookUp&,
                                           std::int64_t, const tasks::Fusion*);
template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace rondo
