// The MPI library's own sum: fast everywhere, in an order that the library chooses by its version,
// the message's length and the number of ranks. Nothing but speed is promised of its bits.
#include <algorithm>

#include "comm/reducers/piecewise.hpp"

namespace rondo {
namespace {

template <class Real>
class NativeReducer final : public PiecewiseReducer<Real> {
 public:
  explicit NativeReducer(const Reduction<Real>& reduction)
      : PiecewiseReducer<Real>(reduction.size, reduction.piece_elements), to_(reduction) {}

 private:
  void reduce(Piece piece) override {
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
    to_.world.native_sum(std::span(into, piece.size()));
  }

  const Reduction<Real> to_;
};

}  // namespace

template <class Real>
std::unique_ptr<Reducer<Real>> make_native_reducer(const Reduction<Real>& reduction) {
  return std::make_unique<NativeReducer<Real>>(reduction);
}

template std::unique_ptr<Reducer<float>> make_native_reducer(const Reduction<float>&);
template std::unique_ptr<Reducer<double>> make_native_reducer(const Reduction<double>&);

}  // namespace rondo
