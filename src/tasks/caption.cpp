// A text of a vector, of rows of numbers or of a picture: one to many. The network is that of any
// task that says sequences; what differs is that nothing that is read is a text.
//
// A source of one step goes through the encoder and the bridge into the decoder's first state, and,
// where there is attention, beside each of its steps; of several steps attention chooses.
#include <fmt/format.h>

#include <algorithm>

#include "data/baselines/nearest_sequence.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/saying.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

class Caption final : public SayingTask {
 public:
  const char* name() const override { return "caption"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::captions; }

  Columns load_columns(const NamedState& state) const override {
    Columns columns = SayingTask::load_columns(state);
    if (const auto text = text_read(columns)) {
      throw_input("'{}' is a text that is read, and --task transduce says what becomes of texts",
                  columns[*text].name);
    }
    return columns;
  }

  // Of sources of few steps as many as say the longest text, in the ratio of all steps.
  std::int64_t usual_window(const Dataset& data) const override {
    constexpr std::int64_t longest_usual = 64;
    const auto training = data.split("train");
    const SequenceSource& sequences = *training->whole();
    const std::int64_t steps = sequences.starts().back(), said = sequences.second_starts().back();
    const std::int64_t longest = std::ranges::max(sequences.second_lengths());
    const std::int64_t of_longest = (longest * steps + said - 1) / said;
    return std::max(SayingTask::usual_window(data), std::min(of_longest, longest_usual));
  }

  // What is said of the nearest sequence.
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions&) const override {
    const Columns& columns = data.columns();
    const auto training = data.split("train"), measured = data.split(split);
    const Symbols said = symbols_of(*training->whole(), columns, said_place(columns));
    std::vector<bool> is_given;
    for (std::size_t i = 0; i + 1 < said.starts.size(); ++i) {
      is_given.push_back(!said.side().sequence(i).empty());
    }
    const NearestSequence all(*training->whole(), columns);
    const std::vector<std::size_t> nearest = all.nearest(*measured->whole(), is_given);
    return {{"what is said of the nearest in train",
             judge_baseline(*measured->whole(), columns, [&](std::size_t i) {
               const auto symbols = said.side().sequence(nearest[i]);
               return std::vector<std::int32_t>(symbols.begin(), symbols.end());
             })}};
  }
};

}  // namespace

const Task& caption() {
  static const Caption task;
  return task;
}

}  // namespace rondo::tasks
