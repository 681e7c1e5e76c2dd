#include "apps/looking/reach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "rondo/core/errors.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/decoding/said_column.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

// Of the layers that a window cuts off, the one that loses most by one of `window` steps; null if
// there is none.
const LayerReach* worst_of(const MeasuredReach& measured, std::int64_t window) {
  const LayerReach* worst = nullptr;
  for (const LayerReach& reach : measured.reach.layers) {
    if (reach.layer.axis != 0) continue;
    if (worst == nullptr || reach.lost(window) > worst->lost(window)) worst = &reach;
  }
  return worst;
}

std::int64_t good_window(const MeasuredReach& measured) {
  std::int64_t window = 1;
  for (const LayerReach& reach : measured.reach.layers) {
    if (reach.layer.axis == 0) window = std::max(window, reach.window_losing_less(little_lost));
  }
  return window;
}

// Whether next to nothing is to be found behind the steps that were measured: what arrives from the
// last quarter of them would have to shrink as it does from the one before. Where no sequence began
// before its window, there is nothing.
bool is_settled(const MeasuredReach& measured) {
  const std::int64_t window = measured.reach.window;
  if (measured.reach.cut == 0) return true;
  if (window < 8) return false;
  return std::ranges::all_of(measured.reach.layers, [window](const LayerReach& reach) {
    if (reach.layer.axis != 0) return true;
    const double last = reach.lost(window - window / 4);
    const double before = reach.lost(window - 2 * (window / 4)) - last;
    return last == 0 || (last < before && last * last / (before - last) < little_lost / 4);
  });
}

// 0, 1, 2, 4, ... and the farthest.
std::vector<std::int64_t> shown_steps(const MeasuredReach& measured) {
  std::int64_t farthest = 0;
  for (const LayerReach& reach : measured.reach.layers) {
    farthest = std::max(farthest, static_cast<std::int64_t>(reach.norms.size()) - 1);
  }
  std::vector<std::int64_t> steps{0};
  for (std::int64_t k = 1; k < farthest; k *= 2) steps.push_back(k);
  if (farthest > 0) steps.push_back(farthest);
  return steps;
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

}  // namespace

MeasuredReach measure_reach(const NamedState& state, const std::string& where,
                            const ReachQuestion& question) {
  Dataset data(question.data);
  return with_precision(state, where, [&]<class Real>() {
    const SavedModel<Real> model(state, where);
    check_columns(model.task, model.stored_columns, data, where, question.asked);
    if (tasks::said_column_of(data.columns()) != nullptr) {
      throw_input(
          "{}: how far gradients reach is counted in steps before a loss, and the losses of "
          "the task '{}' stand at no step of what is read",
          where, data.task().name());
    }
    data.read_as(model.config);
    data.task().check_split(data, question.split);
    const auto split = data.split(question.split);
    const LaneLayout layout = reach_layout(model.config, *split, question.window);
    ThreadPool pool(question.threads, kernels::set_float_mode);
    MeasuredReach measured;
    measured.split = question.split;
    measured.reach = measure_gradient_reach(model, *split, layout, pool);
    measured.run_window = model.config.window;
    measured.is_cut = split->whole() == nullptr || model.config.carries_state();
    measured.longest = longest_history(*split);
    return measured;
  });
}

std::string layer_name(const WatchedLayer& layer) {
  std::string name = layer.stack == "rnn" ? fmt::format("layer {}", layer.number + 1) : layer.stack;
  return layer.reversed ? name + ", reversed" : name;
}

