// The MPI library's own sum: fast everywhere, in an order that the library chooses by its version,
// the message's length and the number of ranks. Nothing but speed is promised of its bits.
#include <algorithm>

#include "comm/reducers/piecewise.hpp"

namespace rondo {
namespace {

template <class Real>
class NativeWorker final : public PieceWorker {
 public:
  NativeWorker(const Reduction<Real>& reduction, int channel)
      : to_(reduction), transfer_(reduction.world.make_transfer(channel)) {}

  void begin(Piece piece) override {
    Real* const into = to_.result + piece.begin;
    // No two roots of a rank are siblings, so there is no tree to follow among them.
    for (std::size_t root = 0; root < to_.contributions.size(); ++root) {
      const Real* const from = to_.contributions[root] + piece.begin;
      if (root > 0) {
        add_elements(into, from, piece.size());
      } else if (into != from) {
        std::copy_n(from, piece.size(), into);
      }
    }
    transfer_->native_sum(std::span(into, piece.size()));
  }
  bool advance() override { return transfer_->done(); }
  void wait() override { transfer_->wait(); }

 private:
  const Reduction<Real> to_;
  const std::unique_ptr<Transfer> transfer_;
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
