// `rondo predict`: a trained model's answers, one for each sequence of a table, in its order.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/preparing/prepare_table.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "data/tables/table_stream.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/core/streams.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/saved_model.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t batch = 4096;  // sequences that are answered together

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "predict",
      .summary = "Answers a table's sequences with a trained model, one line each, in its order.",
      .example =
          "  rondo predict --checkpoint runs/flowers --input new.csv\n"
          "  rondo predict --checkpoint runs/languages --input words.txt --json\n"
          "  rondo predict --checkpoint runs/fold-1 runs/fold-2 runs/fold-3 --input new.csv\n",
      .positional = "",
      .options =
          {
              several_checkpoints_option(),
              best_option(nullptr, "each run"),
              {.name = "input",
               .value_name = "PATH",
               .help = "the table, as for rondo prepare; the target may be absent; -: standard "
                       "input, each line answered as it comes",
               .many = true},
              {.name = "format",
               .value_name = "NAME",
               .help = "how the table is read",
               .default_text =
                   "by its ending; of standard input: lines, or csv for several columns"},
              {.name = "no-header",
               .value_name = "",
               .help = "the table's first line names no columns: --columns does, or they are c1, "
                       "c2, ..."},
              {.name = "columns",
               .value_name = "NAMES",
               .help = "names of the table's columns, with commas between them"},
              json_option("a JSON object a line, with the probability of each class or label"),
              threads_option("threads", "1"),
              vector_option(),
          },
  };
  return line;
}

// Probabilities of a row's classes from its logits, in double, in the classes' order.
template <class Real>
void add_class_probabilities(std::span<const Real> logits, std::span<double> to) {
  const double most = static_cast<double>(*std::ranges::max_element(logits));
  std::vector<double> weights(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    weights[i] = exact::exp(static_cast<double>(logits[i]) - most);
    sum += weights[i];
  }
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += weights[i] / sum;
}

// Those of labels likewise, each by itself.
template <class Real>
void add_label_probabilities(std::span<const Real> logits, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] += exact::logistic(static_cast<double>(logits[i]));
  }
}

// One model that has a vote.
class Voter {
 public:
  virtual ~Voter() = default;
  virtual const Task& task() const = 0;
  virtual const Columns& columns() const = 0;
  // Adds its probabilities [row][class] for all rows of a batch.
  virtual void vote(const WindowSource& sequences, ThreadPool& pool,
                    std::vector<std::vector<double>>& probabilities) = 0;
};

template <class Real>
class ModelVoter final : public Voter {
 public:
  ModelVoter(const NamedState& state, const std::string& where, Communicator& world)
      : model_(state, where), world_(world) {}

  const Task& task() const override { return model_.task; }
  const Columns& columns() const override { return model_.columns; }
  void vote(const WindowSource& sequences, ThreadPool& pool,
            std::vector<std::vector<double>>& probabilities) override {
    const auto targets = model_.task.sequence_targets(model_.columns);
    Evaluator<Real> evaluator(model_.plan, model_.layout, model_.parameters.data(),
                              evaluation_shape(model_.config, sequences), world_);
    evaluator.answer(sequences, *targets, pool, nullptr, {},
                     [&](std::int64_t row, std::span<const Real> logits) {
                       auto& to = probabilities[static_cast<std::size_t>(row)];
                       to.resize(logits.size());
                       targets->labels > 0 ? add_label_probabilities<Real>(logits, to)
                                           : add_class_probabilities<Real>(logits, to);
                     });
  }

 private:
  SavedModel<Real> model_;
  Communicator& world_;
};

const Column& target_of(const Columns& columns) {
  return *std::ranges::find(columns, ColumnRole::target, &Column::role);
}

std::string class_name(const Column& target, std::size_t number) {
  const auto token = static_cast<std::int32_t>(number);
  return target.vocabulary->decode({&token, 1});
}

