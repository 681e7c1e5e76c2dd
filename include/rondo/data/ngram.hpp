// The baseline to report beside a network's loss: an n-gram over tokens.
//
// Interpolated Witten-Bell smoothing (Witten and Bell 1991, "method C"; in the form of Chen and
// Goodman 1998): for a context h that was followed by n(h) tokens, d(h) of them different,
//   p(c | h) = (count(h c) + d(h) p(c | h')) / (n(h) + d(h)),
// h' being h without its oldest token, and 1 / vocabulary below the empty context. A context that
// was never followed by anything leaves p(c | h') as it is.
//
// Counts the targets that a network has on the same source: every token but a document's first,
// from contexts that stay inside the document.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "rondo/data/text_dataset.hpp"

namespace rondo {

struct NgramLoss {
  double loss = 0.0;  // nats per target; 0 without targets
  std::int64_t targets = 0;
};

// Deterministic: counts are integers, losses are added in the source's order. Memory grows with
// the number of different n-grams (about 100 bytes each), not with the text.
class NgramModel {
 public:
  // Tokens are below `vocabulary`; contexts hold up to order - 1 tokens. InputError for an order
  // outside 1 to 16.
  NgramModel(int vocabulary, int order);
  ~NgramModel();
  NgramModel(const NgramModel&) = delete;
  NgramModel& operator=(const NgramModel&) = delete;

  void train(const TokenSource& source);  // may be called for several sources
  NgramLoss evaluate(const TokenSource& source) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// What `rondo eval --baseline` prints: trained on the train split, evaluated on `split`.
NgramLoss ngram_baseline(const TextDataset& dataset, const std::string& split, int order = 5);

}  // namespace rondo
