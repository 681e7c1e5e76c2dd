#include "tasks/decoding/retrieval.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/sequences.hpp"
#include "tasks/decoding/opinions.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/decoding/text_search.hpp"

namespace rondo::tasks {
namespace {

constexpr int lanes_at_once = 64;

// The different texts of a split, without their ends, and which of them each sequence has.
class Texts {
 public:
  Texts(const SequenceSource& sequences, const Columns& columns) {
    const Column& said = *said_column_of(columns);
    const auto column = static_cast<int>(&said - columns.data());
    const auto starts = sequences.second_starts();
    symbols_.resize(static_cast<std::size_t>(starts.back()));
    sequences.read(column, 0, symbols_);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
      const auto first = static_cast<std::size_t>(starts[i]);
      auto text = std::span<const std::int32_t>(symbols_).subspan(
          first, static_cast<std::size_t>(starts[i + 1]) - first);
      const bool is_given = text.front() >= 0;
      if (text.back() == said.vocabulary->end()) text = text.first(text.size() - 1);
      all_.push_back(text);
      if (is_given) order.push_back(i);
    }
    std::ranges::stable_sort(order, [this](std::size_t a, std::size_t b) {
      return std::ranges::lexicographical_compare(all_[a], all_[b]);
    });
    number_.assign(all_.size(), not_given);
    for (const std::size_t i : order) {
      if (different_.empty() || !std::ranges::equal(different_.back(), all_[i])) {
        different_.push_back(all_[i]);
        first_.push_back(static_cast<std::int64_t>(i));
      }
      number_[i] = static_cast<std::int64_t>(different_.size()) - 1;
    }
  }

  static constexpr std::int64_t not_given = -1;
  std::int64_t different() const { return static_cast<std::int64_t>(different_.size()); }
  std::int64_t of(std::int64_t sequence) const {
    return number_[static_cast<std::size_t>(sequence)];
  }
  std::span<const std::int32_t> text(std::int64_t number) const {
    return different_[static_cast<std::size_t>(number)];
  }
  std::int64_t sequences() const { return static_cast<std::int64_t>(number_.size()); }
  // The first sequence that has it.
  std::int64_t first_with(std::int64_t number) const {
    return first_[static_cast<std::size_t>(number)];
  }

 private:
  std::vector<std::int32_t> symbols_;
  std::vector<std::span<const std::int32_t>> all_, different_;
  std::vector<std::int64_t> number_, first_;
};

// The own text's number, then those of `among` - 1 others, each drawn from what is left.
std::vector<std::int64_t> candidates_of(const Texts& texts, std::int64_t sequence,
                                        std::int64_t among, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::decoding, static_cast<std::uint64_t>(sequence), 1);
  std::vector<std::int64_t> all(static_cast<std::size_t>(texts.different()));
  std::iota(all.begin(), all.end(), 0);
  std::swap(all[0], all[static_cast<std::size_t>(texts.of(sequence))]);
  for (std::size_t i = 1; i < static_cast<std::size_t>(among); ++i) {
    std::swap(all[i], all[i + random.below(all.size() - i, i)]);
  }
  all.resize(static_cast<std::size_t>(among));
  return all;
}

constexpr std::ptrdiff_t near = 5;

std::ptrdiff_t ahead_of_first(std::span<const double> scores) {
  return std::count_if(scores.begin() + 1, scores.end(),
                       [&](double other) { return other >= scores.front(); });
}

// The other way round: of which source each text is the likeliest, its own or one of those that its
// candidates belong to. Each source is read once, by one rank, and is asked for all texts that it
// stands as a candidate for.
class SourceContest {
 public:
  SourceContest(const Texts& texts, std::int64_t among, std::uint64_t seed)
      : texts_(texts),
        among_(static_cast<std::size_t>(among)),
        places_(static_cast<std::size_t>(texts.sequences())),
        scores_(static_cast<std::size_t>(texts.sequences()) * among_) {
    for (std::int64_t sequence = 0; sequence < texts.sequences(); ++sequence) {
      if (texts.of(sequence) == Texts::not_given) continue;
      const auto candidates = candidates_of(texts, sequence, among, seed);
      for (std::size_t place = 1; place < among_; ++place) {
        const auto source = static_cast<std::size_t>(texts.first_with(candidates[place]));
        places_[source].push_back(static_cast<std::size_t>(sequence) * among_ + place);
      }
    }
  }

  // The sequences whose texts a source stands as a candidate for.
  std::vector<std::int64_t> asked_of(std::int64_t source) const {
    std::vector<std::int64_t> sequences;
    for (const std::size_t place : places_[static_cast<std::size_t>(source)]) {
      sequences.push_back(static_cast<std::int64_t>(place / among_));
    }
    return sequences;
  }

  // The score of a source's own text, and of those that asked_of names.
  void keep(std::int64_t source, double own, std::span<const double> asked) {
    scores_[static_cast<std::size_t>(source) * among_] = std::bit_cast<std::uint64_t>(own);
    const auto& places = places_[static_cast<std::size_t>(source)];
    for (std::size_t i = 0; i < places.size(); ++i) {
      scores_[places[i]] = std::bit_cast<std::uint64_t>(asked[i]);
    }
  }

