// What a recurrent layer does in tasks before and after a window: its weights as the products read
// them, those that a window does without, and the products of the window's different tokens.
#include "model/recurrent_layer.hpp"

namespace rondo {

template <class Real>
int RecurrentLayer<Real>::pack_tasks() const {
  return packed_inputs_.pack_tasks() + (projection_ ? projection_->pack_tasks() : 0) +
         (dropped_.empty() ? packed_recurrent_.pack_tasks() : 0);
}

template <class Real>
void RecurrentLayer<Real>::pack_task(int task) {
  if (task < packed_inputs_.pack_tasks()) return packed_inputs_.pack_task(task);
  task -= packed_inputs_.pack_tasks();
  const int projection = projection_ ? projection_->pack_tasks() : 0;
  task < projection ? projection_->pack_task(task) : packed_recurrent_.pack_task(task - projection);
}

template <class Real>
int RecurrentLayer<Real>::prepare_tasks(int round) const {
  if (round == 0) return dropped_panels();
  return (token_products_ ? units_.count() : 0) +
         (dropped_.empty() ? 0 : packed_recurrent_.pack_tasks());
}

template <class Real>
void RecurrentLayer<Real>::prepare_task(int round, int task, const WindowView& window) {
  if (round == 0) {
    return drop_weights(task, window.index, parameters_ + recurrent_weights_.offset,
                        dropped_.data());
  }
  if (!token_products_) return packed_recurrent_.pack_task(task);
  if (task >= units_.count()) return packed_recurrent_.pack_task(task - units_.count());
  if (!token_products_->listed()) return;
  for (int gate = 0; gate < input_weights_.groups; ++gate) {
    token_products_->make(task, gate, input_product(task, gate));
  }
}

template <class Real>
void RecurrentLayer<Real>::finish_task(int task, std::int64_t window, Real* gradient) const {
  Real* const weights = gradient + recurrent_weights_.offset;
  drop_weights(task, window, weights, weights);
}

template <class Real>
void RecurrentLayer<Real>::drop_weights(int task, std::int64_t window, const Real* from,
                                        Real* to) const {
  const int j = task / recurrent_weights_.groups, gate = task % recurrent_weights_.groups;
  const std::size_t at = recurrent_weights_.panel(j, gate);
  weight_dropout_.apply(recurrent_weights_, window, j, gate, from + at, to + at);
}

template int RecurrentLayer<float>::pack_tasks() const;
template void RecurrentLayer<float>::pack_task(int);
template int RecurrentLayer<float>::prepare_tasks(int) const;
template void RecurrentLayer<float>::prepare_task(int, int, const WindowView&);
template void RecurrentLayer<float>::finish_task(int, std::int64_t, float*) const;
template int RecurrentLayer<double>::pack_tasks() const;
template void RecurrentLayer<double>::pack_task(int);
template int RecurrentLayer<double>::prepare_tasks(int) const;
template void RecurrentLayer<double>::prepare_task(int, int, const WindowView&);
template void RecurrentLayer<double>::finish_task(int, std::int64_t, double*) const;

}  // namespace rondo
