// `rondo predict`: a trained model's answers, one for each sequence of a table, in its order.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/predicting/answers_file.hpp"
#include "apps/preparing/prepare_table.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "data/tables/table_stream.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/saved_model.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

// Sequences that are answered together: by one rank, and by each of several, which take turns.
constexpr std::int64_t batch = 4096, batch_of_several = 512;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "predict",
      .summary = "Answers a table's sequences with a trained model, one line each, in its order.",
      .example =
          "  rondo predict --checkpoint runs/flowers --input new.csv\n"
          "  rondo predict --checkpoint runs/languages --input words.txt --json\n"
          "  rondo predict --checkpoint runs/fold-1 runs/fold-2 runs/fold-3 --input new.csv\n"
          "  mpirun -n 4 rondo predict --checkpoint runs/flowers --input new.csv --output "
          "answers.tsv\n",
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
              {.name = "output",
               .value_name = "FILE",
               .help = "file of the answers, there when all are in it; one that holds answers is "
                       "replaced; -: standard output",
               .default_text = "-"},
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
std::string labels_text(const std::vector<double>& shares, const Column& target, bool json) {
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
  if (!json) return fmt::format("{}\t{}\n", names, scores);
  const Json line = {{"answer", answer}, {"probabilities", all}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string answers_text(const std::vector<std::vector<double>>& probabilities, std::size_t voters,
                         const Column& target, bool json) {
  std::string text;
  for (const std::vector<double>& of_classes : probabilities) {
    const auto best =
        static_cast<std::size_t>(std::ranges::max_element(of_classes) - of_classes.begin());
    const auto share = [&](std::size_t i) { return of_classes[i] / static_cast<double>(voters); };
    if (target.has_labels()) {
      std::vector<double> shares;
      for (std::size_t i = 0; i < of_classes.size(); ++i) shares.push_back(share(i));
      text += labels_text(shares, target, json);
      continue;
    }
    if (!json) {
      text += fmt::format("{}\t{:.6f}\n", in_one_line(class_name(target, best)), share(best));
      continue;
    }
    Json all = Json::object();
    for (std::size_t i = 0; i < of_classes.size(); ++i) all[class_name(target, i)] = share(i);
    const Json answer = {
        {"answer", class_name(target, best)}, {"probability", share(best)}, {"probabilities", all}};
    text += answer.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  }
  return text;
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

// Rank 0 reads the checkpoints, and each rank answers by itself, in a world of its own. Collective.
std::vector<std::unique_ptr<Voter>> open_voters(const GivenOptions& given, Communicator& world,
                                                Communicator& alone) {
  std::vector<std::unique_ptr<Voter>> voters;
  for (const std::string& asked : given.list("checkpoint")) {
    std::string where;
    NamedState state;
    phase(world, [&] {
      if (world.rank() != 0) return;
      ModelFile file = read_model(asked, given.flag("best"), say);
      where = file.path.string();
      state = std::move(file.state);
    });
    broadcast(world, where, 0);
    state = broadcast_state(world, std::move(state));
    phase(world, [&] {
      with_precision(state, where, [&]<class Real>() {
        voters.push_back(std::make_unique<ModelVoter<Real>>(state, where, alone));
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
    });
  }
  return voters;
}

bool is_stream(const std::string& input) {
  std::error_code unknown;
  const auto type = std::filesystem::status(input, unknown).type();
  return input == "-" || type == std::filesystem::file_type::fifo ||
         type == std::filesystem::file_type::character;
}

// Several ranks read the table each for itself, which no stream can do.
void check_inputs(const GivenOptions& given, const Communicator& world) {
  for (const std::string& input : given.list("input")) {
    if (world.size() > 1 && is_stream(input)) {
      throw_input(
          "--input {} is a stream, which one rank alone can read: leave mpirun out, or name a file",
          input);
    }
  }
}

TableInput table_of(const GivenOptions& given, const Columns& columns, bool streams) {
  TableInput input{paths_of(given, "input")};
  input.format = given.text("format");
  input.header = !given.flag("no-header");
  input.columns = names_in(given.list("columns"));
  if (streams && input.format.empty()) input.format = reads_one_text(columns) ? "lines" : "csv";
  return input;
}

// Every rank reads the whole table and answers its share of each round: `together` sequences of
// every `together` x ranks. A sequence's answer hangs on nothing but itself, so that the answers of
// all, which rank 0 writes in the table's order, are those of a single rank.
void answer_table(Communicator& world, TableStream& table, const Columns& columns,
                  std::int64_t together,
                  const std::function<std::string(std::unique_ptr<MemorySequences>)>& answer,
                  const std::function<void(std::string_view)>& write) {
  for (bool more = true; more;) {
    auto own = std::make_unique<MemorySequences>(columns);
    std::int64_t read = 0;
    phase(world, [&] {
      MemorySequences others(columns);
      for (int rank = 0; more && rank < world.size(); ++rank) {
        MemorySequences& to = rank == world.rank() ? *own : others;
        for (std::int64_t i = 0; i < together && (more = table.next(to)); ++i) ++read;
        others.clear();
      }
    });
    std::array<std::int64_t, 2> counts{read, -read};
    world.maximum(counts);
    if (counts[0] != -counts[1]) {
      throw_agreed(ExitCode::bad_input,
                   "the ranks read different tables: name a file that all of them see");
    }
    std::string text;
    phase(world, [&] {
      if (own->sequences() > 0) text = answer(std::move(own));
    });
    const auto all = gather(world, std::as_bytes(std::span(text)), 0);
    phase(world, [&] {
      for (const std::vector<std::byte>& of_rank : all) {
        write({reinterpret_cast<const char*>(of_rank.data()), of_rank.size()});
      }
    });
  }
}

int predict_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");
  GivenOptions given;
  std::unique_ptr<ThreadPool> pool;
  std::unique_ptr<AnswersFile> output;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    require_options(command_line(), given, {"checkpoint", "input"});
    check_inputs(given, world);
    choose_kernels(given);
    pool = std::make_unique<ThreadPool>(threads_of(given, 1), kernels::set_float_mode);
  });
  const std::unique_ptr<Communicator> alone = make_single();
  const auto voters = open_voters(given, world, *alone);
  const Columns& columns = voters.front()->columns();
  const bool streams = given.list("input") == std::vector<std::string>{"-"};
  std::unique_ptr<TableStream> table;
  phase(world, [&] {
    table = std::make_unique<TableStream>(table_of(given, columns, streams), columns);
    if (world.rank() != 0) return;
    clean_up_when_stopped();
    output = std::make_unique<AnswersFile>(given.text("output", "-"), paths_of(given, "input"));
  });
  const auto answer = [&](std::unique_ptr<MemorySequences> sequences) {
    std::vector<std::vector<double>> probabilities(
        static_cast<std::size_t>(sequences->sequences()));
    const PackedWindows windows(std::move(sequences), columns);
    for (const auto& voter : voters) voter->vote(windows, *pool, probabilities);
    return answers_text(probabilities, voters.size(), target_of(columns), given.flag("json"));
  };
  // Who pipes lines waits for each answer.
  const std::int64_t together = streams ? 1 : world.size() > 1 ? batch_of_several : batch;
  answer_table(world, *table, columns, together, answer,
               [&](std::string_view answers) { output->write(answers); });
  phase(world, [&] {
    if (output) output->finish();
  });
  return static_cast<int>(ExitCode::finished);
}

}  // namespace

int run_predict(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return predict_in(world, arguments); });
}

}  // namespace rondo::apps
