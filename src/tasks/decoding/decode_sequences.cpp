#include "tasks/decoding/decode_sequences.hpp"

#include <algorithm>
#include <utility>

#include "rondo/data/sequences.hpp"

namespace rondo::tasks {
namespace {

constexpr std::int64_t most_lanes = 64, fewest_lanes = 8, usual_window = 64;

// Texts of a sequence at once.
std::int64_t width_of(const DecodeOptions& options) {
  return options.draws ? options.n_best : options.beam;
}

}  // namespace

DecodeSource TextLengths::of(std::int64_t number, std::int64_t steps) const {
  const std::int64_t most = longest > 0 ? longest : 3 * steps + 20;
  return {number, std::min(shortest, most), most};
}

int decoding_lanes(std::int64_t sequences, const DecodeOptions& options) {
  const std::int64_t width = width_of(options);
  const std::int64_t useful = std::min(most_lanes, std::max(fewest_lanes, sequences * width));
  return static_cast<int>(std::max(width, useful));
}

void for_each_read_group(std::span<const MakeScorer> voters, const WindowSource& sequences,
                         int ranks, int rank, std::int64_t lanes, std::size_t together,
                         const AnswerGroup& answer) {
  LaneLayout layout = LaneLayout::of({lanes * ranks, lanes, ranks}, rank, usual_window);
  layout.shuffle = false;
  const LongestWindow longest = sequences.longest_windows(layout);
  std::vector<std::unique_ptr<SourceScorer>> own;
  std::vector<StepScorer*> asked;
  for (const MakeScorer& make : voters) {
    own.push_back(make(static_cast<int>(lanes), static_cast<int>(longest.first)));
    asked.push_back(own.back().get());
  }
  Batcher batcher(sequences.reader(layout), 0);
  std::vector<Span> spans;
  for (std::int64_t w = sequences.windows_of(1, layout); w > 0; --w) {
    const Window& window = batcher.next();
    spans.assign(window.axes[0].spans.begin(), window.axes[0].spans.end());
    if (spans.empty()) continue;
    // Texts of like lengths end at about the same time.
    std::ranges::sort(spans, {},
                      [](const Span& span) { return std::pair(span.length, span.sequence); });
    for (const auto& voter : own) voter->read(window);
    for (std::size_t first = 0; first < spans.size(); first += together) {
      const auto group = std::span(spans).subspan(first, std::min(together, spans.size() - first));
      for (const auto& voter : own) voter->choose(group);
      answer(asked, group);
    }
  }
}

void decode_sequences(std::span<const MakeScorer> voters, const WindowSource& sequences, int ranks,
                      int rank, std::int64_t first_number, const TextLengths& lengths,
                      const DecodeOptions& options, ThreadPool& pool,
                      const std::function<void(std::int64_t, std::vector<Hypothesis>)>& say) {
  const std::int64_t lanes =
      decoding_lanes((sequences.whole()->sequences() + ranks - 1) / ranks, options);
  const auto together =
      static_cast<std::size_t>(std::max<std::int64_t>(1, lanes / width_of(options)));
  std::vector<DecodeSource> sources;
  for_each_read_group(voters, sequences, ranks, rank, lanes, together,
                      [&](std::span<StepScorer* const> readers, std::span<const Span> group) {
                        sources.clear();
                        for (const Span& span : group) {
                          sources.push_back(lengths.of(first_number + span.sequence, span.length));
                        }
                        auto answers = decode(readers, sources, options, pool);
                        for (std::size_t i = 0; i < group.size(); ++i) {
                          say(group[i].sequence, std::move(answers[i]));
                        }
                      });
}

}  // namespace rondo::tasks