  // How many texts have their own source first, and among the first five. Collective.
  std::pair<std::int64_t, std::int64_t> won(Communicator& world) {
    world.unite(scores_);  // a score is one rank's; elsewhere all its bits are 0
    std::pair<std::int64_t, std::int64_t> counts{};
    std::vector<double> scores(among_);
    for (std::int64_t sequence = 0; sequence < texts_.sequences(); ++sequence) {
      if (texts_.of(sequence) == Texts::not_given) continue;
      const auto bits =
          std::span(scores_).subspan(static_cast<std::size_t>(sequence) * among_, among_);
      std::ranges::transform(bits, scores.begin(),
                             [](std::uint64_t of) { return std::bit_cast<double>(of); });
      const std::ptrdiff_t before = ahead_of_first(scores);
      counts.first += before == 0 ? 1 : 0;
      counts.second += before < near ? 1 : 0;
    }
    return counts;
  }

 private:
  const Texts& texts_;
  std::size_t among_;
  std::vector<std::vector<std::size_t>> places_;  // of each source, in scores_
  std::vector<std::uint64_t> scores_;             // [sequence][candidate], as bits
};

}  // namespace

std::vector<double> score_texts(std::span<StepScorer* const> voters,
                                std::span<const Reading> readings, int lanes,
                                const DecodeOptions& options, ThreadPool& pool) {
  std::vector<double> scores(readings.size());
  std::vector<Opinions> opinions(static_cast<std::size_t>(pool.threads()), Opinions(voters));
  std::size_t longest = 0;
  for (const Reading& reading : readings) longest = std::max(longest, reading.text.size());
  const LengthPenalties penalties(options.length_penalty, static_cast<std::int64_t>(longest) + 1);
  // Texts of like lengths end at about the same time.
  std::vector<std::size_t> order(readings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return readings[i].text.size(); });
  std::vector<std::int32_t> sources, symbols;
  for (std::size_t first = 0; first < order.size(); first += static_cast<std::size_t>(lanes)) {
    const auto together = std::span(order).subspan(
        first, std::min(static_cast<std::size_t>(lanes), order.size() - first));
    sources.clear();
    for (const std::size_t i : together) sources.push_back(readings[i].source);
    for (StepScorer* voter : voters) voter->begin(sources);
    symbols.assign(together.size(), options.end);
    const std::size_t steps = readings[together.back()].text.size() + 1;
    for (std::size_t step = 0; step < steps; ++step) {
      for (StepScorer* voter : voters) voter->step(symbols);
      pool.run([&](int thread) {
        const std::size_t threads = opinions.size(), own = static_cast<std::size_t>(thread);
        for (std::size_t lane = together.size() * own / threads;
             lane < together.size() * (own + 1) / threads; ++lane) {
          const auto text = readings[together[lane]].text;
          if (step > text.size()) continue;
          const std::int32_t symbol = step < text.size() ? text[step] : options.end;
          scores[together[lane]] +=
              opinions[own].of_lane(static_cast<int>(lane))[static_cast<std::size_t>(symbol)];
          symbols[lane] = symbol;
        }
      });
    }
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] /= penalties.of(static_cast<std::int64_t>(readings[i].text.size()) + 1);
  }
  return scores;
}

void check_retrieval(const WindowSource& split, const Columns& columns, std::int64_t among) {
  const std::int64_t different = Texts(*split.whole(), columns).different();
  if (different >= among) return;
  throw_input("--retrieval {}: the split has {} different texts alone", among, different);
}

void judge_retrieval(std::span<const MakeScorer> voters, const WindowSource& split,
                     const Columns& columns, std::int64_t among, const DecodeOptions& options,
                     Communicator& world, ThreadPool& pool, Evaluation& evaluation) {
  const Texts texts(*split.whole(), columns);
  SourceContest contest(texts, among, options.seed);
  std::array<std::int64_t, 3> counts{};  // sequences, and whose own text is first, and near
  for_each_read_group(
      voters, split, world.size(), world.rank(), lanes_at_once, 1,
      [&](std::span<StepScorer* const> readers, std::span<const Span> group) {
        const std::int64_t sequence = group.front().sequence;
        if (texts.of(sequence) == Texts::not_given) return;
        std::vector<Reading> readings;
        for (const std::int64_t text : candidates_of(texts, sequence, among, options.seed)) {
          readings.push_back({0, texts.text(text)});
        }
        for (const std::int64_t other : contest.asked_of(sequence)) {
          readings.push_back({0, texts.text(texts.of(other))});
        }
        const auto scores = score_texts(readers, readings, lanes_at_once, options, pool);
        const auto candidates = std::span(scores).first(static_cast<std::size_t>(among));
        const std::ptrdiff_t before = ahead_of_first(candidates);
        ++counts[0];
        counts[1] += before == 0 ? 1 : 0;
        counts[2] += before < near ? 1 : 0;
        contest.keep(sequence, scores.front(), std::span(scores).subspan(candidates.size()));
      });
  world.total(counts);
  const auto share = [&](std::int64_t count) {
    return static_cast<double>(count) / static_cast<double>(std::max<std::int64_t>(counts[0], 1));
  };
  evaluation.figures.push_back({"recall_at_1", share(counts[1])});
  evaluation.figures.push_back({"recall_at_5", share(counts[2])});
  const auto [first, close] = contest.won(world);
  evaluation.figures.push_back({"source_recall_at_1", share(first)});
  evaluation.figures.push_back({"source_recall_at_5", share(close)});
}

}  // namespace rondo::tasks
