#include "model/recurrent/recurrent_step.hpp"

#include <algorithm>

#include "model/chains.hpp"
#include "model/recurrent/input_products.hpp"

namespace rondo {
namespace {

// Even steps pass over the panels of a recurrent matrix from the first to the last, odd ones back:
// where it is larger than the second cache, what a step has read last is there still for the next.
// The panel that comes as the i-th at step t,
int there_and_back(int t, int i, int count) { return t % 2 == 0 ? i : count - 1 - i; }
// and the one that comes after `panel`, which may be the same at the next step.
int after(int t, int panel, int count) {
  return std::clamp(t % 2 == 0 ? panel + 1 : panel - 1, 0, count - 1);
}

const Segment* initial_segment(const ParameterLayout& layout, const RecurrentSegments& segments,
                               std::size_t number) {
  return number < segments.initial.size() ? &layout[segments.initial[number]] : nullptr;
}

// A piece, where the cell has it.
template <class Piece, class... Arguments>
std::optional<Piece> piece_if(bool there, Arguments&&... arguments) {
  if (!there) return std::nullopt;
  return std::optional<Piece>(std::in_place, std::forward<Arguments>(arguments)...);
}

}  // namespace

template <class Real>
RecurrentStep<Real>::RecurrentStep(const ParameterLayout& layout, const RecurrentSegments& segments,
                                   const Real* parameters, const LayerShape<Real>& shape,
                                   const RecurrentOptions& options, const WindowSteps<Real>& steps,
                                   const PassShape& pass, Allocations& memory,
                                   const GivenStates<Real>& given)
    : shape_(shape),
      bias_(layout[segments.bias]),
      parameters_(parameters),
      state_chain_(activation_chain(shape.outputs, shape.lanes)),
      gates_chain_(
          gates_chain(shape.units, shape.cell.slots, shape.cell.recurrent_slots, shape.lanes)),
      input_gates_(static_cast<std::size_t>(shape.cell.slots), -1),
      weight_dropout_(layout[segments.recurrent_weights], parameters, options.weight_dropout,
                      options.identity, pass.training, memory),
      packed_(layout[segments.recurrent_weights], weight_dropout_.seen(), pass.training, memory),
      normalization_(piece_if<Normalization<Real>>(shape.cell.normalized > 0, layout[segments.last],
                                                   bias_, parameters, shape, pass, memory)),
      peepholes_(piece_if<Peepholes<Real>>(!shape.cell.peepholes.empty(), layout[segments.last],
                                           parameters, shape.cell, steps,
                                           options.begins_at_zero())),
      elementwise_(shape, peepholes_),
      projection_(piece_if<Projection<Real>>(shape.cell.projects, layout[segments.last], parameters,
                                             shape, steps, pass, memory)),
      transition_(shape, options, initial_segment(layout, segments, 0),
                  initial_segment(layout, segments, 1), parameters, pass, memory, given),
      weights_gradient_(layout[segments.recurrent_weights], shape.cell.recurrent_slots,
                        {state_chain_, steps.entered_states().data, steps.entered_states().stride},
                        steps.gates()),
      bias_gradient_(bias_, normalization_ ? normalization_->bias_gradients() : steps.gates()),
      segments_{&weights_gradient_, &bias_gradient_} {
  for (std::size_t gate = 0; gate < shape.cell.input_slots.size(); ++gate) {
    input_gates_[static_cast<std::size_t>(shape.cell.input_slots[gate])] = static_cast<int>(gate);
  }
  if (peepholes_) segments_.push_back(&*peepholes_);
  if (normalization_) segments_.push_back(&*normalization_);
  if (projection_) segments_.push_back(&*projection_);
  for (const auto* initial : {&transition_.initial_hidden(), &transition_.initial_cell()}) {
    if (initial->trained()) segments_.push_back(initial);
  }
}

template <class Real>
void RecurrentStep<Real>::forward(const StepView<Real>& step) {
  const StepView<Real> inner = step_of_cell(step);
  const int panels = shape_.units.count();
  for (int i = 0; i < panels; ++i) {
    const int j = there_and_back(step.t, i, panels);
    multiply_state(step, j);
    if (!normalization_) elementwise_.forward(inner, j);
  }
  if (normalization_) normalization_->forward(inner);
  if (projection_) projection_->forward(step);
  transition_.forward(step);
}

template <class Real>
void RecurrentStep<Real>::backward_gates(const StepView<Real>& step,
                                         const StepGradients<Real>& gradients) {
  const StepView<Real> inner = step_of_cell(step);
  const StepGradients<Real> inner_gradients =
      projection_ ? projection_->gradients_of_cell(gradients) : gradients;
  transition_.divide(step, gradients);
  for (int j = 0; j < shape_.units.count(); ++j) {
    if (projection_) projection_->backward(step, gradients, j);
    if (!normalization_) elementwise_.backward(inner, inner_gradients, j);
  }
  if (normalization_) normalization_->backward(inner, inner_gradients);
  transition_.join(step, gradients);
}

template <class Real>
void RecurrentStep<Real>::backward_state(const StepView<Real>& step,
                                         const StepGradients<Real>& gradients) {
  if (transition_.goes_back(step)) multiply_gates(step, gradients.next_hidden);
  transition_.leave(step, gradients);
}

template <class Real>
StepView<Real> RecurrentStep<Real>::step_of_cell(const StepView<Real>& step) {
  StepView<Real> inner = projection_ ? projection_->step_of_cell(step) : step;
  inner.resets = transition_.resets_of_cell(step);
  return inner;
}

template <class Real>
void RecurrentStep<Real>::multiply_state(const StepView<Real>& step, int j) {
  const std::vector<int>& slots = shape_.cell.recurrent_slots;
  const auto gates = static_cast<int>(slots.size());
  for (int i = 0; i < gates; ++i) {
    const int gate = there_and_back(step.t, i, gates);
    const int slot = slots[static_cast<std::size_t>(gate)];
    const int next = after(step.t, j * gates + gate, shape_.units.count() * gates);
    kernels::Product<Real> product;
    product.chain = state_chain_;
    product.source = step.state;
    packed_.set_forward(j, gate, product);
    product.next = packed_.forward_panel(next / gates, next % gates);
    product.bias = parameters_ + bias_.offset + bias_.panel(j, slot);
    const int input = input_gates_[static_cast<std::size_t>(slot)];
    if (input < 0) {
      product.start = chain_start(shape_.cell);
    } else if (step.tokens != nullptr) {
      step.tokens->start(j, input, step.t, product);
    } else {
      product.start = kernels::Start::resume;
    }
    product.out = step.gates + shape_.units.offset(j, slot, shape_.cell.slots, shape_.lanes);
    product.lane_begin = step.lanes.begin;
    product.lane_end = step.lanes.end;
    kernels::multiply(product);
  }
}

// A lane that was reset at this step gets none: its rows are kept aside (transition.hpp), which is
// rare and cheap, so that the product needs no masks.
template <class Real>
void RecurrentStep<Real>::multiply_gates(const StepView<Real>& step, Real* next_hidden_gradient) {
  const int panels = shape_.outputs.count();
  for (int i = 0; i < panels; ++i) {
    const int p = there_and_back(step.t, i, panels);
    kernels::Product<Real> product;
    product.chain = gates_chain_;
    product.source = step.gates;
    packed_.set_backward(p, product);
    product.next = packed_.backward_panel(after(step.t, p, panels));
    product.start = kernels::Start::resume;
    product.flush = true;
    product.out = next_hidden_gradient + shape_.outputs.offset(p, shape_.lanes);
    product.lane_begin = step.lanes.begin;
    product.lane_end = step.lanes.end;
    kernels::multiply(product);
  }
}

template <class Real>
int RecurrentStep<Real>::prepare_jobs(int round) const {
  if (!weight_dropout_.drops()) return 0;
  return round == 0 ? weight_dropout_.jobs() : packed_.pack_jobs();
}

template <class Real>
void RecurrentStep<Real>::prepare_job(int round, int job, const WindowView& window) {
  round == 0 ? weight_dropout_.draw(job, window.index) : packed_.pack_job(job);
}

template <class Real>
int RecurrentStep<Real>::pack_jobs() const {
  return (projection_ ? projection_->packed().pack_jobs() : 0) +
         (weight_dropout_.drops() ? 0 : packed_.pack_jobs());
}

template <class Real>
void RecurrentStep<Real>::pack_job(int job) {
  const int projection = projection_ ? projection_->packed().pack_jobs() : 0;
  job < projection ? projection_->packed().pack_job(job) : packed_.pack_job(job - projection);
}

template class RecurrentStep<float>;
template class RecurrentStep<double>;

}  // namespace rondo
