// What every reducer shares: segments as they are started become pieces that travel at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <vector>

#include "rondo/comm/reducer.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

// Elements [begin, end) of the vectors that are reduced.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

// Queues pieces and works through them in poll() and finish(), by blocking calls.
//
// Invariant: the sequence of pieces is a function of the sequence of starts alone, never of when a
// rank polls, so that all ranks communicate in the same order. A helper thread that works through
// the queue on a duplicated communicator would keep it.
template <class Real>
class PiecewiseReducer : public Reducer<Real> {
 public:
  PiecewiseReducer(std::size_t size, std::size_t piece_elements)
      : size_(size), piece_elements_(std::max<std::size_t>(1, piece_elements)) {}

  // Neighbouring segments grow together until a piece is full; full pieces are cut off in front.
  void start(std::size_t begin, std::size_t end) final {
    if (begin > end || end > size_) {
      throw_run("a reduction of {} elements was started for elements {} to {}", size_, begin, end);
    }
    if (begin == end) return;
    if (open_.end == begin) {
      open_.end = end;
    } else if (open_.begin == end) {
      open_.begin = begin;
    } else {
      close();
      open_ = {begin, end};
    }
    while (open_.size() >= piece_elements_) {
      ready_.push_back({open_.begin, open_.begin + piece_elements_});
      open_.begin += piece_elements_;
    }
  }

  void poll() final {
    while (!ready_.empty()) {
      const Piece piece = ready_.front();
      ready_.pop_front();
      reduce(piece);
    }
  }

  void finish() final {
    close();
    poll();
  }

 protected:
  // Makes result[piece] final on every rank. Collective.
  virtual void reduce(Piece piece) = 0;

 private:
  void close() {
    if (open_.size() > 0) ready_.push_back(open_);
    open_ = {};
  }

  const std::size_t size_;
  const std::size_t piece_elements_;
  Piece open_;  // started, not yet a full piece
  std::deque<Piece> ready_;
};

// One strategy for one type of element, as make_reducer was called.
template <class Real>
struct Reduction {
  Communicator& world;
  BlockPlan plan;
  std::vector<Real*> contributions;
  Real* result;
  std::size_t size;
  std::size_t piece_elements;
};

template <class Real>
std::unique_ptr<Reducer<Real>> make_exact_reducer(const Reduction<Real>& reduction);
template <class Real>
std::unique_ptr<Reducer<Real>> make_native_reducer(const Reduction<Real>& reduction);

// into[i] += from[i]. IEEE addition commutes: which of two ranks' values is the left operand cannot
// be seen in the bits (but for a NaN's payload, and a step with a NaN changes no weights).
template <class Real>
void add_elements(Real* into, const Real* from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) into[i] += from[i];
}

}  // namespace rondo
