// The MPI library's own sum: fast everywhere, in an order that the library chooses by its version,
// the message's length and the number of ranks. Nothing but speed is promised of its bits.
#include <algorithm>

#include "comm/reducers/piecewise.hpp"
#include "rondo/core/buffer.hpp"

namespace rondo {
namespace {

template <class Real>
class NativeWorker final : public PieceWorker {
 public:
  NativeWorker(const Reduction<Real>& reduction, int channel)
      : to_(reduction), transfer_(reduction.world.make_transfer(channel)) {
    if (must_copy()) mine_.resize(to_.capacity());
  }

  void begin(Piece piece) override {
    const Real* mine = to_.contributions[0] + piece.begin;
    if (must_copy()) {
      std::copy_n(mine, piece.size(), mine_.data());
      mine = mine_.data();
    }
    // No two roots of a rank are siblings, so there is no tree to follow among them.
    for (std::size_t root = 1; root < to_.contributions.size(); ++root) {
      add_elements(mine_.data(), to_.contributions[root] + piece.begin, piece.size());
    }
    transfer_->native_sum(std::span(mine, piece.size()),
                          std::span(to_.result + piece.begin, piece.size()));
  }
  bool advance() override { return transfer_->done(); }
  void wait() override { transfer_->wait(); }

 private:
  bool must_copy() const {
    return to_.contributions.size() > 1 || to_.contributions[0] == to_.result;
  }

  const Reduction<Real> to_;
  const std::unique_ptr<Transfer> transfer_;
  Buffer<Real> mine_;  // this rank's sum
};

}  // namespace

template <class Real>
std::unique_ptr<Reducer<Real>> make_native_reducer(const Reduction<Real>& reduction) {
  return std::make_unique<PiecewiseReducer<Real>>(reduction, [&](int channel) {
    return std::make_unique<NativeWorker<Real>>(reduction, channel);
  });
}

template std::unique_ptr<Reducer<float>> make_native_reducer(const Reduction<float>&);
template std::unique_ptr<Reducer<double>> make_native_reducer(const Reduction<double>&);

}  // namespace rondo
