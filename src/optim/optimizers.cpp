#include <fmt/ranges.h>

#include "rondo/optim/optimizer.hpp"

namespace rondo {

// One function an optimizer, in a file of its own.
namespace optimizers {
template <class Real>
std::unique_ptr<Optimizer<Real>> adagrad(const OptimizationSettings& settings,
                                         const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> adam(const OptimizationSettings& settings,
                                      const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> adamw(const OptimizationSettings& settings,
                                       const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> asgd(const OptimizationSettings& settings,
                                      const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> lamb(const OptimizationSettings& settings,
                                      const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> nesterov(const OptimizationSettings& settings,
                                          const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> rmsprop(const OptimizationSettings& settings,
                                         const ParameterLayout& layout);
template <class Real>
std::unique_ptr<Optimizer<Real>> sgd(const OptimizationSettings& settings,
                                     const ParameterLayout& layout);
}  // namespace optimizers

namespace {

template <class Real>
struct Entry {
  OptimizerTraits traits;
  std::unique_ptr<Optimizer<Real>> (*make)(const OptimizationSettings&, const ParameterLayout&);
};

// The table: one line an optimizer, in the order of --help.
template <class Real>
const std::vector<Entry<Real>>& table() {
  using namespace optimizers;
  static const std::vector<Entry<Real>> entries = {
      {{"adam", {"beta1", "beta2", "epsilon"}}, adam<Real>},
      {{"adamw",
        {"beta1", "beta2", "epsilon"},
        "the share of its weight that a parameter loses in a step, times the rate"},
       adamw<Real>},
      {{"sgd", {"momentum"}}, sgd<Real>},
      {{"nesterov", {"momentum"}}, nesterov<Real>},
      {{"asgd", {"average-patience"}, "", true}, asgd<Real>},
      {{"rmsprop", {"smoothing", "epsilon"}}, rmsprop<Real>},
      {{"adagrad", {"epsilon"}}, adagrad<Real>},
      {{"lamb", {"beta1", "beta2", "epsilon"}, "part of the direction"}, lamb<Real>},
  };
  return entries;
}

template <class Real>
const Entry<Real>& find(const std::string& name) {
  for (const Entry<Real>& entry : table<Real>()) {
    if (entry.traits.name == name) return entry;
  }
  throw_input("there is no optimizer '{}'; there are {}", name, fmt::join(optimizer_names(), ", "));
}

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
std::unique_ptr<Optimizer<Real>> make_optimizer(const OptimizationSettings& settings,
                                                const ParameterLayout& layout) {
  return find<Real>(settings.optimizer).make(settings, layout);
}

const OptimizerTraits& optimizer_traits(const std::string& name) {
  return find<float>(name).traits;
}

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  for (const Entry<float>& entry : table<float>()) names.push_back(entry.traits.name);
  return names;
}

template class Optimizer<float>;
template class Optimizer<double>;
template std::unique_ptr<Optimizer<float>> make_optimizer(const OptimizationSettings&,
                                                          const ParameterLayout&);
template std::unique_ptr<Optimizer<double>> make_optimizer(const OptimizationSettings&,
                                                           const ParameterLayout&);

}  // namespace rondo
