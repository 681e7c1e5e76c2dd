#include "optim/optimizers.hpp"

#include <fmt/ranges.h>

namespace rondo {
namespace {

template <class Real>
struct Entry {
  const char* name;
  std::unique_ptr<Optimizer<Real>> (*make)(const Config&, const ParameterLayout&);
};

// The table: one line an optimizer.
template <class Real>
constexpr Entry<Real> table[] = {
    {"adagrad", optimizers::adagrad<Real>}, {"adam", optimizers::adam<Real>},
    {"adamw", optimizers::adamw<Real>},     {"asgd", optimizers::asgd<Real>},
    {"lamb", optimizers::lamb<Real>},       {"nesterov", optimizers::nesterov<Real>},
    {"rmsprop", optimizers::rmsprop<Real>}, {"sgd", optimizers::sgd<Real>},
};

}  // namespace

template <class Real>
void Optimizer<Real>::save(const ParameterLayout& layout, NamedState& state) {
  for (const Moment& moment : moments()) {
    layout.save<Real>(moment.values, fmt::format("optimizer/{}/", moment.name), state);
  }
}

template <class Real>
void Optimizer<Real>::load(const ParameterLayout& layout, const NamedState& state) {
  for (const Moment& moment : moments()) {
    layout.load<Real>(state, fmt::format("optimizer/{}/", moment.name), moment.values);
  }
}

template <class Real>
std::unique_ptr<Optimizer<Real>> make_optimizer(const Config& config,
                                                const ParameterLayout& layout) {
  for (const Entry<Real>& entry : table<Real>) {
    if (config.optimizer == entry.name) return entry.make(config, layout);
  }
  throw_input("there is no optimizer '{}'; there are {}", config.optimizer,
              fmt::join(optimizer_names(), ", "));
}

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  for (const Entry<float>& entry : table<float>) names.emplace_back(entry.name);
  return names;
}

template class Optimizer<float>;
template class Optimizer<double>;
template std::unique_ptr<Optimizer<float>> make_optimizer(const Config&, const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> make_optimizer(const Config&, const ParameterLayout&);

}  // namespace rondo
