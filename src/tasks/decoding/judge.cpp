#include "tasks/decoding/judge.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "data/first_sequences.hpp"
#include "rondo/data/packed_windows.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/decoding/texts_of_ranks.hpp"
#include "tasks/figures/text_figures.hpp"

namespace rondo::tasks {
namespace {

using Symbols = std::vector<std::int32_t>;

}  // namespace

DecodeOptions usual_search(const Column& said) {
  DecodeOptions options;
  options.end = said.vocabulary->end();
  if (said.vocabulary->unknown() >= 0) options.never = {said.vocabulary->unknown()};
  return options;
}

TextLengths usual_lengths(const Columns& columns) {
  const bool reads_text = std::ranges::any_of(
      columns, [](const Column& column) { return !column.is_target() && column.is_text(); });
  TextLengths lengths;
  if (reads_text) return lengths;
  const Column& said = *said_column_of(columns);
  std::int64_t symbols = 0;
  for (const std::int64_t count : said.counts) symbols += count;
  const std::int64_t texts = said.counts[static_cast<std::size_t>(said.vocabulary->end())];
  lengths.longest = 4 * (symbols / std::max<std::int64_t>(texts, 1)) + 20;
  return lengths;
}

std::vector<Symbols> texts_of(std::span<const MakeScorer> voters, const WindowSource& split,
                              const Columns& columns, const Judged& judged, Communicator& world,
                              ThreadPool& pool, const std::function<void()>& beat) {
  const PackedWindows windows(std::make_unique<FirstSequences>(*split.whole(), judged.sequences),
                              columns);
  std::vector<std::int32_t> own;
  decode_sequences(voters, windows, world.size(), world.rank(), 0, judged.lengths, judged.decode,
                   pool, [&](std::int64_t sequence, const std::vector<Hypothesis>& texts) {
                     append_text(sequence, texts.front().symbols, own);
                     beat();
                   });
  return united_texts(world, static_cast<std::size_t>(windows.whole()->sequences()), own);
}

void judge_texts(std::span<const MakeScorer> voters, const WindowSource& split,
                 const Columns& columns, const Judged& judged, Communicator& world,
                 ThreadPool& pool, const std::function<void()>& beat, Evaluation& evaluation) {
  if (!std::isfinite(evaluation.loss)) {  // nothing can be searched for, and nothing is best
    evaluation.score = evaluation.loss;
    return;
  }
  const auto texts = texts_of(voters, split, columns, judged, world, pool, beat);
  const GivenAndSaid all = given_and_said(*split.whole(), columns, texts);
  evaluation.figures = text_figures(all.given, all.said, said_column_of(columns)->kind);
  evaluation.score = score_of(evaluation.figures.front());
}

}  // namespace rondo::tasks
