// What happens to a rank's gradients as the backward pass finishes them.
#pragma once

#include "rondo/comm/reducer.hpp"
#include "rondo/train/grouped_gradients.hpp"
#include "rondo/train/step_clock.hpp"
#include "rondo/train/touched_rows.hpp"

namespace rondo {

// Joins each group's gradients with those of the groups before it. The last group's begin to travel
// as they become final, and go on in the backward pass's pauses.
template <class Real>
class LeavingGradients final : public BackwardListener {
 public:
  // `rows`: of the table that leaves by its touched rows; null where all of it does.
  LeavingGradients(GroupedGradients<Real>& gradients, Reducer<Real>& reducer,
                   const TouchedRows* rows, StepClock& clock)
      : gradients_(gradients), reducer_(reducer), rows_(rows), clock_(clock) {}

  void begin(std::size_t group) { group_ = group; }

  void ready(std::size_t begin, std::size_t end) override {
    gradients_.join(group_, begin, end);
    if (!gradients_.is_last(group_)) return;
    if (rows_ != nullptr && rows_->is_table(begin, end)) {
      for (Real* gradient : gradients_.results()) rows_->pack(gradient);
      begin = rows_->begin();
      end = rows_->end();
    }
    reducer_.start(begin, end);
  }
  void pause() override {
    if (!gradients_.is_last(group_)) return;
    clock_.enter(Phase::reduce);
    reducer_.poll();
    clock_.enter(Phase::backward);
  }

 private:
  GroupedGradients<Real>& gradients_;
  Reducer<Real>& reducer_;
  const TouchedRows* rows_;
  StepClock& clock_;
  std::size_t group_ = 0;
};

}  // namespace rondo
