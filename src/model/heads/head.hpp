// The last stage of a network, or one of them: it knows a loss.
#pragma once

#include <cstdint>
#include <span>

#include "rondo/kernels/losses/numbers.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class Head : public Stage<Real> {
 public:
  // Values that it says at a step.
  virtual int width() const = 0;
  // Bytes of one step's values for `lanes` lanes.
  virtual std::uint64_t step_bytes(int lanes) const = 0;
  // Loss in nats and weight of valid targets of each block of `block` lanes, after forward():
  // element t * block + lane of a block's losses in the order of a vector sum.
  virtual void block_losses(const WindowView& window, int block, std::span<double> losses,
                            std::span<double> weights) = 0;
  // Loss of a lane at time t, of a valid target.
  virtual double loss(int t, int lane) const = 0;
  // Its weight.
  virtual double weight(const WindowView& window, int t, int lane) const = 0;
  // What it says of a lane at time t, after forward() without training, with the whole window's in
  // memory. out: [width()].
  virtual void outputs(int t, int lane, std::span<Real> out) const = 0;
  // Of one that says classes, after forward() where they are kept: the likeliest, the first of
  // equals.
  virtual std::int32_t likeliest(int /*t*/, int /*lane*/) const { return -1; }
  // Of one that says numbers: what its values mean.
  virtual const kernels::NumberLoss* number_loss() const { return nullptr; }
};

}  // namespace rondo
