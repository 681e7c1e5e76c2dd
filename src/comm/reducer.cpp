#include "rondo/comm/reducer.hpp"

#include <algorithm>
#include <utility>

#include "comm/reducers/piecewise.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

template <class Real>
using Maker = std::unique_ptr<Reducer<Real>> (*)(const Reduction<Real>&);

struct Strategy {
  const char* name;
  Maker<float> make_float;
  Maker<double> make_double;
  bool same_on_all_ranks;
};

// Every strategy: a new one is a file in reducers/, its declaration in piecewise.hpp, a line here.
constexpr Strategy strategies[] = {
    {"exact", make_exact_reducer<float>, make_exact_reducer<double>, true},
    {"native", make_native_reducer<float>, make_native_reducer<double>, false},
};

Maker<float> maker(const Strategy& strategy, float) { return strategy.make_float; }
Maker<double> maker(const Strategy& strategy, double) { return strategy.make_double; }

}  // namespace

void require_fitting(const Communicator& world, const BlockPlan& plan) {
  if (plan.ranks != world.size() || plan.ranks > plan.blocks) {
    throw_run("a plan of {} blocks for {} ranks does not fit a world of {} ranks", plan.blocks,
              plan.ranks, world.size());
  }
}

bool same_on_all_ranks(const std::string& strategy) {
  return std::any_of(std::begin(strategies), std::end(strategies), [&](const Strategy& known) {
    return known.name == strategy && known.same_on_all_ranks;
  });
}

const std::vector<std::string>& reducer_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Strategy& strategy : strategies) list.emplace_back(strategy.name);
    return list;
  }();
  return names;
}

template <class Real>
std::unique_ptr<Reducer<Real>> make_reducer(const std::string& strategy, Communicator& world,
                                            const BlockPlan& plan, std::vector<Real*> contributions,
                                            Real* result, std::size_t size,
                                            std::size_t piece_elements) {
  const auto* const found = std::find_if(std::begin(strategies), std::end(strategies),
                                         [&](const Strategy& s) { return s.name == strategy; });
  if (found == std::end(strategies)) {
    throw_input("there is no reducer \"{}\": choose one of {}", strategy,
                fmt::join(reducer_names(), ", "));
  }
  require_fitting(world, plan);
  const std::size_t roots = plan.roots(world.rank()).size();
  if (contributions.size() != roots) {
    throw_run("rank {} owns {} tree roots but contributes {}", world.rank(), roots,
              contributions.size());
  }
  return maker(*found,
               Real{})({world, plan, std::move(contributions), result, size, piece_elements});
}

template std::unique_ptr<Reducer<float>> make_reducer(const std::string&, Communicator&,
                                                      const BlockPlan&, std::vector<float*>, float*,
                                                      std::size_t, std::size_t);
template std::unique_ptr<Reducer<double>> make_reducer(const std::string&, Communicator&,
                                                       const BlockPlan&, std::vector<double*>,
                                                       double*, std::size_t, std::size_t);

}  // namespace rondo
