// What every reducer shares: segments as they are started become pieces that travel at once,
// several of them side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
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

// RunError where a plan is not for this world, or has blocks for too few ranks.
void require_fitting(const Communicator& world, const BlockPlan& plan);

// One strategy for one type of element, as make_reducer was called.
template <class Real>
struct Reduction {
  Communicator& world;
  BlockPlan plan;
  std::vector<Real*> contributions;
  Real* result;
  std::size_t size;
  std::size_t piece_elements;
  // The longest piece.
  std::size_t capacity() const { return std::min(size, piece_elements); }
};

// A strategy's work on one piece, and after it on another: a sequence of messages and additions
// that is taken up again whenever messages may have come. It communicates on a channel of its own.
class PieceWorker {
 public:
  virtual ~PieceWorker() = default;
  // The contributions to `piece` are final; the piece before is done.
  virtual void begin(Piece piece) = 0;
  // Goes on as far as the messages that have come allow; never waits. Whether the piece is done:
  // its result is final.
  virtual bool advance() = 0;
  // Returns when the messages have come that advance() needs next.
  virtual void wait() = 0;
};

// Queues pieces and shares them among workers.
//
// Invariant: the sequence of pieces, and which worker takes which, is a function of the sequence of
// starts alone, never of when a rank polls or what a message's way took. So what a worker's channel
// carries is the same sequence on all ranks, and the pieces begin in the same order everywhere.
template <class Real>
class PiecewiseReducer final : public Reducer<Real> {
 public:
  static constexpr int side_by_side = 4;

  // make_worker(channel) makes a worker.
  template <class MakeWorker>
  PiecewiseReducer(const Reduction<Real>& reduction, const MakeWorker& make_worker)
      : size_(reduction.size), piece_elements_(std::max<std::size_t>(1, reduction.piece_elements)) {
    for (int channel = 0; channel < side_by_side; ++channel) {
      seats_.push_back({make_worker(channel), false});
    }
  }

  // Neighbours that are started in ascending order grow together until a piece is full, so that it
  // does not matter in which portions they are started.
  void start(std::size_t begin, std::size_t end) override {
    if (begin > end || end > size_) {
      throw_run("a reduction of {} elements was started for elements {} to {}", size_, begin, end);
    }
    if (begin == end) return;
    if (open_.end != begin) close();
    if (open_.size() == 0) open_.begin = begin;
    open_.end = end;
    while (open_.size() >= piece_elements_) {
      pieces_.push_back({open_.begin, open_.begin + piece_elements_});
      open_.begin += piece_elements_;
    }
  }

  void poll() override {
    for (Seat& seat : seats_) {
      if (seat.busy) seat.busy = !seat.worker->advance();
    }
    for (; begun_ < pieces_.size() && !seat_of(begun_).busy; ++begun_) {
      Seat& seat = seat_of(begun_);
      seat.worker->begin(pieces_[begun_]);
      seat.busy = !seat.worker->advance();
    }
  }

  void finish() override {
    close();
    for (poll(); Seat* oldest = oldest_busy(); poll()) {
      // The oldest piece that any rank has not done is the oldest one on each rank that its
      // messages are awaited from, so that nobody waits in a circle.
      oldest->worker->wait();
    }
    pieces_.clear();
    begun_ = 0;
  }

 private:
  struct Seat {
    std::unique_ptr<PieceWorker> worker;
    bool busy;
  };
  Seat& seat_of(std::size_t piece) { return seats_[piece % seats_.size()]; }

  // Where the oldest piece is that is under way, or null: then none is, and none is left.
  Seat* oldest_busy() {
    for (std::size_t i = begun_ - std::min(begun_, seats_.size()); i < begun_; ++i) {
      if (seat_of(i).busy) return &seat_of(i);
    }
    return nullptr;
  }

  void close() {
    if (open_.size() > 0) pieces_.push_back(open_);
    open_ = {};
  }

  const std::size_t size_;
  const std::size_t piece_elements_;
  std::vector<Seat> seats_;
  Piece open_;                 // started, not yet a full piece
  std::vector<Piece> pieces_;  // since the last finish()
  std::size_t begun_ = 0;      // of them
};

template <class Real>
std::unique_ptr<Reducer<Real>> make_exact_reducer(const Reduction<Real>& reduction);
template <class Real>
std::unique_ptr<Reducer<Real>> make_native_reducer(const Reduction<Real>& reduction);

template <class Real>
std::span<std::byte> bytes_of(Real* first, Piece piece) {
  return std::as_writable_bytes(std::span(first + piece.begin, piece.size()));
}

// into[i] += from[i]; the two do not overlap, so that compilers need not ask before they add
// several at once. IEEE addition commutes: which of two ranks' values is the left operand cannot be
// seen in the bits (but for a NaN's payload, and a step with a NaN changes no weights).
template <class Real>
void add_elements(Real* __restrict__ into, const Real* __restrict__ from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) into[i] += from[i];
}

}  // namespace rondo
