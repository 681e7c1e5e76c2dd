// A head that says which symbols a sequence's steps spell: linear outputs, softmax, and the loss of
// connectionist temporal classification (model/heads/ctc.hpp).
//
// It reads the source's axis; its targets are the lists of labels on the target's, whose spans are
// pairs of the source's, in their order: a list's last step is the symbol that ends it and no
// label. The blank is the last class, behind all symbols. A sequence weighs 1; one whose target is
// not given, or needs more steps than there are, weighs 0 and teaches nothing. Losses stand at a
// sequence's last step.
//
// A step's probabilities are softmax's, in double: the maximum over all classes first, then the sum
// of exponentials in the order of a vector sum. The gradient at a class is its probability less the
// sum of the occupancies of the positions that say it, from +0, ascending; rounded once. Where an
// output is not finite, so are the sequence's loss and gradients.
#pragma once

#include <span>

#include "model/heads/ctc.hpp"
#include "model/heads/linear_head.hpp"

namespace rondo {

template <class Real>
class CtcLayer final : public LinearHead<Real> {
 public:
  // `targets`: the column of the second axis's tokens. Segments as LinearHead's, the classes of all
  // symbols and the blank.
  CtcLayer(const HeadPlaces<Real>& places, int targets, const PassShape& shape,
           Allocations& memory);

  void forward(const WindowView& window, LaneRange lanes) override;
  // That of the window which forward() saw last.
  double weight(const WindowView& window, int t, int lane) const override {
    return weights_[this->row(window.first_time + t, lane)];
  }

 private:
  // What a thread works with: that of its first lane.
  struct Room {
    std::span<std::int32_t> labels;
    std::span<double> scores, forward, rows;
    std::span<double> most, sums;      // of each step
    std::span<double> classes, other;  // a value a class
  };
  Room room_of(int lane);
  void clear(int lane, int begin, int end);
  void forward_span(const WindowView& window, const Span& span, const Span& target, Room& room);
  // Scores of the list's labels at each step; false where an output is not finite.
  bool read_scores(int lane, const Span& span, std::span<const std::int32_t> labels, Room& room);
  void write_gradient(int lane, const Span& span, std::span<const std::int32_t> labels, Room& room);
  void read_outputs(int t, int lane, std::span<double> to);

  int blank() const { return this->width() - 1; }

  int targets_;
  std::size_t times_, labels_;  // at most
  Buffer<double> weights_;      // [t][lane]
  Buffer<double> room_;         // [lane][what Room has]
  Buffer<std::int32_t> room_for_labels_;
};

}  // namespace rondo
