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

}  // namespace

void Counters::save(NamedState& state) const {
  visit(*this, [&](const char* name, auto value) { state.put_scalar(name, value); });
}

void Counters::load(const NamedState& state) {
  visit(*this, [&]<class Value>(const char* name, Value& value) {
    value = state.get_scalar<Value>(name);
  });
}

}  // namespace rondo
