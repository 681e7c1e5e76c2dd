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
#include "apps/predicting/attention_files.hpp"
#include "apps/predicting/forecasts_text.hpp"
#include "apps/predicting/numbers_text.hpp"
#include "apps/predicting/said_text.hpp"
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
#include "tasks/decoding/said_column.hpp"

namespace rondo::apps {
namespace {

// Sequences that are answered together: by one rank, and by each of several, which take turns.
// Fewer where they have more than so many steps.
constexpr std::int64_t batch = 4096, batch_of_several = 512;
constexpr std::int64_t most_steps = std::int64_t{1} << 17;

CommandLine make_command_line() {
  CommandLine line = {
      .command = "predict",
      .summary = "Answers a table's sequences with a trained model, one line each, in its order.",
      .example =
          "  rondo predict --checkpoint runs/flowers --input new.csv\n"
          "  rondo predict --checkpoint runs/houses --input new.csv --output prices.tsv\n"
          "  rondo predict --checkpoint runs/tagger --input sentences.txt\n"
          "  rondo predict --checkpoint runs/languages --input words.txt --json\n"
          "  rondo predict --checkpoint runs/fold-1 runs/fold-2 runs/fold-3 --input new.csv\n"
          "  rondo predict --checkpoint runs/english-spanish --input - --beam 5\n"
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
               .help = "how the table is read: csv, tsv, lines, conllu, conll, folder, npy or hdf5",
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
  for (const Option& option : saying_options()) line.options.push_back(option);
  return line;
}

const CommandLine& command_line() {
  static const CommandLine line = make_command_line();
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

// The first text that the network reads; -1: there is none.
int text_read(const Columns& columns) {
  const auto found = std::ranges::find_if(columns, [](const Column& column) {
    return column.role == ColumnRole::source && column.is_text();
  });
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

// Whether a word that the model cannot say may be one that it has read.
bool copies_unknown(const Columns& columns, int texts, const Column& said, const Config& config) {
  return texts >= 0 && config.attention != "none" && said.kind != ColumnKind::subword &&
         columns[static_cast<std::size_t>(texts)].kind == said.kind;
}

void check_looks(int texts, const Config& config) {
  if (config.attention == "none") {
    throw_input(
        "--attention-output: the model looks at nothing, it was trained with --attention "
        "none");
  }
  if (texts < 0) throw_input("--attention-output: the model reads no text that could be shown");
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

// Some sequences of a table, which follow one another there.
struct Batch {
  std::unique_ptr<MemorySequences> sequences;
  std::vector<SeriesRead> series;                 // of series: what the table says of each
  std::vector<std::vector<std::string>> symbols;  // of each, where a column of texts is asked for
  std::int64_t first = 0;                         // the number of the first one in the table
};

// What is said of them: two texts, of lines, the second often empty.
using Answer = std::function<SaidText(Batch)>;

// The texts of all ranks, one behind another, at rank 0.
std::string joined(Communicator& world, const std::string& text) {
  std::string all;
  for (const std::vector<std::byte>& of_rank : gather(world, std::as_bytes(std::span(text)), 0)) {
    all.append(reinterpret_cast<const char*>(of_rank.data()), of_rank.size());
  }
  return all;
}

// Every rank reads the whole table and answers its share of each round: `together` sequences of
// every `together` x ranks. A sequence's answer hangs on nothing but itself, so that the answers of
// all, which rank 0 writes in the table's order, are those of a single rank.
// `texts`: the column whose symbols are told, -1: none.
void answer_table(Communicator& world, TableStream& table, const Columns& columns, int texts,
                  std::int64_t together, const Answer& answer,
                  const std::function<void(const SaidText&)>& write) {
  const bool are_series = columns[0].is_series;
  std::int64_t read_before = 0;
  for (bool more = true; more;) {
    Batch own{std::make_unique<MemorySequences>(columns)};
    std::int64_t read = 0;
    phase(world, [&] {
      MemorySequences others(columns);
      for (int rank = 0; more && rank < world.size(); ++rank) {
        const bool is_own = rank == world.rank();
        MemorySequences& to = is_own ? *own.sequences : others;
        if (is_own) own.first = read_before + read;
        for (std::int64_t i = 0;
             i < together && to.starts().back() < most_steps && (more = table.next(to)); ++i) {
          ++read;
          if (are_series && is_own) own.series.push_back(table.series());
          if (texts >= 0 && is_own) {
            own.symbols.push_back(table.symbols(static_cast<std::size_t>(texts)));
          }
        }
        others.clear();
      }
    });
    read_before += read;
    std::array<std::int64_t, 2> counts{read, -read};
    world.maximum(counts);
    if (counts[0] != -counts[1]) {
      throw_agreed(ExitCode::bad_input,
                   "the ranks read different tables: name a file that all of them see");
    }
    SaidText text;
    phase(world, [&] {
      if (own.sequences->sequences() > 0) text = answer(std::move(own));
    });
    text.answers = joined(world, text.answers);
    if (texts >= 0) text.attention = joined(world, text.attention);
    phase(world, [&] { write(text); });
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
  const Column* const said = tasks::said_column_of(columns);
  const int texts = said == nullptr ? -1 : text_read(columns);
  std::unique_ptr<TableStream> table;
  std::unique_ptr<AttentionFiles> attention;
  Saying saying;
  phase(world, [&] {
    table = std::make_unique<TableStream>(table_of(given, stored, streams), stored);
    if (said == nullptr) {
      refuse_saying(given, first.task().name());
    } else {
      saying = saying_of(given, *said, copies_unknown(columns, texts, *said, first.config()));
      if (given.has("attention-output")) check_looks(texts, first.config());
    }
    if (world.rank() != 0) return;
    clean_up_when_stopped();
    const auto inputs = paths_of(given, "input");
    output = std::make_unique<AnswersFile>(given.text("output", "-"), inputs, "--output",
                                           answers_kind());
    if (!given.has("attention-output")) return;
    attention = std::make_unique<AttentionFiles>(given.text("attention-output"), inputs);
  });
  const bool are_series = stored[0].is_series;
  std::vector<tasks::MakeScorer> scorers;
  for (const auto& voter : voters) scorers.push_back(voter->scorer(*pool));
  const auto answer = [&](Batch batch) -> SaidText {
    const PackedWindows windows(
        first.task().to_answer(std::move(batch.sequences), first.config(), stored), columns);
    if (said != nullptr) {
      std::vector<std::vector<Hypothesis>> hypotheses(
          static_cast<std::size_t>(windows.whole()->sequences()));
      tasks::decode_sequences(scorers, windows, 1, 0, batch.first, saying.lengths, saying.decode,
                              *pool, [&](std::int64_t sequence, std::vector<Hypothesis> own) {
                                hypotheses[static_cast<std::size_t>(sequence)] = std::move(own);
                              });
      batch.symbols.resize(hypotheses.size());
      return said_text(hypotheses, batch.symbols, *said, given.flag("json"),
                       given.has("attention-output"));
    }
    const Column& target = target_of(columns);
    const std::vector<std::int64_t> starts = target_starts(*windows.whole(), target.scope);
    std::vector<std::vector<double>> votes(static_cast<std::size_t>(starts.back()));
    for (const auto& voter : voters) voter->vote(windows, *pool, votes);
    if (are_series) {
      return {forecasts_text(votes, voters.size(),
                             dynamic_cast<const ForecastSequences&>(*windows.whole()), batch.series,
                             first.config().number_loss(), target_of(stored), given.flag("json")),
              {}};
    }
    if (target.is_real()) {
      return {numbers_text(votes, voters.size(), starts, first.config().number_loss(), target,
                           given.flag("json")),
              {}};
    }
    if (target.scope == ColumnScope::steps) {
      return {step_answers_text(votes, starts, voters.size(), target, given.flag("json")), {}};
    }
    return {answers_text(votes, voters.size(), target, given.flag("json")), {}};
  };
  // Who pipes lines waits for each answer.
  const std::int64_t together = streams ? 1 : world.size() > 1 ? batch_of_several : batch;
  std::string head;  // before the first answers, if there are any
  if (are_series && !given.flag("json")) {
    head = forecasts_head(target_of(stored), first.config().number_loss());
  }
  answer_table(world, *table, stored, texts, together, answer, [&](const SaidText& text) {
    if (text.answers.empty()) return;
    if (!head.empty()) output->write(std::exchange(head, {}));
    output->write(text.answers);
    if (attention) attention->write(text.attention);
  });
  phase(world, [&] {
    if (output) output->finish();
    if (attention) attention->finish();
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
