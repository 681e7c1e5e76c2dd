// `rondo predict`: a trained model's answers, one for each sequence of a table, in its order.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/predicting/answers_file.hpp"
#include "apps/predicting/answers_text.hpp"
#include "apps/predicting/forecasts_text.hpp"
#include "apps/predicting/numbers_text.hpp"
#include "apps/predicting/voters.hpp"
#include "apps/preparing/prepare_table.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "data/tables/table_stream.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps {
namespace {

// Sequences that are answered together: by one rank, and by each of several, which take turns.
// Fewer where they have more than so many steps.
constexpr std::int64_t batch = 4096, batch_of_several = 512;
constexpr std::int64_t most_steps = std::int64_t{1} << 17;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "predict",
      .summary = "Answers a table's sequences with a trained model, one line each, in its order.",
      .example =
          "  rondo predict --checkpoint runs/flowers --input new.csv\n"
          "  rondo predict --checkpoint runs/houses --input new.csv --output prices.tsv\n"
          "  rondo predict --checkpoint runs/tagger --input sentences.txt\n"
          "  rondo predict --checkpoint runs/languages --input words.txt --json\n"
          "  rondo predict --checkpoint runs/fold-1 runs/fold-2 runs/fold-3 --input new.csv\n"
          "  mpirun -n 4 rondo predict --checkpoint runs/flowers --input new.csv --output "
          "answers.tsv\n",
      .positional = "",
      .options =
          {
              several_checkpoints_option(),
              best_option(nullptr, "each run"),
              average_checkpoints_option(),
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
               .help = "how the table is read: csv, tsv, lines, conllu, conll, folder or npy",
               .default_text =
                   "by its ending; of standard input: lines, or csv for several columns"},
              {.name = "no-header",
               .value_name = "",
               .help = "the table's first line names no columns: --columns does, or they are c1, "
                       "c2, ..."},
              {.name = "columns",
               .value_name = "NAMES",
               .help = "names of the table's columns, with commas between them"},
              json_option("a JSON object a line, with the probability of each class or label, or "
                          "with numbers"),
              threads_option("threads", "1"),
              vector_option(),
          },
  };
  return line;
}

const Column& target_of(const Columns& columns) {
  return *std::ranges::find(columns, ColumnRole::target, &Column::role);
}

// Whether a line can be all that the model reads: one column of text.
bool reads_one_text(const Columns& columns) {
  std::set<std::string> read;
  for (const Column& column : columns) {
    if (!column.is_target()) read.insert(column.name);
  }
  return read.size() == 1 && std::none_of(columns.begin(), columns.end(), [](const Column& column) {
           return column.role != ColumnRole::target && column.is_real();
         });
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

// What is said of sequences; of series also by what the table says of them.
using Answer =
    std::function<std::string(std::unique_ptr<MemorySequences>, const std::vector<SeriesRead>&)>;

// Every rank reads the whole table and answers its share of each round: `together` sequences of
// every `together` x ranks. A sequence's answer hangs on nothing but itself, so that the answers of
// all, which rank 0 writes in the table's order, are those of a single rank.
void answer_table(Communicator& world, TableStream& table, const Columns& columns,
                  std::int64_t together, const Answer& answer,
                  const std::function<void(std::string_view)>& write) {
  const bool are_series = columns[0].is_series;
  for (bool more = true; more;) {
    auto own = std::make_unique<MemorySequences>(columns);
    std::vector<SeriesRead> series;
    std::int64_t read = 0;
    phase(world, [&] {
      MemorySequences others(columns);
      for (int rank = 0; more && rank < world.size(); ++rank) {
        MemorySequences& to = rank == world.rank() ? *own : others;
        for (std::int64_t i = 0;
             i < together && to.starts().back() < most_steps && (more = table.next(to)); ++i) {
          ++read;
          if (are_series && &to == own.get()) series.push_back(table.series());
        }
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
      if (own->sequences() > 0) text = answer(std::move(own), series);
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
  const Voter& first = *voters.front();
  const Columns& stored = first.stored_columns();
  const Columns& columns = first.columns();
  const bool streams = given.list("input") == std::vector<std::string>{"-"};
  std::unique_ptr<TableStream> table;
  phase(world, [&] {
    table = std::make_unique<TableStream>(table_of(given, stored, streams), stored);
    if (world.rank() != 0) return;
    clean_up_when_stopped();
    output = std::make_unique<AnswersFile>(given.text("output", "-"), paths_of(given, "input"));
  });
  const bool are_series = stored[0].is_series;
  const auto answer = [&](std::unique_ptr<MemorySequences> sequences,
                          const std::vector<SeriesRead>& series) {
    const PackedWindows windows(
        first.task().to_answer(std::move(sequences), first.config(), stored), columns);
    const Column& target = target_of(columns);
    const std::vector<std::int64_t> starts = target_starts(*windows.whole(), target.scope);
    std::vector<std::vector<double>> votes(static_cast<std::size_t>(starts.back()));
    for (const auto& voter : voters) voter->vote(windows, *pool, votes);
    if (are_series) {
      return forecasts_text(votes, voters.size(),
                            dynamic_cast<const ForecastSequences&>(*windows.whole()), series,
                            first.config().number_loss(), target_of(stored), given.flag("json"));
    }
    if (target.is_real()) {
      return numbers_text(votes, voters.size(), starts, first.config().number_loss(), target,
                          given.flag("json"));
    }
    if (target.scope == ColumnScope::steps) {
      return step_answers_text(votes, starts, voters.size(), target, given.flag("json"));
    }
    return answers_text(votes, voters.size(), target, given.flag("json"));
  };
  // Who pipes lines waits for each answer.
  const std::int64_t together = streams ? 1 : world.size() > 1 ? batch_of_several : batch;
  std::string head;  // before the first answers, if there are any
  if (are_series && !given.flag("json")) {
    head = forecasts_head(target_of(stored), first.config().number_loss());
  }
  answer_table(world, *table, stored, together, answer, [&](std::string_view answers) {
    if (answers.empty()) return;
    if (!head.empty()) output->write(std::exchange(head, {}));
    output->write(answers);
  });
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
