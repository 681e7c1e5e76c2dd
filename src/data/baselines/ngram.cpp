#include "rondo/data/ngram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "data/baselines/ngram_trie.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

using ngrams::ChildTable;
using ngrams::Node;
using ngrams::none;
using ngrams::root;
using ngrams::walk;

struct Counts {
  std::uint64_t count = 0;     // times seen as a target behind its context
  std::uint64_t total = 0;     // as a context: targets that followed
  std::uint32_t distinct = 0;  // as a context: different ones
};

// Kneser-Ney: what follows a context, by the counts that its order goes by.
struct Followers {
  std::uint64_t total = 0;
  std::array<std::uint32_t, 3> with_count{};  // tokens with a count of 1, 2, 3 or more
  std::uint8_t order = 0;                     // of the n-grams that end behind the context
};

using Discounts = std::array<double, 4>;  // of a count of 1, 2, 3 or more; [0] is 0

std::size_t class_of(std::uint64_t count) { return count < 3 ? count : 3; }

// n[k]: n-grams with a count of k.
Discounts discounts_from(const std::array<std::uint64_t, 5>& n) {
  constexpr Discounts usual{0.0, 0.5, 1.0, 1.5};
  if (n[1] == 0 || n[2] == 0 || n[3] == 0 || n[4] == 0) return usual;
  const auto number = [&n](std::size_t k) { return static_cast<double>(n[k]); };
  const double y = number(1) / (number(1) + 2.0 * number(2));
  Discounts discounts{};
  for (std::size_t k = 1; k <= 3; ++k) {
    const auto whole = static_cast<double>(k);
    discounts[k] = whole - (whole + 1.0) * y * number(k + 1) / number(k);
    if (discounts[k] < 0.0 || discounts[k] > whole) return usual;
  }
  return discounts;
}

}  // namespace

class NgramModel::Impl {
 public:
  Impl(int vocabulary, int order, Smoothing smoothing)
      : vocabulary_(vocabulary),
        longest_(static_cast<std::size_t>(order) - 1),
        smoothing_(smoothing),
        counts_(1) {}

  void train(const TokenSource& source) {
    // contexts[k]: the last k tokens of the document, oldest first.
    std::vector<Node> contexts, extended;
    walk(
        source, [&] { contexts.clear(); },
        [&](std::int32_t token) {
          const bool is_target = !contexts.empty();
          if (!is_target) contexts.push_back(root);
          extended.assign(1, root);
          for (const Node context : contexts) {
            const Node node = child(context, token);
            // The n-gram without its oldest token is the one found before.
            if (is_target) count(context, node, extended.back());
            extended.push_back(node);
          }
          if (extended.size() > longest_ + 1) extended.pop_back();
          contexts.swap(extended);
        });
  }

  NgramLoss evaluate(const TokenSource& source) {
    if (smoothing_ == Smoothing::kneser_ney && !is_finished_) finish();
    std::vector<Node> contexts, extended;
    double sum = 0.0;
    std::int64_t targets = 0;
    walk(
        source, [&] { contexts.clear(); },
        [&](std::int32_t token) {
          const bool is_target = !contexts.empty();
          if (!is_target) contexts.push_back(root);
          double probability = 1.0 / vocabulary_;
          extended.assign(1, root);
          for (const Node context : contexts) {
            const Node node = context == none ? none : children_.find(context, token);
            if (context != none) {
              probability = smoothing_ == Smoothing::witten_bell
                                ? witten_bell(context, node, probability)
                                : kneser_ney(context, node, probability);
            }
            extended.push_back(node);
          }
          if (is_target) {
            sum -= exact::log(probability);
            ++targets;
          }
          if (extended.size() > longest_ + 1) extended.pop_back();
          contexts.swap(extended);
        });
    return {targets == 0 ? 0.0 : sum / static_cast<double>(targets), targets};
  }

  void list(int length, const std::function<void(const Listed&)>& use) const {
    const auto longest = static_cast<std::size_t>(length);
    if (length == 1) {
      for (std::int32_t token = 0; token < vocabulary_; ++token) use(listing({&token, 1}));
      return;
    }
    std::vector<Node> parents(counts_.size(), none);
    std::vector<std::int32_t> last(counts_.size()), tokens;
    children_.for_each([&](Node parent, std::int32_t token, Node child) {
      parents[child] = parent;
      last[child] = token;
    });
    for (Node node = 1; node < counts_.size(); ++node) {
      if (counts_[node].count == 0) continue;
      tokens.clear();
      for (Node at = node; at != root; at = parents[at]) tokens.push_back(last[at]);
      if (tokens.size() != longest) continue;
      std::ranges::reverse(tokens);
      use(listing(tokens));
    }
  }

 private:
  Node find(std::span<const std::int32_t> tokens) const {
    Node node = root;
    for (std::size_t i = 0; i < tokens.size() && node != none; ++i) {
      node = children_.find(node, tokens[i]);
    }
    return node;
  }

