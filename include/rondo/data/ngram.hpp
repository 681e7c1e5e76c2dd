// The baselines to report beside a network's loss: n-grams over tokens.
//
// Interpolated Witten-Bell smoothing (Witten and Bell 1991, "method C"; in the form of Chen and
// Goodman 1998): for a context h that was followed by n(h) tokens, d(h) of them different,
//   p(c | h) = (count(h c) + d(h) p(c | h')) / (n(h) + d(h)),
// h' being h without its oldest token, and 1 / vocabulary below the empty context. A context that
// was never followed by anything leaves p(c | h') as it is.
//
// Interpolated modified Kneser-Ney smoothing (Chen and Goodman 1998): with c(h c) the count at the
// highest order, and below it the number of different tokens that were seen before h c,
//   p(c | h) = (c(h c) - D(c(h c))) / c(h) + (D1 N1(h) + D2 N2(h) + D3 N3(h)) / c(h) p(c | h'),
// where Nk(h) tokens have a count of k (3: 3 or more) behind h. Each order has its own discounts,
// from the numbers n1 to n4 of its n-grams with counts of 1 to 4: with Y = n1 / (n1 + 2 n2),
// Dk = k - (k + 1) Y n(k+1) / nk; where one of these is 0, or a
// Dk not from 0 to k, the order takes 1/2, 1 and 3/2.
//
// Counts the targets that a network has on the same source: every token but a document's first,
// from contexts that stay inside the document.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "rondo/data/text_dataset.hpp"

namespace rondo {

struct NgramLoss {
  double loss = 0.0;  // nats per target; 0 without targets
  std::int64_t targets = 0;
};

enum class Smoothing : std::uint8_t { witten_bell, kneser_ney };
const char* name_of(Smoothing smoothing);  // for people: "modified Kneser-Ney"

// Deterministic: counts are integers, losses are added in the source's order. Memory grows with
// the number of different n-grams (about 100 bytes each), not with the text.
class NgramModel {
 public:
  // Tokens are below `vocabulary`; contexts hold up to order - 1 tokens. InputError for an order
  // outside 1 to 16.
  NgramModel(int vocabulary, int order, Smoothing smoothing = Smoothing::witten_bell);
  ~NgramModel();
  NgramModel(const NgramModel&) = delete;
  NgramModel& operator=(const NgramModel&) = delete;

  void train(const TokenSource& source);  // may be called for several sources, before evaluate()
  NgramLoss evaluate(const TokenSource& source) const;

  // An n-gram as a model that backs off has it: the probability of its last token behind the
  // others, and the factor by which, behind all of it, those of tokens that were not seen there
  // follow from the ones behind the n-gram without its oldest token.
  struct Listed {
    std::span<const std::int32_t> tokens;
    double probability = 0, backoff = 1;
  };
  // Of Witten-Bell, after training: all tokens, or of more than one token the n-grams that were
  // seen, in the order in which they first were.
  void list(int length, const std::function<void(const Listed&)>& use) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// What `rondo eval --baseline` prints: trained on the train split, evaluated on `split`.
NgramLoss ngram_baseline(const TextDataset& dataset, const std::string& split, int order,
                         Smoothing smoothing);

}  // namespace rondo