std::string verdict(const MeasuredReach& measured) {
  const std::int64_t good = good_window(measured), window = measured.run_window;
  for (const LayerReach& reach : measured.reach.layers) {
    if (reach.layer.axis == 0 && reach.lost(0) == 0) {
      return fmt::format("no gradient arrives at {}: no window helps it", layer_name(reach.layer));
    }
  }
  if (!measured.is_cut) {
    return fmt::format(
        "windows hold whole sequences, so nothing is lost; over 99 % of what arrives does so in "
        "the {} step{} nearest to a loss",
        good, good == 1 ? "" : "s");
  }
  const LayerReach& worst = *worst_of(measured, window);
  const std::string loses =
      fmt::format("a window of {} loses {} of what the loss at its last step sends back to {}",
                  window, percent(worst.lost(window)), layer_name(worst.layer));
  if (is_settled(measured)) {
    return good <= window
               ? fmt::format("{}: it is long enough, {} would lose less than 1 %", loses, good)
               : fmt::format("{}: it is too short, --window {} would lose less than 1 %", loses,
                             good);
  }
  std::string text = fmt::format("gradients reach further than the {} steps that were measured: ",
                                 measured.reach.window);
  text +=
      window < measured.reach.window
          ? fmt::format("a window of {} loses more than {}", window, percent(worst.lost(window)))
          : fmt::format("what a window of {} loses is not known", window);
  const std::int64_t further = std::min(2 * measured.reach.window, measured.longest);
  return further > measured.reach.window
             ? fmt::format("{}; measure again with --window {}", text, further)
             : text + "; the data have no longer sequence to measure by";
}

Json reach_json(const MeasuredReach& measured) {
  Json layers = Json::array();
  for (const LayerReach& reach : measured.reach.layers) {
    Json one = {{"name", layer_name(reach.layer)}, {"reversed", reach.layer.reversed}};
    Json steps = Json::array(), norms = Json::array(), arrived = Json::array(),
         losses = Json::array();
    for (const std::int64_t k : shown_steps(measured)) {
      if (k >= static_cast<std::int64_t>(reach.norms.size())) break;
      steps.push_back(k);
      norms.push_back(reach.norm(k));
      arrived.push_back(1 - reach.lost(k + 1));
      losses.push_back(reach.losses[static_cast<std::size_t>(k)]);
    }
    one["steps"] = std::move(steps);
    one["norm"] = std::move(norms);
    one["arrived"] = std::move(arrived);
    one["losses"] = std::move(losses);
    one["window"] = reach.window_losing_less(little_lost);
    if (measured.is_cut && reach.layer.axis == 0) {
      one["lost"] = reach.lost(measured.run_window);
      one["lost_in_mean"] = reach.lost_in_mean(measured.run_window);
    }
    layers.push_back(std::move(one));
  }
  return {{"split", measured.split},           {"window", measured.reach.window},
          {"run_window", measured.run_window}, {"losses", measured.reach.losses},
          {"layers", std::move(layers)},       {"verdict", verdict(measured)}};
}

std::string reach_text(const MeasuredReach& measured) {
  const std::vector<LayerReach>& layers = measured.reach.layers;
  constexpr const char* cell = "{:>20}";
  const auto row = [&](const std::string& name, const auto& said) {
    std::string text = fmt::format("{:<24}", name);
    for (const LayerReach& reach : layers) text += fmt::format(fmt::runtime(cell), said(reach));
    return text + "\n";
  };
  std::string text =
      fmt::format("\ngradients of {} losses on {}, back through windows of up to {} steps:\n",
                  measured.reach.losses, measured.split, measured.reach.window);
  text +=
      row("steps before the loss", [](const LayerReach& reach) { return layer_name(reach.layer); });
  text += row("", [](const LayerReach&) { return std::string("norm   arrived"); });
  for (const std::int64_t k : shown_steps(measured)) {
    text += row(fmt::format("{:>21}", k), [k](const LayerReach& reach) {
      if (k >= static_cast<std::int64_t>(reach.norms.size())) return std::string();
      return fmt::format("{:.3g} {:>9}", reach.norm(k), percent(1 - reach.lost(k + 1)));
    });
  }
  text += row("window that loses < 1 %", [](const LayerReach& reach) {
    return fmt::format("{}", reach.window_losing_less(little_lost));
  });
  const auto of_run = [&](double (LayerReach::*lost)(std::int64_t) const) {
    return [&measured, lost](const LayerReach& reach) {
      return reach.layer.axis == 0 ? percent((reach.*lost)(measured.run_window)) : std::string();
    };
  };
  if (measured.is_cut) {
    text += row(fmt::format("one of {} loses", measured.run_window), of_run(&LayerReach::lost));
    text += row("  in the mean of losses", of_run(&LayerReach::lost_in_mean));
  }
  return text + "\n" + verdict(measured) + "\n";
}

}  // namespace rondo::apps
