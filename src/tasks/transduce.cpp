// From one sequence to another: many to many, of different lengths. Translation, letters to phones.
#include <fmt/format.h>

#include "rondo/core/errors.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/tasks/dataset.hpp"
#include "tasks/saying.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

class Transduce final : public SayingTask {
 public:
  const char* name() const override { return "transduce"; }
  std::optional<TableTargets> table_targets() const override { return TableTargets::sequences; }

  // Word for word.
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions&) const override {
    const Columns& columns = data.columns();
    const std::size_t target = said_place(columns);
    const std::optional<std::size_t> read = text_read(columns);
    if (!read) throw_input("there is no baseline where no text is read");
    const auto training = data.split("train"), measured = data.split(split);
    const Symbols own = symbols_of(*training->whole(), columns, *read);
    const Symbols said = symbols_of(*training->whole(), columns, target);
    const WordForWord words(own.side(), columns[*read].vocabulary->size(), said.side());
    const Symbols to_read = symbols_of(*measured->whole(), columns, *read);
    return {{fmt::format("{} for {}", columns[*read].name, columns[target].name),
             judge_baseline(*measured->whole(), columns,
                            [&](std::size_t i) { return words.say(to_read.side().sequence(i)); })}};
  }
};

}  // namespace

const Task& transduce() {
  static const Transduce task;
  return task;
}

}  // namespace rondo::tasks
