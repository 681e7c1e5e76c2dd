// A weight matrix in the forms that its products read.
#pragma once

#include "model/allocations.hpp"
#include "model/chains.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/kernels/products/packing.hpp"
#include "rondo/kernels/products/product.hpp"

namespace rondo {

// A segment's values; null where there are no parameters, as memory is only counted.
template <class Real>
const Real* values_of(const Segment& segment, const Real* parameters) {
  return parameters == nullptr ? nullptr : parameters + segment.offset;
}

// Forward, a matrix is read as it is stored, or, in training on targets that read strips faster,
// from a copy in strips; backward, from its transpose. Copy and transpose are renewed after each
// update by jobs 0 .. pack_jobs() - 1, in any order, on any threads. A matrix that only predicts
// has neither. A matrix whose parameters are another's, a table of rows, is unfolded likewise, to
// predict as well.
template <class Real>
class PackedWeights {
 public:
  // `stored`: the segment's values.
  PackedWeights(const Segment& segment, const Real* stored, bool training, Allocations& memory)
      : segment_(segment),
        stored_{Panels{segment.units}, segment.groups, segment.columns, stored},
        outputs_{segment.columns} {
    if (training) make_forms(memory);
  }
  // `segment`, whose parameters are those of `table`, of one row for each of its units.
  PackedWeights(const Segment& segment, const Segment& table, const Real* parameters, bool training,
                Allocations& memory)
      : segment_(segment),
        rows_{segment.units, segment.columns, values_of(table, parameters)},
        unfolded_(memory.make<Real>(MemoryUse::weights, segment.size)),
        stored_{Panels{segment.units}, segment.groups, segment.columns, unfolded_.data()},
        outputs_{segment.columns} {
    if (training) make_forms(memory);
  }

  // Sets weights and strip of a product whose outputs are unit panel j of a gate.
  void set_forward(int j, int gate, kernels::Product<Real>& product) const {
    product.width = stored_.units.width(j);
    product.strip = strips_.empty() ? product.width : kernels::weight_strip<Real>(product.width);
    product.weights = forward_panel(j, gate);
  }
  const Real* forward_panel(int j, int gate) const {
    return (strips_.empty() ? stored_.data : strips_.data()) + segment_.panel(j, gate);
  }
  const Real* backward_panel(int p) const {
    return transposed_.data() + static_cast<std::size_t>(p) * Panels::full * chain();
  }

  // Of a product over all gates' units whose outputs are column panel p.
  void set_backward(int p, kernels::Product<Real>& product) const {
    product.width = outputs_.width(p);
    product.strip = kernels::weight_strip<Real>(product.width);
    product.weights = backward_panel(p);
  }
  // Of a part of it, and its chain. `start`, set before, is the first part's: the others resume;
  // the last one alone flushes.
  void set_backward(int p, const ChainPiece& part, kernels::Product<Real>& product) const {
    set_backward(p, product);
    product.chain = part.stretches;
    product.weights += static_cast<std::ptrdiff_t>(part.begin) * product.strip;
    product.strip_steps = segment_.rows();
    if (part.begin > 0) product.start = kernels::Start::resume;
    product.flush = part.last;
  }

  int pack_jobs() const {
    return transposes() + (!unfolded_.empty() || !strips_.empty() ? stored_.units.count() : 0);
  }
  void pack_job(int job) {
    if (job < transposes()) {
      unfolded_.empty() ? kernels::transpose(stored_, transposed_.data(), job, job + 1)
                        : kernels::transpose(rows_, transposed_.data(), job, job + 1);
      return;
    }
    const int j = job - transposes();
    if (!unfolded_.empty()) kernels::unfold(rows_, unfolded_.data(), j, j + 1);
    if (!strips_.empty()) kernels::pack_strips(stored_, strips_.data(), j, j + 1);
  }

 private:
  void make_forms(Allocations& memory) {
    const bool reads_strips = kernels::weight_strip<Real>(Panels::full) < Panels::full;
    if (reads_strips) strips_ = memory.make<Real>(MemoryUse::weights, segment_.size);
    transposed_ = memory.make<Real>(MemoryUse::weights,
                                    static_cast<std::size_t>(outputs_.padded()) * chain());
  }
  int transposes() const { return transposed_.empty() ? 0 : outputs_.count(); }
  std::size_t chain() const { return static_cast<std::size_t>(segment_.rows()); }

  const Segment& segment_;
  kernels::StoredRows<Real> rows_;  // of a matrix whose parameters are a table's
  Buffer<Real> unfolded_;
  kernels::StoredWeights<Real> stored_;
  Panels outputs_;  // of the backward product
  Buffer<Real> strips_;
  Buffer<Real> transposed_;
};

}  // namespace rondo
