#include <algorithm>
#include <numeric>

#include "rondo/core/errors.hpp"
#include "rondo/tasks/decoding.hpp"
#include "tasks/decoding/opinions.hpp"
#include "tasks/decoding/text_search.hpp"

namespace rondo {
namespace {

using tasks::Candidate;
using tasks::TextSearch;

void check(std::span<const DecodeSource> sources, const DecodeOptions& options) {
  if (options.beam < 1 || options.n_best < 1 || (!options.draws && options.n_best > options.beam)) {
    throw_input("{} answers of a beam of {}: there are from 1 to as many as the beam is wide",
                options.n_best, options.beam);
  }
  if (!(options.length_penalty >= 0)) {
    throw_input("a length penalty of {}: it is 0 or more", options.length_penalty);
  }
  for (const DecodeSource& source : sources) {
    if (source.shortest < 0 || source.longest < source.shortest) {
      throw_input("texts of at least {} symbols and at most {}: there are none", source.shortest,
                  source.longest);
    }
  }
}

std::int64_t longest_of(std::span<const DecodeSource> sources) {
  std::int64_t longest = 0;
  for (const DecodeSource& source : sources) longest = std::max(longest, source.longest);
  return longest;
}

// The texts of all sources that go on, a lane each: source after source, text after text.
class Lanes {
 public:
  Lanes(std::span<StepScorer* const> voters, std::span<const DecodeSource> sources,
        const DecodeOptions& options, ThreadPool& pool)
      : voters_(voters),
        options_(options),
        pool_(pool),
        penalties_(options.length_penalty, longest_of(sources) + 1) {
    for (int thread = 0; thread < pool.threads(); ++thread) {
      opinions_.emplace_back(voters);
      dice_.emplace_back(options.draw);
    }
    for (const DecodeSource& source : sources) searches_.emplace_back(source, options, penalties_);
    std::vector<std::int32_t> numbers(sources.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    for (StepScorer* voter : voters) voter->begin(numbers);
    symbols_.assign(sources.size(), options.end);
    lanes_.resize(sources.size());
    for (std::size_t s = 0; s < sources.size(); ++s) lanes_[s] = {s, 0};
  }

  bool empty() const { return lanes_.empty(); }

  void step() {
    for (StepScorer* voter : voters_) voter->step(symbols_);
    candidates_.resize(lanes_.size());
    const int threads = pool_.threads(), lanes = static_cast<int>(lanes_.size());
    pool_.run([&](int thread) {
      for (int lane = lanes * thread / threads; lane < lanes * (thread + 1) / threads; ++lane) {
        const Place& place = lanes_[static_cast<std::size_t>(lane)];
        const auto of_thread = static_cast<std::size_t>(thread);
        searches_[place.source].find_candidates(place.text, opinions_[of_thread].of_lane(lane),
                                                dice_[of_thread],
                                                candidates_[static_cast<std::size_t>(lane)]);
      }
    });
    choose();
  }

  std::vector<std::vector<Hypothesis>> answers() const {
    std::vector<std::vector<Hypothesis>> all;
    for (const TextSearch& search : searches_) all.push_back(search.answers());
    return all;
  }

 private:
  struct Place {
    std::size_t source = 0, text = 0;
  };

  void choose() {
    std::vector<Place> next;
    std::vector<std::int32_t> from;
    std::vector<std::vector<float>> attention;
    symbols_.clear();
    for (std::size_t lane = 0; lane < lanes_.size();) {
      const std::size_t first = lane, source = lanes_[lane].source;
      TextSearch& search = searches_[source];
      std::vector<Candidate> all;
      attention.clear();
      for (; lane < lanes_.size() && lanes_[lane].source == source; ++lane) {
        all.insert(all.end(), candidates_[lane].begin(), candidates_[lane].end());
        if (options_.attention) attention.push_back(seen(static_cast<int>(lane)));
      }
      search.choose(all, attention);
      for (std::size_t text = 0; text < search.texts(); ++text) {
        next.push_back({source, text});
        from.push_back(static_cast<std::int32_t>(first) + search.parent(text));
        symbols_.push_back(search.last_symbol(text));
      }
    }
    if (!next.empty() && !same_lanes(from)) {
      for (StepScorer* voter : voters_) voter->reorder(from);
    }
    lanes_ = std::move(next);
  }

  bool same_lanes(std::span<const std::int32_t> from) const {
    if (from.size() != lanes_.size()) return false;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] != static_cast<std::int32_t>(i)) return false;
    }
    return true;
  }

  // What the voters who look looked at: the mean of their weights.
  std::vector<float> seen(int lane) const {
    std::vector<double> sum;
    int lookers = 0;
    for (const StepScorer* voter : voters_) {
      const std::vector<float> own = voter->attention(lane);
      if (own.empty()) continue;
      ++lookers;
      sum.resize(own.size());
      for (std::size_t i = 0; i < own.size(); ++i) sum[i] += static_cast<double>(own[i]);
    }
    std::vector<float> mean;
    for (const double weight : sum) mean.push_back(static_cast<float>(weight / lookers));
    return mean;
  }

  std::span<StepScorer* const> voters_;
  const DecodeOptions& options_;
  ThreadPool& pool_;
  tasks::LengthPenalties penalties_;
  std::vector<tasks::Opinions> opinions_;  // of each thread
  std::vector<tasks::Dice> dice_;
  std::vector<TextSearch> searches_;
  std::vector<Place> lanes_;
  std::vector<std::int32_t> symbols_;  // to be said next
  std::vector<std::vector<Candidate>> candidates_;
};

}  // namespace

std::vector<std::vector<Hypothesis>> decode(std::span<StepScorer* const> voters,
                                            std::span<const DecodeSource> sources,
                                            const DecodeOptions& options, ThreadPool& pool) {
  check(sources, options);
  Lanes lanes(voters, sources, options, pool);
  while (!lanes.empty()) lanes.step();
  return lanes.answers();
}

}  // namespace rondo
