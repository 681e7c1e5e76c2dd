#include "tasks/figures/chunk_figures.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>

#include "tasks/figures/class_table.hpp"

namespace rondo::tasks {
namespace {

struct ChunkLabel {
  bool begins = false;  // B
  int type = -1;        // -1: O
};

std::string_view type_of(std::string_view name) {
  constexpr std::size_t before = 2;  // "B-"
  const bool is_part = name.size() > before && name[1] == '-' && (name[0] == 'B' || name[0] == 'I');
  return is_part ? name.substr(before) : std::string_view();
}

std::vector<ChunkLabel> labels_of(const Column& target) {
  const std::vector<std::string> types = chunk_types(target);
  std::vector<ChunkLabel> labels;
  for (int i = 0; i < target.vocabulary->size(); ++i) {
    const std::string name = target.symbol_name(static_cast<std::size_t>(i));
    const auto type = std::ranges::find(types, type_of(name));
    labels.push_back(
        {name.starts_with('B'), type == types.end() ? -1 : static_cast<int>(type - types.begin())});
  }
  return labels;
}

// Of one row of labels, the labels' numbers of which may be -1: none. Steps are entered in turn.
class Chunks {
 public:
  explicit Chunks(const std::vector<ChunkLabel>& labels) : labels_(labels) {}

  // A chunk that has ended before the step: its type and first step; type -1: none has.
  struct Ended {
    int type = -1;
    std::size_t first = 0;
    bool operator==(const Ended&) const = default;
  };
  Ended enter(std::size_t step, std::int32_t number) {
    const ChunkLabel label = number < 0 ? ChunkLabel{} : labels_[static_cast<std::size_t>(number)];
    if (label.type == open_.type && !label.begins) return {};
    const Ended ended = open_;
    open_ = {label.type, label.type < 0 ? 0 : step};
    return ended;
  }

 private:
  const std::vector<ChunkLabel>& labels_;
  Ended open_;
};

void count_sequence(std::span<const std::int32_t> given, std::span<const std::int32_t> said,
                    const std::vector<ChunkLabel>& labels, std::vector<ClassCounts>& counts) {
  Chunks given_chunks(labels), said_chunks(labels);
  for (std::size_t step = 0; step <= given.size(); ++step) {
    const bool counts_step = step < given.size() && given[step] >= 0;
    const auto one = given_chunks.enter(step, counts_step ? given[step] : -1);
    const auto other = said_chunks.enter(step, counts_step ? said[step] : -1);
    if (one.type >= 0) ++counts[static_cast<std::size_t>(one.type)].given;
    if (other.type >= 0) ++counts[static_cast<std::size_t>(other.type)].said;
    if (one.type >= 0 && one == other) ++counts[static_cast<std::size_t>(one.type)].right;
  }
}

}  // namespace

bool spells_chunks(const Column& target) {
  bool any = false;
  for (int i = 0; i < target.vocabulary->size(); ++i) {
    const std::string name = target.symbol_name(static_cast<std::size_t>(i));
    if (name == "O") continue;
    if (type_of(name).empty()) return false;
    any = true;
  }
  return any;
}

std::vector<std::string> chunk_types(const Column& target) {
  std::set<std::string, std::less<>> types;
  for (int i = 0; i < target.vocabulary->size(); ++i) {
    const std::string name = target.symbol_name(static_cast<std::size_t>(i));
    if (const std::string_view type = type_of(name); !type.empty()) types.emplace(type);
  }
  return {types.begin(), types.end()};
}

std::vector<ClassCounts> count_chunks(const Answers& answers, const Column& target) {
  const std::vector<ChunkLabel> labels = labels_of(target);
  std::vector<ClassCounts> counts(chunk_types(target).size());
  const std::span<const std::int32_t> given(answers.targets), said(answers.said);
  for (std::size_t i = 0; i + 1 < answers.starts.size(); ++i) {
    const auto first = static_cast<std::size_t>(answers.starts[i]);
    const auto length = static_cast<std::size_t>(answers.starts[i + 1]) - first;
    count_sequence(given.subspan(first, length), said.subspan(first, length), labels, counts);
  }
  return counts;
}

void add_chunk_figures(const Answers& answers, const Column& target, Evaluation& evaluation) {
  evaluation.labels = count_chunks(answers, target);
  ClassCounts all;
  for (const ClassCounts& one : evaluation.labels) {
    all.right += one.right;
    all.given += one.given;
    all.said += one.said;
  }
  const std::vector<Figure> figures{
      {"chunk_f1", f1(all)}, {"chunk_precision", precision(all)}, {"chunk_recall", recall(all)}};
  evaluation.figures.insert(evaluation.figures.begin(), figures.begin(), figures.end());
  evaluation.score = 1 - f1(all);
}

}  // namespace rondo::tasks
