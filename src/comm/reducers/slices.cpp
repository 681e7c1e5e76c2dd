// Each rank owns a slice of every piece: it receives every rank's roots of the slice, adds them by
// the tree, and sends the sum to all. Any number of ranks, any shares. Traffic over a ring's: (mean
// roots a rank + 1) / 2.
#include <algorithm>
#include <utility>

#include "comm/reducers/exact.hpp"
#include "rondo/core/buffer.hpp"

namespace rondo {
namespace {

template <class Real>
class SliceWorker final : public PieceWorker {
 public:
  SliceWorker(const Reduction<Real>& reduction, int channel)
      : to_(reduction),
        roots_(reduction.plan),
        transfer_(reduction.world.make_transfer(channel)),
        rows_(roots_.nodes.size()) {
    top_ = tree_sum(roots_.nodes, to_.plan.blocks,
                    [&](std::size_t into, std::size_t from) { order_.emplace_back(into, from); });
    const auto ranks = static_cast<std::size_t>(to_.world.size());
    const std::size_t longest = (to_.capacity() + ranks - 1) / ranks;
    received_.resize((roots_.nodes.size() - to_.contributions.size()) * longest);
  }

  void begin(Piece piece) override {
    piece_ = piece;
    phase_ = Phase::collect;
    collect();
  }

  bool advance() override {
    if (phase_ != Phase::done && transfer_->done()) {
      if (phase_ == Phase::collect) {
        add(slice(to_.world.rank()));
        gather();
        phase_ = Phase::gather;
        return advance();
      }
      phase_ = Phase::done;
    }
    return phase_ == Phase::done;
  }

  void wait() override { transfer_->wait(); }

 private:
  enum class Phase { collect, gather, done };

  Piece slice(int owner) const {
    const auto ranks = static_cast<std::size_t>(to_.world.size());
    const auto place = static_cast<std::size_t>(owner);
    return {piece_.begin + piece_.size() * place / ranks,
            piece_.begin + piece_.size() * (place + 1) / ranks};
  }

  // Calls body(rank) for the others: first those that are farthest after this one for receives, in
  // the order in which their messages come when all send to the ranks next to them first.
  template <class Body>
  void for_others(int direction, const Body& body) {
    const int ranks = to_.world.size();
    for (int distance = 1; distance < ranks; ++distance) {
      body((to_.world.rank() + (direction > 0 ? distance : ranks - distance)) % ranks);
    }
  }

  // Sets rows_[node] to this rank's slice of every node's values.
  void collect() {
    const Piece own = slice(to_.world.rank());
    Real** row = first_row(to_.world.rank());
    for (Real* const contribution : to_.contributions) *row++ = contribution + own.begin;
    Real* place = received_.data();
    for_others(-1, [&](int from) {
      row = first_row(from);
      for (std::size_t root = 0; root < roots_.count(from); ++root) {
        transfer_->receive(bytes_of(place, {0, own.size()}), from);
        *row++ = place;
        place += own.size();
      }
    });
    for_others(+1, [&](int to) {
      for (Real* const contribution : to_.contributions) {
        transfer_->send(bytes_of(contribution, slice(to)), to);
      }
    });
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

  void gather() {
    for_others(-1, [&](int from) { transfer_->receive(bytes_of(to_.result, slice(from)), from); });
    const Piece own = slice(to_.world.rank());
    for_others(+1, [&](int to) { transfer_->send(bytes_of(to_.result, own), to); });
  }

  Real** first_row(int rank) { return rows_.data() + roots_.first[static_cast<std::size_t>(rank)]; }

  const Reduction<Real> to_;
  const AllRoots roots_;
  const std::unique_ptr<Transfer> transfer_;
  std::vector<std::pair<std::size_t, std::size_t>> order_;  // additions of nodes: (into, from)
  std::size_t top_ = 0;                                     // the node that ends as the total
  std::vector<Real*> rows_;                                 // by node
  Buffer<Real> received_;
  Piece piece_;
  Phase phase_ = Phase::done;
};

}  // namespace

template <class Real>
std::unique_ptr<PieceWorker> make_slice_worker(const Reduction<Real>& reduction, int channel) {
  return std::make_unique<SliceWorker<Real>>(reduction, channel);
}

template std::unique_ptr<PieceWorker> make_slice_worker(const Reduction<float>&, int);
template std::unique_ptr<PieceWorker> make_slice_worker(const Reduction<double>&, int);

}  // namespace rondo
