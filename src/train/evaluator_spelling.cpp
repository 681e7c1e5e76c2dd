// What steps spell, of a split.
#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "rondo/data/sequences.hpp"
#include "tasks/decoding/language/fusion.hpp"
#include "tasks/decoding/opinions.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/decoding/spelling.hpp"
#include "tasks/decoding/texts_of_ranks.hpp"
#include "train/evaluator_walk.hpp"

namespace rondo {

template <class Real>
template <class Say>
bool Evaluator<Real>::walk_scores(const WindowSource& split, ThreadPool& pool, Pulse* pulse,
                                  const LookUp& look_up, const Say& say) {
  const auto classes = static_cast<std::size_t>(network_.outputs());
  return walk(split, pool, pulse, look_up, [&](const WindowView& read, std::size_t) {
    const WindowView part = read.on(network_.head_axis());
    const std::span<const Span> spans = part.spans();
    std::vector<std::vector<double>> all(spans.size());
    pool.for_each(static_cast<int>(spans.size()), [&](int number) {
      const Span& span = spans[static_cast<std::size_t>(number)];
      std::vector<double>& scores = all[static_cast<std::size_t>(number)];
      scores.resize(static_cast<std::size_t>(span.length) * classes);
      std::vector<double> room;
      std::vector<Real> outputs(classes);
      for (int t = 0; t < span.length; ++t) {
        network_.outputs(span.first + t, span.lane - part.rank_lane, outputs);
        const auto step = std::span(scores).subspan(static_cast<std::size_t>(t) * classes, classes);
        std::ranges::copy(outputs, step.begin());
        tasks::log_softmax(step, step, room);
      }
    });
    say(part, spans, all);
  });
}

template <class Real>
void Evaluator<Real>::say_scores(
    const WindowSource& split, ThreadPool& pool,
    const std::function<void(std::int64_t, std::span<const double>)>& say) {
  walk_scores(split, pool, nullptr, {},
              [&](const WindowView&, std::span<const Span> spans,
                  const std::vector<std::vector<double>>& scores) {
                for (std::size_t i = 0; i < spans.size(); ++i) say(spans[i].sequence, scores[i]);
              });
}

template <class Real>
std::optional<Answers> Evaluator<Real>::spell(const WindowSource& split, const Columns& columns,
                                              std::int64_t beam, ThreadPool& pool, Pulse* pulse,
                                              const LookUp& look_up, std::vector<double>* likely,
                                              const tasks::Fusion* fusion) {
  const auto sequences = static_cast<std::size_t>(split.whole()->sequences());
  tasks::SpellingOptions options = tasks::usual_spelling(*tasks::said_column_of(columns));
  options.beam = beam;
  Answers answers;
  answers.texts.resize(sequences);
  // What ranks know of different sequences, as sets of bits that are united.
  std::vector<std::uint64_t> losses(sequences), weights(sequences), scores_of_texts(sequences);
  std::vector<std::int32_t> own;
  const auto add = [&](const WindowView& part, std::span<const Span> spans,
                       const std::vector<std::vector<double>>& scores) {
    std::vector<tasks::StepScores> asked;
    for (const auto& of_span : scores) asked.push_back({of_span, network_.outputs()});
    const auto texts = tasks::spell_all(asked, options, fusion, pool);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const Span& span = spans[i];
      const auto sequence = static_cast<std::size_t>(span.sequence);
      const int lane = span.lane - part.rank_lane;
      losses[sequence] = std::bit_cast<std::uint64_t>(network_.loss(span.last(), lane));
      weights[sequence] = std::bit_cast<std::uint64_t>(network_.weight(part, span.last(), lane));
      const tasks::SpeltText& best = texts[i].front();
      scores_of_texts[sequence] = std::bit_cast<std::uint64_t>(best.log_probability);
      tasks::append_text(span.sequence, best.symbols, own);
      if (best.outside_list) ++answers.outside_list;
    }
  };
  if (!walk_scores(split, pool, pulse, look_up, add)) return std::nullopt;
  for (auto* bits : {&losses, &weights}) world_.unite(*bits);
  world_.total({&answers.outside_list, 1});
  answers.texts = tasks::united_texts(world_, sequences, own);
  const auto number = [](std::uint64_t bits) { return std::bit_cast<double>(bits); };
  std::ranges::transform(losses, std::back_inserter(answers.losses), number);
  std::ranges::transform(weights, std::back_inserter(answers.weights), number);
  if (likely != nullptr) {
    world_.unite(scores_of_texts);
    std::ranges::transform(scores_of_texts, std::back_inserter(*likely), number);
  }
  return answers;
}

template void Evaluator<float>::say_scores(
    const WindowSource&, ThreadPool&,
    const std::function<void(std::int64_t, std::span<const double>)>&);
template void Evaluator<double>::say_scores(
    const WindowSource&, ThreadPool&,
    const std::function<void(std::int64_t, std::span<const double>)>&);
template std::optional<Answers> Evaluator<float>::spell(const WindowSource&, const Columns&,
                                                        std::int64_t, ThreadPool&, Pulse*,
                                                        const LookUp&, std::vector<double>*,
                                                        const tasks::Fusion*);
template std::optional<Answers> Evaluator<double>::spell(const WindowSource&, const Columns&,
                                                         std::int64_t, ThreadPool&, Pulse*,
                                                         const LookUp&, std::vector<double>*,
                                                         const tasks::Fusion*);

}  // namespace rondo
