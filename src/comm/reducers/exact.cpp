// The block tree over ranks (ARITHMETIC.md, "Sums over blocks"), in two ways that give the same
// bits: recursive halving where the ranks are themselves the nodes of one level of the tree, slices
// with an owner each everywhere else.
#include <algorithm>
#include <utility>

#include "comm/reducers/piecewise.hpp"

namespace rondo {
namespace {

template <class Real>
std::span<std::byte> bytes_of(Real* first, Piece piece) {
  return std::as_writable_bytes(std::span(first + piece.begin, piece.size()));
}

// All ranks' roots, in rank order, and where each rank's begin.
struct AllRoots {
  explicit AllRoots(const BlockPlan& plan) {
    for (int rank = 0; rank < plan.ranks; ++rank) {
      first.push_back(nodes.size());
      const std::vector<TreeNode> roots = plan.roots(rank);
      nodes.insert(nodes.end(), roots.begin(), roots.end());
    }
    first.push_back(nodes.size());
  }
  std::size_t count(int rank) const {
    return first[static_cast<std::size_t>(rank) + 1] - first[static_cast<std::size_t>(rank)];
  }
  // Whether the ranks, a power of two of them, are the nodes of one level.
  bool is_one_level(int ranks) const {
    const bool same = std::all_of(nodes.begin(), nodes.end(), [&](const TreeNode& node) {
      return node.level == nodes.front().level;
    });
    return same && nodes.size() == static_cast<std::size_t>(ranks) && (ranks & (ranks - 1)) == 0;
  }
  std::vector<TreeNode> nodes;
  std::vector<std::size_t> first;
};

// Ranks that are neighbours in the tree add first: distance 1 with half of the piece each, then
// distance 2 with a quarter, ...; at distance d the ranks whose numbers differ in bit d hold the
// two children of one node for the same elements. Then the finished parts are gathered back the
// same way. Traffic: 2 (P - 1) / P of the piece a rank, as a ring's, in 2 log2 P messages.
template <class Real>
class HalvingReducer final : public PiecewiseReducer<Real> {
 public:
  explicit HalvingReducer(const Reduction<Real>& reduction)
      : PiecewiseReducer<Real>(reduction.size, reduction.piece_elements), to_(reduction) {}

 private:
  // Below this, messages cost more than their bytes: whole vectors in log2 P messages.
  static constexpr std::size_t short_bytes = 16 * 1024;

  void reduce(Piece piece) override {
    if (piece.size() * sizeof(Real) < short_bytes) {
      double_up(piece);
    } else {
      halve_and_gather(piece);
    }
  }

  void copy_to_result(Piece piece) {
    const Real* const from = to_.contributions[0] + piece.begin;
    if (to_.result != to_.contributions[0]) {
      std::copy_n(from, piece.size(), to_.result + piece.begin);
    }
  }

  // Recursive doubling: the same tree, every rank adding all of it.
  void double_up(Piece piece) {
    copy_to_result(piece);
    received_.resize(std::max(received_.size(), piece.size()));
    const Piece all{0, piece.size()};
    for (int distance = 1; distance < to_.world.size(); distance *= 2) {
      const int partner = to_.world.rank() ^ distance;
      to_.world.exchange(bytes_of(to_.result, piece), partner, bytes_of(received_.data(), all),
                         partner);
      add_elements(to_.result + piece.begin, received_.data(), piece.size());
    }
  }

  void halve_and_gather(Piece piece) {
    Communicator& world = to_.world;
    Real* const mine = to_.contributions[0];
    std::vector<std::pair<int, Piece>> given;  // partner and the part that it finishes
    Piece kept = piece;
    for (int distance = 1; distance < world.size(); distance *= 2) {
      const int partner = world.rank() ^ distance;
      const std::size_t middle = kept.begin + kept.size() / 2;
      Piece lower{kept.begin, middle};
      Piece upper{middle, kept.end};
      const bool keeps_lower = world.rank() < partner;
      kept = keeps_lower ? lower : upper;
      given.emplace_back(partner, keeps_lower ? upper : lower);
      received_.resize(std::max(received_.size(), kept.size()));
      world.exchange(bytes_of(mine, given.back().second), partner,
                     bytes_of(received_.data(), Piece{0, kept.size()}), partner);
      add_elements(mine + kept.begin, received_.data(), kept.size());
    }
    copy_to_result(kept);
    for (; !given.empty(); given.pop_back()) {
      const auto [partner, part] = given.back();
      world.exchange(bytes_of(to_.result, kept), partner, bytes_of(to_.result, part), partner);
      kept = {std::min(kept.begin, part.begin), std::max(kept.end, part.end)};
    }
  }

