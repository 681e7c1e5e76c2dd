// What a recurrent layer does in jobs before and after a window: its weights as the products read
// them, those that a window does without, and the products of the window's different tokens.
#include "model/recurrent_layer.hpp"

namespace rondo {

template <class Real>
int RecurrentLayer<Real>::pack_jobs() const {
  return packed_inputs_.pack_jobs() + (projection_ ? projection_->pack_jobs() : 0) +
         (drops_ ? 0 : packed_recurrent_.pack_jobs());
}

template <class Real>
void RecurrentLayer<Real>::pack_job(int job) {
  if (job < packed_inputs_.pack_jobs()) return packed_inputs_.pack_job(job);
  job -= packed_inputs_.pack_jobs();
  const int projection = projection_ ? projection_->pack_jobs() : 0;
  job < projection ? projection_->pack_job(job) : packed_recurrent_.pack_job(job - projection);
}

template <class Real>
int RecurrentLayer<Real>::prepare_jobs(int round) const {
  if (round == 0) return dropped_panels();
  return (token_products_ ? units_.count() : 0) + (drops_ ? packed_recurrent_.pack_jobs() : 0);
}

template <class Real>
void RecurrentLayer<Real>::prepare_job(int round, int job, const WindowView& window) {
  if (round == 0) {
    return drop_weights(job, window.index, parameters_ + recurrent_weights_.offset,
                        dropped_.data());
  }
  if (!token_products_) return packed_recurrent_.pack_job(job);
  if (job >= units_.count()) return packed_recurrent_.pack_job(job - units_.count());
  if (!token_products_->listed()) return;
  for (int gate = 0; gate < input_weights_.groups; ++gate) {
    token_products_->make(job, gate, input_product(job, gate));
  }
}

template <class Real>
void RecurrentLayer<Real>::finish_job(int job, std::int64_t window, Real* gradient) const {
  Real* const weights = gradient + recurrent_weights_.offset;
  drop_weights(job, window, weights, weights);
}

template <class Real>
void RecurrentLayer<Real>::drop_weights(int job, std::int64_t window, const Real* from,
                                        Real* to) const {
  const int j = job / recurrent_weights_.groups, gate = job % recurrent_weights_.groups;
  const std::size_t at = recurrent_weights_.panel(j, gate);
  weight_dropout_.apply(recurrent_weights_, window, j, gate, from + at, to + at);
}

template int RecurrentLayer<float>::pack_jobs() const;
template void RecurrentLayer<float>::pack_job(int);
template int RecurrentLayer<float>::prepare_jobs(int) const;
template void RecurrentLayer<float>::prepare_job(int, int, const WindowView&);
template void RecurrentLayer<float>::finish_job(int, std::int64_t, float*) const;
template int RecurrentLayer<double>::pack_jobs() const;
template void RecurrentLayer<double>::pack_job(int);
template int RecurrentLayer<double>::prepare_jobs(int) const;
template void RecurrentLayer<double>::prepare_job(int, int, const WindowView&);
template void RecurrentLayer<double>::finish_job(int, std::int64_t, double*) const;

}  // namespace rondo