  Listed listing(std::span<const std::int32_t> tokens) const {
    Listed listed{tokens, 1.0 / vocabulary_};
    for (std::size_t i = tokens.size(); i-- > 0;) {
      const Node context = find(tokens.subspan(i, tokens.size() - 1 - i));
      listed.probability = witten_bell(context, find(tokens.subspan(i)), listed.probability);
    }
    const Node own = find(tokens);
    if (own == none || counts_[own].total == 0) return listed;
    const auto distinct = static_cast<double>(counts_[own].distinct);
    listed.backoff = distinct / (static_cast<double>(counts_[own].total) + distinct);
    return listed;
  }

  Node child(Node context, std::int32_t token) {
    if (counts_.size() >= none) throw_run("the n-gram baseline is limited to 4 billion n-grams");
    const auto fresh = static_cast<Node>(counts_.size());
    const Node node = children_.find_or_add(context, token, fresh);
    if (node == fresh) counts_.emplace_back();
    return node;
  }

  // `node` is an n-gram that was seen behind `context`, `shorter` the same without its oldest token
  // (its context where there is none).
  void count(Node context, Node node, Node shorter) {
    ++counts_[context].total;
    if (counts_[node].count++ != 0) return;
    ++counts_[context].distinct;
    if (smoothing_ == Smoothing::witten_bell) return;
    if (preceded_.size() < counts_.size()) preceded_.resize(counts_.size());
    if (context != root) ++preceded_[shorter];
  }

  // p(c | h) from p(c | h'); `node` is h c, or none.
  double witten_bell(Node context, Node node, double shorter) const {
    const auto total = static_cast<double>(counts_[context].total);
    const double distinct = counts_[context].distinct;
    if (total == 0.0) return shorter;
    const double seen = node == none ? 0.0 : static_cast<double>(counts_[node].count);
    return std::fma(distinct, shorter, seen) / (total + distinct);
  }

  double kneser_ney(Node context, Node node, double shorter) const {
    const Followers& followers = followers_[context];
    if (followers.total == 0) return shorter;
    const Discounts& discounts = discounts_[followers.order];
    double mass = 0.0;  // for the shorter context
    for (std::size_t k = 1; k <= 3; ++k) mass += discounts[k] * followers.with_count[k - 1];
    const std::uint64_t seen = node == none ? 0 : count_of(node, followers.order);
    const double kept = seen == 0 ? 0.0 : static_cast<double>(seen) - discounts[class_of(seen)];
    return std::fma(mass, shorter, kept) / static_cast<double>(followers.total);
  }

  // Once all is counted: what follows each context, and the discounts of each order.
  void finish() {
    is_finished_ = true;
    preceded_.resize(counts_.size());
    followers_.assign(counts_.size(), {});
    // A child has a higher number than its parent, so that orders go down the trie in one pass.
    std::vector<Node> parents(counts_.size(), none);
    children_.for_each([&](Node parent, std::int32_t, Node child) { parents[child] = parent; });
    std::vector<std::array<std::uint64_t, 5>> numbers(longest_ + 2);  // [order][count], n1 to n4
    followers_[root].order = 1;
    for (Node node = 1; node < counts_.size(); ++node) {
      Followers& behind = followers_[parents[node]];
      followers_[node].order = static_cast<std::uint8_t>(behind.order + 1);
      const std::uint64_t seen = count_of(node, behind.order);
      if (seen == 0) continue;
      behind.total += seen;
      ++behind.with_count[class_of(seen) - 1];
      if (seen <= 4) ++numbers[behind.order][seen];
    }
    discounts_.clear();
    for (const auto& n : numbers) discounts_.push_back(discounts_from(n));
  }

  // Of an n-gram of `order` tokens: how often it was seen, or behind how many different tokens.
  std::uint64_t count_of(Node node, std::size_t order) const {
    return order == longest_ + 1 ? counts_[node].count : preceded_[node];
  }

  int vocabulary_;
  std::size_t longest_;  // context
  Smoothing smoothing_;
  ChildTable children_;
  std::vector<Counts> counts_;  // by node
  // Kneser-Ney alone:
  std::vector<std::uint32_t> preceded_;  // by node: different tokens that were seen before it
  bool is_finished_ = false;
  std::vector<Followers> followers_;  // by node
  std::vector<Discounts> discounts_;  // by order
};

const char* name_of(Smoothing smoothing) {
  return smoothing == Smoothing::witten_bell ? "Witten-Bell" : "modified Kneser-Ney";
}

NgramModel::NgramModel(int vocabulary, int order, Smoothing smoothing) {
  if (order < 1 || order > 16) throw_input("an n-gram's order is 1 to 16, not {}", order);
  if (vocabulary < 1) throw_input("an n-gram needs a vocabulary of at least 1, not {}", vocabulary);
  impl_ = std::make_unique<Impl>(vocabulary, order, smoothing);
}

NgramModel::~NgramModel() = default;

void NgramModel::train(const TokenSource& source) { impl_->train(source); }

NgramLoss NgramModel::evaluate(const TokenSource& source) const { return impl_->evaluate(source); }

void NgramModel::list(int length, const std::function<void(const Listed&)>& use) const {
  impl_->list(length, use);
}

NgramLoss ngram_baseline(const TextDataset& dataset, const std::string& split, int order,
                         Smoothing smoothing) {
  const auto evaluated = dataset.split(split);
  NgramModel model(dataset.vocabulary().size(), order, smoothing);
  model.train(*dataset.split("train"));
  return model.evaluate(*evaluated);
}

}  // namespace rondo