  const Reduction<Real> to_;
  std::vector<Real> received_;
};

// Each rank owns a slice of every piece: it receives every rank's roots of the slice, adds them by
// the tree, and sends the sum to all. Any number of ranks, any shares. Traffic over a ring's: (mean
// roots a rank + 1) / 2.
template <class Real>
class SliceReducer final : public PiecewiseReducer<Real> {
 public:
  SliceReducer(const Reduction<Real>& reduction, AllRoots roots)
      : PiecewiseReducer<Real>(reduction.size, reduction.piece_elements),
        to_(reduction),
        roots_(std::move(roots)),
        rows_(roots_.nodes.size()) {
    top_ = tree_sum(roots_.nodes, to_.plan.blocks,
                    [&](std::size_t into, std::size_t from) { order_.emplace_back(into, from); });
  }

 private:
  Piece slice(Piece piece, int owner) const {
    const auto ranks = static_cast<std::size_t>(to_.world.size());
    const auto place = static_cast<std::size_t>(owner);
    return {piece.begin + piece.size() * place / ranks,
            piece.begin + piece.size() * (place + 1) / ranks};
  }

  void reduce(Piece piece) override {
    collect(piece);
    add(slice(piece, to_.world.rank()));
    gather(piece);
  }

  // Sets rows_[node] to this rank's slice of every node's values. In round d each rank sends to the
  // rank d places after it and receives from the one d places before.
  void collect(Piece piece) {
    const int ranks = to_.world.size();
    const int rank = to_.world.rank();
    const Piece own = slice(piece, rank);
    for (std::size_t root = 0; root < to_.contributions.size(); ++root) {
      rows_[roots_.first[static_cast<std::size_t>(rank)] + root] =
          to_.contributions[root] + own.begin;
    }
    const std::size_t foreign = roots_.nodes.size() - to_.contributions.size();
    received_.resize(std::max(received_.size(), foreign * own.size()));
    Real* place = received_.data();
    for (int distance = 1; distance < ranks; ++distance) {
      const int to = (rank + distance) % ranks;
      const int from = (rank + ranks - distance) % ranks;
      const std::size_t elements = roots_.count(from) * own.size();
      to_.world.exchange(packed(slice(piece, to)), to,
                         std::as_writable_bytes(std::span(place, elements)), from);
      for (std::size_t root = 0; root < roots_.count(from); ++root) {
        rows_[roots_.first[static_cast<std::size_t>(from)] + root] = place + root * own.size();
      }
      place += elements;
    }
  }

  // This rank's roots of a slice, one after another.
  std::span<const std::byte> packed(Piece part) {
    if (to_.contributions.size() == 1) return bytes_of(to_.contributions[0], part);
    packed_.clear();
    for (const Real* contribution : to_.contributions) {
      packed_.insert(packed_.end(), contribution + part.begin, contribution + part.end);
    }
    return std::as_bytes(std::span(packed_));
  }

  void add(Piece own) {
    // In strips, so that a strip of all rows stays in the cache while the tree is climbed.
    constexpr std::size_t strip = 1024;
    for (std::size_t begin = 0; begin < own.size(); begin += strip) {
      const std::size_t count = std::min(strip, own.size() - begin);
      for (const auto& [into, from] : order_) {
        add_elements(rows_[into] + begin, rows_[from] + begin, count);
      }
    }
    Real* const into = to_.result + own.begin;
    if (rows_[top_] != into) std::copy_n(rows_[top_], own.size(), into);
  }

  void gather(Piece piece) {
    const int ranks = to_.world.size();
    const int rank = to_.world.rank();
    for (int distance = 1; distance < ranks; ++distance) {
      const int to = (rank + distance) % ranks;
      const int from = (rank + ranks - distance) % ranks;
      to_.world.exchange(bytes_of(to_.result, slice(piece, rank)), to,
                         bytes_of(to_.result, slice(piece, from)), from);
    }
  }

  const Reduction<Real> to_;
  const AllRoots roots_;
  std::vector<std::pair<std::size_t, std::size_t>> order_;  // additions of nodes: (into, from)
  std::size_t top_ = 0;                                     // the node that ends as the total
  std::vector<Real*> rows_;
  std::vector<Real> received_;
  std::vector<Real> packed_;
};

}  // namespace

template <class Real>
std::unique_ptr<Reducer<Real>> make_exact_reducer(const Reduction<Real>& reduction) {
  AllRoots roots(reduction.plan);
  if (roots.is_one_level(reduction.plan.ranks)) {
    return std::make_unique<HalvingReducer<Real>>(reduction);
  }
  return std::make_unique<SliceReducer<Real>>(reduction, std::move(roots));
}

template std::unique_ptr<Reducer<float>> make_exact_reducer(const Reduction<float>&);
template std::unique_ptr<Reducer<double>> make_exact_reducer(const Reduction<double>&);

}  // namespace rondo
