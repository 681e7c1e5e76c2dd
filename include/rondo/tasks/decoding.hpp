// What a model that says one symbol after another says: the search for its likeliest texts, or the
// drawing of some.
//
// Several sources are answered side by side, a lane for each text that is being said; an answer
// hangs on nothing but its own source, so that it is the same in any company, and for any threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/core/thread_pool.hpp"

namespace rondo {

// A model that says, in lanes side by side.
class StepScorer {
 public:
  virtual ~StepScorer() = default;

  virtual int symbols() const = 0;
  // Starts over with a lane for each of `sources`, which it reads; nothing is said in it yet.
  virtual void begin(std::span<const std::int32_t> sources) = 0;
  // From now on there are from.size() lanes: lane i goes on from where lane from[i] was. Several
  // may go on from one, and nobody from another.
  virtual void reorder(std::span<const std::int32_t> from) = 0;
  // In each lane its symbol is said; at first the one that ends what is said.
  virtual void step(std::span<const std::int32_t> symbols) = 0;
  // After step(): of each symbol that may come next in a lane. From any thread.
  virtual void logits(int lane, std::span<double> to) const = 0;
  // After step(): the weights of the source's positions that the lane looked at, if it looks.
  virtual std::vector<float> attention(int /*lane*/) const { return {}; }
};

// How tokens are drawn.
struct DrawOptions {
  double temperature = 1.0;  // 0: the likeliest token, always
  // Draw from the top_k likeliest tokens alone (0: from all; of equally likely ones the lower
  // number counts as likelier), then from the fewest of these that hold a share of top_p (nucleus
  // sampling, Holtzman et al. 2020; 1: from all).
  std::int64_t top_k = 0;
  double top_p = 1.0;
};

struct DecodeOptions {
  // Texts that are kept of a source. Each step takes the best of all that one symbol more makes of
  // them: by log probability, then the lower symbol, then the better text before it. One that ends
  // keeps its place. 1: greedy.
  std::int64_t beam = 1;
  // Texts that are answered, the best by score first, of equal ones the shorter, then as above;
  // at most `beam`. Fewer where there are no more.
  std::int64_t n_best = 1;
  // A text's score is its log probability over exp(length_penalty log n), n its symbols with the
  // end. Not negative.
  double length_penalty = 1;
  // In place of a search: `n_best` texts are drawn, in the order in which they are numbered. A draw
  // is a function of the seed, the source's number, the text's and the step.
  bool draws = false;
  DrawOptions draw = {};
  std::uint64_t seed = 1;
  std::int32_t end = 0;                  // the symbol that ends a text
  std::vector<std::int32_t> never = {};  // what is not said
  bool attention = false;                // whether answers tell what was looked at
};

struct DecodeSource {
  std::int64_t number = 0;  // by which its draws differ from others'
  // Symbols of its text, without the end. One of `longest` ends there, whatever the model says.
  std::int64_t shortest = 0, longest = 1000;
};

struct Hypothesis {
  std::vector<std::int32_t> symbols;  // without the end
  double log_probability = 0;         // with the end's, added in their order
  double score = 0;
  // Where it is asked for, of each symbol, the end's at last: StepScorer::attention.
  std::vector<std::vector<float>> attention;
};

// Answers of sources [0, sources.size()) of `voters`, who are at least one and say the same
// symbols. Of several the probabilities' mean counts, added in their order. Where one says what is
// no number, nothing is possible to it: log probabilities become minus infinity.
std::vector<std::vector<Hypothesis>> decode(std::span<StepScorer* const> voters,
                                            std::span<const DecodeSource> sources,
                                            const DecodeOptions& options, ThreadPool& pool);

}  // namespace rondo
