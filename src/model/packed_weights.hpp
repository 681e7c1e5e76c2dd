// A weight matrix in the forms that its products read.
#pragma once

#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/packing.hpp"
#include "rondo/kernels/product.hpp"

namespace rondo {

// Forward, a matrix is read as it is stored, or, in training on targets that read strips faster,
// from a copy in strips; backward, from its transpose. Copy and transpose are renewed after each
// update by tasks 0 .. pack_tasks() - 1, in any order, on any threads. A matrix that only predicts
// has neither.
template <class Real>
class PackedWeights {
 public:
  PackedWeights(const Segment& segment, const Real* parameters, bool training)
      : segment_(segment),
        stored_{Panels{segment.units}, segment.groups, segment.columns,
                parameters + segment.offset},
        outputs_{segment.columns} {
    if (!training) return;
    if (reads_strips()) strips_.resize(segment.size);
    transposed_.resize(static_cast<std::size_t>(outputs_.padded()) * chain());
  }

  // Values that copy and transpose of a segment hold.
  static std::size_t values(const Segment& segment) {
    return static_cast<std::size_t>(Panels{segment.columns}.padded()) *
               static_cast<std::size_t>(segment.rows()) +
           (reads_strips() ? segment.size : 0);
  }

  // Sets weights and strip of a product whose outputs are unit panel j of a gate.
  void set_forward(int j, int gate, kernels::Product<Real>& product) const {
    product.width = stored_.units.width(j);
    product.strip = strips_.empty() ? product.width : kernels::weight_strip<Real>(product.width);
    product.weights = (strips_.empty() ? stored_.data : strips_.data()) + segment_.panel(j, gate);
  }

  // Of a product over all gates' units whose outputs are column panel p.
  void set_backward(int p, kernels::Product<Real>& product) const {
    product.width = outputs_.width(p);
    product.strip = kernels::weight_strip<Real>(product.width);
    product.weights = transposed_.data() + static_cast<std::size_t>(p) * Panels::full * chain();
  }

  int pack_tasks() const {
    return transposed_.empty() ? 0
                               : outputs_.count() + (strips_.empty() ? 0 : stored_.units.count());
  }
  void pack_task(int task) {
    if (task < outputs_.count()) {
      kernels::transpose(stored_, transposed_.data(), task, task + 1);
    } else {
      const int j = task - outputs_.count();
      kernels::pack_strips(stored_, strips_.data(), j, j + 1);
    }
  }

 private:
  static bool reads_strips() { return kernels::weight_strip<Real>(Panels::full) < Panels::full; }
  std::size_t chain() const { return static_cast<std::size_t>(segment_.rows()); }

  const Segment& segment_;
  kernels::StoredWeights<Real> stored_;
  Panels outputs_;  // of the backward product
  Buffer<Real> strips_;
  Buffer<Real> transposed_;
};

}  // namespace rondo
