#include "rondo/data/ngram.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

// An n-gram is a node of a trie, named by a number; the empty one is node 0.
using Node = std::uint32_t;
constexpr Node root = 0;
constexpr Node none = UINT32_MAX;

// (node, token) -> the node of the n-gram one token longer. Open addressing with linear probing.
class ChildTable {
 public:
  ChildTable() : slots_(std::size_t{1} << 16) {}

  Node find(Node parent, std::int32_t token) const {
    return slots_[slot_of(key_of(parent, token))].child;
  }

  // `fresh` is the child's name if there is none yet.
  Node find_or_add(Node parent, std::int32_t token, Node fresh) {
    const std::uint64_t key = key_of(parent, token);
    Slot& slot = slots_[slot_of(key)];
    if (slot.child != none) return slot.child;
    slot = {key, fresh};
    if (++used_ > slots_.size() / 2) grow();
    return fresh;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Node child = none;
  };

  static std::uint64_t key_of(Node parent, std::int32_t token) {
    return std::uint64_t{parent} << 32 | static_cast<std::uint32_t>(token);
  }

  // Where the key lies, or the free slot where it belongs.
  std::size_t slot_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t mixed = key * 0x9E3779B97F4A7C15U;  // Fibonacci hashing
    mixed ^= mixed >> 32;
    std::size_t at = mixed & mask;
    while (slots_[at].child != none && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.child != none) slots_[slot_of(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

struct Counts {
  std::uint64_t count = 0;     // times seen as a target behind its context
  std::uint64_t total = 0;     // as a context: targets that followed
  std::uint32_t distinct = 0;  // as a context: different ones
};

// Calls `document()` where a document starts and `token(t)` for every token, in order.
template <class Document, class Token>
void walk(const TokenSource& source, Document&& document, Token&& token) {
  constexpr std::int64_t piece = 1 << 16;
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(std::min(piece, source.size())));
  auto start = source.documents().begin();
  for (std::int64_t first = 0; first < source.size(); first += piece) {
    const std::int64_t count = std::min(piece, source.size() - first);
    source.read(first, std::span(tokens).first(static_cast<std::size_t>(count)));
    for (std::int64_t i = 0; i < count; ++i) {
      if (start != source.documents().end() && *start == first + i) {
        document();
        ++start;
      }
      token(tokens[static_cast<std::size_t>(i)]);
    }
  }
}

}  // namespace

class NgramModel::Impl {
 public:
  Impl(int vocabulary, int order)
      : vocabulary_(vocabulary), longest_(static_cast<std::size_t>(order) - 1), counts_(1) {}

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
            if (is_target) count(context, node);
            extended.push_back(node);
          }
          if (extended.size() > longest_ + 1) extended.pop_back();
          contexts.swap(extended);
        });
  }

  NgramLoss evaluate(const TokenSource& source) const {
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
            if (context != none) probability = interpolate(context, node, probability);
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

 private:
  Node child(Node context, std::int32_t token) {
    if (counts_.size() >= none) throw_run("the n-gram baseline is limited to 4 billion n-grams");
    const auto fresh = static_cast<Node>(counts_.size());
    const Node node = children_.find_or_add(context, token, fresh);
    if (node == fresh) counts_.emplace_back();
    return node;
  }

  void count(Node context, Node node) {
    if (counts_[node].count++ == 0) ++counts_[context].distinct;
    ++counts_[context].total;
  }

  // p(c | h) from p(c | h'); `node` is h c, or none.
  double interpolate(Node context, Node node, double shorter) const {
    const auto total = static_cast<double>(counts_[context].total);
    const double distinct = counts_[context].distinct;
    if (total == 0.0) return shorter;
    const double seen = node == none ? 0.0 : static_cast<double>(counts_[node].count);
    return std::fma(distinct, shorter, seen) / (total + distinct);
  }

  int vocabulary_;
  std::size_t longest_;  // context
  ChildTable children_;
  std::vector<Counts> counts_;  // by node
};

NgramModel::NgramModel(int vocabulary, int order) {
  if (order < 1 || order > 16) throw_input("an n-gram's order is 1 to 16, not {}", order);
  if (vocabulary < 1) throw_input("an n-gram needs a vocabulary of at least 1, not {}", vocabulary);
  impl_ = std::make_unique<Impl>(vocabulary, order);
}

NgramModel::~NgramModel() = default;

void NgramModel::train(const TokenSource& source) { impl_->train(source); }

NgramLoss NgramModel::evaluate(const TokenSource& source) const { return impl_->evaluate(source); }

NgramLoss ngram_baseline(const TextDataset& dataset, const std::string& split, int order) {
  const auto evaluated = dataset.split(split);
  NgramModel model(dataset.vocabulary().size(), order);
  model.train(*dataset.split("train"));
  return model.evaluate(*evaluated);
}

}  // namespace rondo
