#include "rondo/train/counters.hpp"

namespace rondo {
namespace {

// One list for both directions, so that neither forgets a counter.
template <class Self, class Visit>
void visit(Self& counters, const Visit& visit_one) {
  visit_one("counters/window", counters.window);
  visit_one("counters/step", counters.step);
  visit_one("counters/update", counters.update);
  visit_one("counters/skipped_in_a_row", counters.skipped_in_a_row);
  visit_one("progress/validated_step", counters.validated_step);
  visit_one("progress/best_step", counters.best_step);
  visit_one("progress/best_loss", counters.best_loss);
  visit_one("progress/report_loss", counters.report_loss);
  visit_one("progress/report_targets", counters.report_targets);
}

// Those that most runs do not have: checkpoints from before them have none.
template <class Self, class Visit>
void visit_optional(Self& counters, const Visit& visit_one) {
  visit_one("counters/stale", counters.stale);
  visit_one("counters/stale_since_decay", counters.stale_since_decay);
  visit_one("counters/decays", counters.decays);
}

}  // namespace

bool Counters::note_validation(const Config& config, double loss) {
  validated_step = step;
  if (best_step < 0 || loss < best_loss) {
    best_step = step;
    best_loss = loss;
    stale = stale_since_decay = 0;
    return true;
  }
  if (!listens_to_validation(config)) return false;
  ++stale;
  ++stale_since_decay;
  if (config.schedule == "plateau" && stale_since_decay >= config.decay_patience) {
    stale_since_decay = 0;
    ++decays;
  }
  return false;
}

std::int64_t Counters::averaged(const Config& config) const {
  return config.average > 0 ? update : 0;
}

void Counters::save(NamedState& state) const {
  visit(*this, [&](const char* name, auto value) { state.put_scalar(name, value); });
  visit_optional(*this, [&](const char* name, std::int64_t value) {
    if (value != 0) state.put_scalar(name, value);
  });
}

void Counters::load(const NamedState& state) {
  visit(*this, [&]<class Value>(const char* name, Value& value) {
    value = state.get_scalar<Value>(name);
  });
  visit_optional(*this, [&](const char* name, std::int64_t& value) {
    value = state.has(name) ? state.get_scalar<std::int64_t>(name) : 0;
  });
}

}  // namespace rondo