// A name within a line of TSV.
std::string in_one_line(std::string text) {
  for (char& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

// Labels that are likelier than not, with semicolons between them, and their probabilities; as JSON
// a list, and all probabilities.
void print_labels(const std::vector<double>& shares, const Column& target, bool json) {
  std::string names, scores;
  Json answer = Json::array(), all = Json::object();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::string name = class_name(target, i);
    all[name] = shares[i];
    if (shares[i] <= 0.5) continue;
    answer.push_back(name);
    names += (names.empty() ? "" : ";") + in_one_line(name);
    scores += fmt::format("{}{:.6f}", scores.empty() ? "" : ";", shares[i]);
  }
  if (!json) return print_result("{}\t{}\n", names, scores);
  const Json line = {{"answer", answer}, {"probabilities", all}};
  print_result("{}\n", line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void print_answers(const std::vector<std::vector<double>>& probabilities, std::size_t voters,
                   const Column& target, bool json) {
  for (const std::vector<double>& of_classes : probabilities) {
    const auto best =
        static_cast<std::size_t>(std::ranges::max_element(of_classes) - of_classes.begin());
    const auto share = [&](std::size_t i) { return of_classes[i] / static_cast<double>(voters); };
    if (target.has_labels()) {
      std::vector<double> shares;
      for (std::size_t i = 0; i < of_classes.size(); ++i) shares.push_back(share(i));
      print_labels(shares, target, json);
      continue;
    }
    if (!json) {
      print_result("{}\t{:.6f}\n", in_one_line(class_name(target, best)), share(best));
      continue;
    }
    Json all = Json::object();
    for (std::size_t i = 0; i < of_classes.size(); ++i) all[class_name(target, i)] = share(i);
    const Json answer = {
        {"answer", class_name(target, best)}, {"probability", share(best)}, {"probabilities", all}};
    print_result("{}\n", answer.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  flush_results();
}

// Whether a line can be all that the model reads: one column of text.
bool reads_one_text(const Columns& columns) {
  const auto read = std::count_if(columns.begin(), columns.end(), [](const Column& column) {
    return column.role != ColumnRole::target;
  });
  return read == 1 && std::none_of(columns.begin(), columns.end(), [](const Column& column) {
           return column.role != ColumnRole::target && column.is_real();
         });
}

std::vector<std::unique_ptr<Voter>> open_voters(const GivenOptions& given, Communicator& world) {
  std::vector<std::unique_ptr<Voter>> voters;
  for (const std::string& asked : given.list("checkpoint")) {
    const auto [path, state] = read_model(asked, given.flag("best"), say);
    const std::string where = path.string();
    with_precision(state, where, [&, &state = state]<class Real>() {
      voters.push_back(std::make_unique<ModelVoter<Real>>(state, where, world));
    });
    const Voter& first = *voters.front();
    const Voter& last = *voters.back();
    if (!last.task().sequence_targets(last.columns())) {
      throw_input("{} is a model of the task '{}': rondo generate writes its texts", where,
                  last.task().name());
    }
    if (&last.task() != &first.task() ||
        !first.task().same_columns(first.columns(), last.columns())) {
      throw_input("{} cannot vote with {}: it was trained on other columns", asked,
                  given.list("checkpoint").front());
    }
  }
  return voters;
}

int predict(const GivenOptions& given) {
  const std::unique_ptr<Communicator> world = make_single();
  choose_kernels(given);
  const auto voters = open_voters(given, *world);
  const Columns& columns = voters.front()->columns();
  ThreadPool pool(threads_of(given, 1), kernels::set_float_mode);
  const auto answer = [&](std::unique_ptr<MemorySequences> sequences) {
    std::vector<std::vector<double>> probabilities(
        static_cast<std::size_t>(sequences->sequences()));
    const PackedWindows windows(std::move(sequences), columns);
    for (const auto& voter : voters) voter->vote(windows, pool, probabilities);
    print_answers(probabilities, voters.size(), target_of(columns), given.flag("json"));
  };
  TableInput input{paths_of(given, "input")};
  input.format = given.text("format");
  input.header = !given.flag("no-header");
  input.columns = names_in(given.list("columns"));
  const bool streams = given.list("input") == std::vector<std::string>{"-"};
  if (streams && input.format.empty()) input.format = reads_one_text(columns) ? "lines" : "csv";
  const std::int64_t together = streams ? 1 : batch;  // who pipes lines waits for each answer
  TableStream table(input, columns);
  for (bool more = true; more;) {
    auto sequences = std::make_unique<MemorySequences>(columns);
    while (sequences->sequences() < together && (more = table.next(*sequences))) {
    }
    if (sequences->sequences() > 0) answer(std::move(sequences));
  }
  return static_cast<int>(ExitCode::finished);
}

}  // namespace

int run_predict(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"checkpoint", "input"});
  return predict(given);
}

}  // namespace rondo::apps
