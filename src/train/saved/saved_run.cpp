#include "rondo/train/saved_run.hpp"

#include <cmath>

#include "rondo/optim/optimizer.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_steps = 1'000'000'000'000;  // as --steps

// InputError if an array holds a value that is not `allowed`.
template <class Real, class Allowed>
void check_values(const NamedState& state, const std::string& name,
                  const std::vector<std::uint64_t>& shape, const std::string& where,
                  const Allowed& allowed) {
  const std::span<const Real> values = state.get<Real>(name, shape);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!allowed(values[i])) {
      throw_input("{}: element {} of '{}' is {}: no run can go on from there", where, i, name,
                  values[i]);
    }
  }
}

template <class Real>
bool is_finite(Real value) {
  return std::isfinite(value);
}
// A moment may have grown beyond the largest number: its parameter stands still, and that is all.
template <class Real>
bool is_number(Real value) {
  return !std::isnan(value);
}

// What averaged SGD keeps of its validations.
bool in_trend(const Config& config, const Counters& counters) {
  return counters.average_start >= 0 && counters.average_start <= counters.update + 1 &&
         counters.trend.size() <= static_cast<std::size_t>(config.average_patience) + 1;
}

void check_counters(const Config& config, const Counters& counters, const std::string& where) {
  const auto in_run = [&counters](std::int64_t value) {
    return value >= 0 && value <= counters.step;
  };
  const bool possible = counters.step >= 0 && counters.step <= most_steps &&
                        in_run(counters.window) && in_run(counters.update) &&
                        in_run(counters.skipped_in_a_row) && in_run(counters.validated_step) &&
                        in_run(counters.stale) && in_run(counters.stale_since_decay) &&
                        in_run(counters.decays) && in_trend(config, counters) &&
                        (counters.best_step == -1 || in_run(counters.best_step)) &&
                        (counters.good_step == -1 || in_run(counters.good_step)) &&
                        (!config.window_varies || counters.window <= WindowCuts::most_varying);
  if (!possible) throw_input("{}: its counters are those of no run", where);
}

}  // namespace

std::string evaluated_group(const NamedState& state) {
  const auto first = state.arrays().lower_bound("average/");
  const bool averaged = first != state.arrays().end() && first->first.starts_with("average/");
  return averaged ? "average/" : "parameters/";
}

template <class Real>
void check_saved_parameters(const ParameterLayout& layout, const NamedState& state,
                            const std::string& group, const std::string& where) {
  for (const Segment& segment : layout.segments()) {
    check_values<Real>(state, group + segment.name, segment.shape(), where, is_finite<Real>);
  }
}

template <class Real>
void check_saved_run(const Config& config, const Dataset& data, const NamedState& state,
                     const std::string& where) {
  const NetworkPlan model = data.model(config);
  const ParameterLayout layout = model.layout();
  check_saved_parameters<Real>(layout, state, "parameters/", where);
  Counters counters;
  counters.load(state);
  if (counters.averaged(config) > 0) {
    check_saved_parameters<Real>(layout, state, "average/", where);
  }
  for (const auto& moment : make_optimizer<Real>(config, ParameterLayout())->moments()) {
    for (const Segment& segment : layout.segments()) {
      check_values<Real>(state, fmt::format("optimizer/{}/{}", moment.name, segment.name),
                         segment.shape(), where, is_number<Real>);
    }
  }
  const auto of_lanes = [&config](int units) {
    return std::vector{static_cast<std::uint64_t>(config.lanes), static_cast<std::uint64_t>(units)};
  };
  for (const CarriedArray& array : model.carried()) {
    check_values<Real>(state, "lanes/" + array.name, of_lanes(array.units), where, is_number<Real>);
  }
  data.split("train")->check_cursors(state, config.lanes);
  const Task& task = data.task();
  if (&task_of(state, where) != &task ||
      !task.same_columns(task.load_columns(state), data.stored_columns())) {
    throw_input("{}: it was trained on other columns than those of the data set", where);
  }
  check_counters(config, counters, where);
}

template void check_saved_parameters<float>(const ParameterLayout&, const NamedState&,
                                            const std::string&, const std::string&);
template void check_saved_parameters<double>(const ParameterLayout&, const NamedState&,
                                             const std::string&, const std::string&);
template void check_saved_run<float>(const Config&, const Dataset&, const NamedState&,
                                     const std::string&);
template void check_saved_run<double>(const Config&, const Dataset&, const NamedState&,
                                      const std::string&);

}  // namespace rondo
