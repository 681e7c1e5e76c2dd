// Keys that do nothing beside the values of others: what the user may have meant by them does not
// happen, and says so. What contradicts itself is refused instead (config_rules.cpp).
#include "core/idle_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace rondo {
namespace {

constexpr IdleRule::Why none = nullptr;

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

IdleRule::Why unless(bool has_effect, IdleRule::Why why) { return has_effect ? none : why; }

// Why the first values of the weights are not for this key to choose.
IdleRule::Why first_values_come_from(const Situation& at) {
  if (at.resumed) return "the weights are the checkpoint's";
  if (!at.config.init_from.empty()) return "the weights are those of --init-from";
  return none;
}
IdleRule::Why rule_of_first_values(const Situation& at) {
  if (const IdleRule::Why why = first_values_come_from(at)) return why;
  return unless(at.config.initial_range == 0, "--initial-range gives all first values");
}

IdleRule::Why of_adam(const Situation& at) {
  return unless(is_one_of(at.config.optimizer, {"adam", "adamw", "lamb"}),
                "adam, adamw and lamb have it");
}
IdleRule::Why of_step_schedule(const Situation& at) {
  return unless(at.config.schedule == "step", "--schedule step has it");
}
IdleRule::Why of_failing(const Situation& at) {
  return unless(at.config.fail_at != 0, "--fail-at is not given");
}

}  // namespace

const std::vector<IdleRule>& idle_rules() {
  using S = const Situation&;
  static const std::vector<IdleRule> table = {
      {"resume", [](S at) { return unless(!at.config.dry_run, "a dry run is of a new run"); }},
      {"init-from", [](S at) { return unless(!at.resumed, "the weights are the checkpoint's"); }},
      {"dropout",
       [](S at) {
         return unless(at.config.dropout == 0 || at.config.layers > 1,
                       "it is between layers, and there is one");
       }},
      {"dropout-locked",
       [](S at) {
         const Config& c = at.config;
         const bool drops =
             (c.dropout > 0 && c.layers > 1) || c.dropout_input > 0 || c.dropout_output > 0;
         return unless(!c.dropout_locked || drops,
                       "none of --dropout, --dropout-input and --dropout-output is at work");
       }},
      {"temporal-penalty",
       [](S at) {
         const Config& c = at.config;
         return unless(c.temporal_penalty == 0 || c.window > 1 || c.window_varies,
                       "a window of one step has no changes");
       }},
      {"initialization", rule_of_first_values},
      {"forget-bias",
       [](S at) {
         if (!at.config.cell.starts_with("lstm")) return "it is an LSTM's";
         if (const IdleRule::Why why = rule_of_first_values(at)) return why;
         return unless(at.config.chrono_span == 0, "--chrono-span gives the gates' biases");
       }},
      {"chrono-span",
       [](S at) { return at.config.chrono_span == 0 ? none : rule_of_first_values(at); }},
      {"initial-range",
       [](S at) { return at.config.initial_range == 0 ? none : first_values_come_from(at); }},
      {"final-rate",
       [](S at) { return unless(at.config.schedule == "cosine", "--schedule cosine has it"); }},
      {"decay-factor",
       [](S at) {
         return unless(is_one_of(at.config.schedule, {"step", "plateau"}),
                       "--schedule step and plateau have it");
       }},
      {"decay-after", of_step_schedule},
      {"decay-every", of_step_schedule},
      {"decay-patience",
       [](S at) { return unless(at.config.schedule == "plateau", "--schedule plateau has it"); }},
      {"average-patience",
       [](S at) { return unless(at.config.optimizer == "asgd", "--optimizer asgd has it"); }},
      {"momentum",
       [](S at) {
         return unless(is_one_of(at.config.optimizer, {"sgd", "nesterov"}),
                       "sgd and nesterov have it");
       }},
      {"smoothing",
       [](S at) { return unless(at.config.optimizer == "rmsprop", "rmsprop has it"); }},
      {"beta1", of_adam},
      {"beta2", of_adam},
      {"epsilon",
       [](S at) {
         return unless(
             is_one_of(at.config.optimizer, {"adam", "adamw", "lamb", "rmsprop", "adagrad"}),
             "adam, adamw, lamb, rmsprop and adagrad have it");
       }},
      {"accept-numerics",
       [](S at) {
         return unless(!at.config.accept_numerics || at.resumed, "no checkpoint is resumed");
       }},
      {"hang-rank", [](S at) { return unless(at.config.hang_at != 0, "--hang-at is not given"); }},
      {"fail-rank", of_failing},
      {"fail-with", of_failing},
      {"fault-phase",
       [](S at) {
         return unless(at.config.hang_at != 0 || at.config.fail_at != 0,
                       "neither --hang-at nor --fail-at is given");
       }},
  };
  return table;
}

std::string idle_sentence(const std::vector<IdleName>& names) {
  std::string list;
  for (const IdleName& each : names) {
    list += fmt::format("{}--{} ({})", list.empty() ? "" : ", ", each.name, each.why);
  }
  return list.empty() ? "" : "without effect here: " + list;
}

std::string idle_keys(const Config& config, const std::set<std::string>& given, bool resumed) {
  std::vector<IdleName> idle;
  for (const IdleRule& rule : idle_rules()) {
    if (!given.contains(rule.key)) continue;
    if (const IdleRule::Why why = rule.why({config, resumed})) idle.push_back({rule.key, why});
  }
  return idle_sentence(idle);
}

}  // namespace rondo
