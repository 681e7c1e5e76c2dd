// What tasks that say a sequence have in common: a stack that reads, a bridge, a decoder with
// attention; and how texts are told and measured.
//
// What is read lies on a window's first axis, what is said on its second one: there a step reads
// the symbol before its own, the first one the symbol that ends what is said.
#pragma once

#include <functional>
#include <optional>

#include "data/baselines/word_for_word.hpp"
#include "tasks/sequence_task.hpp"

namespace rondo::tasks {

class SayingTask : public SequenceTask {
 public:
  Columns load_columns(const NamedState& state) const override;
  std::vector<std::string> foreign_keys() const override;
  std::vector<IdleName> idle_keys(const TaskSettings& config, const Columns& stored) const override;
  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override;
  LossUnit loss_unit(const Columns&) const override { return LossUnit::perplexity; }

  std::string describe_inputs(const TaskSettings& config, const Columns& columns) const override;
  std::string figures_text(const std::string& what, const Evaluation& evaluation, const Dataset&,
                           const std::string& split) const override;
  nlohmann::ordered_json figures_json(const std::string& what, const Evaluation& evaluation,
                                      const Dataset&, const std::string& split) const override;

  nlohmann::ordered_json describe(const DatasetReader& file) const override;
  std::string describe_text(const nlohmann::ordered_json& description) const override;
  std::string describe_training(const WindowSource& training) const override;
};

// The place of what is said. InputError where there is none.
std::size_t said_place(const Columns& columns);

// The first text that the network reads.
std::optional<std::size_t> text_read(const Columns& columns);

// All symbols of a column; of what is said without those that end it, and none that is not given.
struct Symbols {
  std::vector<std::int32_t> symbols;
  std::vector<std::int64_t> starts{0};

  WordForWord::Side side() const { return {symbols, starts}; }
};
Symbols symbols_of(const SequenceSource& sequences, const Columns& columns, std::size_t number);

// What a baseline's texts come to: say(i) is that of sequence i of the split.
Evaluation judge_baseline(const SequenceSource& measured, const Columns& columns,
                          const std::function<std::vector<std::int32_t>(std::size_t)>& say);

}  // namespace rondo::tasks
