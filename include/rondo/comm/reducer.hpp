// A strategy that turns the ranks' gradient sums into the global sum.
//
// Each rank contributes, for the blocks it owns, the values at its tree roots
// (core/block_tree.hpp): contributions[r] is a whole vector of `size` elements for roots[r]. The
// result, the value at the tree's top, comes back in `result` on every rank. A step starts its
// segments one after another, in the same order on all ranks, may poll as often as it likes, and
// finishes once. Only finish() waits for other ranks. Between the first start() and finish()
// nothing else may communicate on this communicator. After the first step nothing is allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/lane_plan.hpp"

namespace rondo {

// What travels at once, in elements: large enough to use the wire, small enough to overlap, and for
// the last piece to be over soon.
inline constexpr std::size_t default_piece_elements = std::size_t{1} << 17;

template <class Real>
class Reducer {
 public:
  virtual ~Reducer() = default;
  // Elements [begin, end) of every contribution are final: may begin to travel. Nothing is
  // communicated before this call, and result[begin, end) is not valid before finish(). Neighbours
  // in ascending order may be started in other portions on each rank.
  virtual void start(std::size_t begin, std::size_t end) = 0;
  // Sends what is ready, adds what has come; never waits, never required, and ranks need not poll
  // equally often.
  virtual void poll() = 0;
  // All that was started is in `result` on every rank.
  virtual void finish() = 0;
};

// contributions: one pointer per root of this rank, each to `size` elements; contents may be
// overwritten. result: `size` elements; may be the same memory as contributions[0].
// strategy: "exact" (the block tree, bit for bit) or "native" (MPI_Allreduce; bits depend on the
// library and the number of ranks). Throws InputError for another name, RunError where plan and
// contributions do not fit the world. `piece_elements` >= 1 must be the same on all ranks.
template <class Real>
std::unique_ptr<Reducer<Real>> make_reducer(const std::string& strategy, Communicator& world,
                                            const BlockPlan& plan, std::vector<Real*> contributions,
                                            Real* result, std::size_t size,
                                            std::size_t piece_elements = default_piece_elements);
const std::vector<std::string>& reducer_names();
// Whether `result` is bit for bit the same on all ranks; false for an unknown strategy.
bool same_on_all_ranks(const std::string& strategy);

}  // namespace rondo
