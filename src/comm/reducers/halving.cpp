// Ranks that are neighbours in the tree add first: distance 1 with half of the piece each, then
// distance 2 with a quarter, ...; at distance d the ranks whose numbers differ in bit d hold the
// two children of one node for the same elements. Then the finished parts are gathered back the
// same way. Traffic: 2 (P - 1) / P of the piece a rank, as a ring's, in 2 log2 P messages.
#include <algorithm>
#include <array>
#include <bit>

#include "comm/reducers/exact.hpp"
#include "rondo/core/buffer.hpp"

namespace rondo {
namespace {

template <class Real>
class HalvingWorker final : public PieceWorker {
 public:
  HalvingWorker(const Reduction<Real>& reduction, int channel)
      : to_(reduction),
        transfer_(reduction.world.make_transfer(channel)),
        rounds_(std::bit_width(static_cast<unsigned>(reduction.world.size())) - 1) {
    if (rounds_ > 0) {
      const std::size_t shorter = std::min(reduction.capacity(), short_bytes / sizeof(Real));
      received_.resize(std::max((reduction.capacity() + 1) / 2, shorter));
    }
  }

  void begin(Piece piece) override {
    piece_ = kept_ = piece;
    is_short_ = piece.size() * sizeof(Real) < short_bytes;
    step_ = 0;
    if (is_short_ || rounds_ == 0) copy_to_result(piece);
    if (step_ < steps()) begin_step();
  }

  bool advance() override {
    while (step_ < steps()) {
      if (!transfer_->done()) return false;
      end_step();
      ++step_;
      if (step_ < steps()) begin_step();
    }
    return true;
  }

  void wait() override { transfer_->wait(); }

 private:
  // Below this, messages cost more than their bytes: recursive doubling sends whole pieces, and
  // every rank adds all of the same tree.
  static constexpr std::size_t short_bytes = 16 * 1024;

  int steps() const { return is_short_ ? rounds_ : 2 * rounds_; }
  bool gathers() const { return step_ >= rounds_; }
  // At step `step_`, the halving's round or the same round on the way back.
  int round() const { return gathers() ? 2 * rounds_ - 1 - step_ : step_; }
  int partner() const { return to_.world.rank() ^ (1 << round()); }
  Piece& given() { return given_[static_cast<std::size_t>(round())]; }

  void begin_step() {
    if (is_short_) {
      exchange(bytes_of(to_.result, piece_), bytes_of(received_.data(), {0, piece_.size()}));
    } else if (gathers()) {
      exchange(bytes_of(to_.result, kept_), bytes_of(to_.result, given()));
    } else {
      const std::size_t middle = kept_.begin + kept_.size() / 2;
      const Piece lower{kept_.begin, middle};
      const Piece upper{middle, kept_.end};
      const bool keeps_lower = to_.world.rank() < partner();
      kept_ = keeps_lower ? lower : upper;
      given() = keeps_lower ? upper : lower;
      exchange(bytes_of(to_.contributions[0], given()),
               bytes_of(received_.data(), {0, kept_.size()}));
    }
  }

  void end_step() {
    if (is_short_) {
      add_elements(to_.result + piece_.begin, received_.data(), piece_.size());
    } else if (gathers()) {
      kept_ = {std::min(kept_.begin, given().begin), std::max(kept_.end, given().end)};
    } else {
      add_elements(to_.contributions[0] + kept_.begin, received_.data(), kept_.size());
      if (step_ == rounds_ - 1) copy_to_result(kept_);
    }
  }

  void exchange(std::span<const std::byte> outgoing, std::span<std::byte> incoming) {
    transfer_->receive(incoming, partner());
    transfer_->send(outgoing, partner());
  }

  void copy_to_result(Piece piece) {
    const Real* const from = to_.contributions[0];
    if (to_.result == from) return;
    std::copy_n(from + piece.begin, piece.size(), to_.result + piece.begin);
  }

  const Reduction<Real> to_;
  const std::unique_ptr<Transfer> transfer_;
  const int rounds_;
  Buffer<Real> received_;
  Piece piece_;
  bool is_short_ = false;
  int step_ = 0;
  Piece kept_;                     // what this rank adds, and later what it has gathered
  std::array<Piece, 32> given_{};  // by round, what its partner adds
};

}  // namespace

template <class Real>
std::unique_ptr<PieceWorker> make_halving_worker(const Reduction<Real>& reduction, int channel) {
  return std::make_unique<HalvingWorker<Real>>(reduction, channel);
}

template std::unique_ptr<PieceWorker> make_halving_worker(const Reduction<float>&, int);
template std::unique_ptr<PieceWorker> make_halving_worker(const Reduction<double>&, int);

}  // namespace rondo
