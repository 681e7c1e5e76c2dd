// `rondo predict`: a trained model's answers, one for each sequence of a table, in its order.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/predicting/answers_file.hpp"
#include "apps/predicting/answers_text.hpp"
#include "apps/predicting/forecasts_text.hpp"
#include "apps/predicting/numbers_text.hpp"
#include "apps/predicting/pictured_lines.hpp"
#include "apps/predicting/predict_options.hpp"
#include "apps/predicting/said_text.hpp"
#include "apps/predicting/spelling/fusion_options.hpp"
#include "apps/predicting/spelling/spelt_text.hpp"
#include "apps/predicting/table_rounds.hpp"
#include "apps/predicting/voters.hpp"
#include "apps/preparing/prepare_table.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "tasks/decoding/said_column.hpp"

namespace rondo::apps {
namespace {

// Sequences that are answered together: by one rank, and by each of several, which take turns.
constexpr std::int64_t batch = 4096, batch_of_several = 512;
// Of those whose steps spell texts: all that is said of them is in memory.
constexpr std::int64_t spelt_batch = 128;

const Column& target_of(const Columns& columns) {
  return *std::ranges::find(columns, ColumnRole::target, &Column::role);
}

// Whether a line can be all that the model reads: one column of text, or of paths.
bool reads_one_text(const Columns& columns) {
  std::set<std::string> read;
  for (const Column& column : columns) {
    if (!column.is_target()) read.insert(column.name);
  }
  return read.size() == 1 && std::none_of(columns.begin(), columns.end(), [](const Column& column) {
           return column.role != ColumnRole::target && column.is_real() && !column.features;
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

void check_looks(const Config& config) {
  if (config.attention != "none") return;
  throw_input(
      "--attention-output: the model looks at nothing, it was trained with --attention "
      "none");
}

// Of sequences that have no texts: their steps' numbers, from 1.
std::vector<std::vector<std::string>> numbered_steps(const SequenceSource& sequences) {
  std::vector<std::vector<std::string>> names;
  for (const std::int32_t length : sequences.lengths()) {
    names.emplace_back();
    for (std::int32_t t = 1; t <= length; ++t) names.back().push_back(std::to_string(t));
  }
  return names;
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

int predict_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");
  GivenOptions given;
  std::unique_ptr<ThreadPool> pool;
  std::unique_ptr<AnswersFile> output;
  phase(world, [&] {
    given = parse_options(predict_command_line(), arguments);
    require_options(predict_command_line(), given, {"checkpoint", "input"});
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
  const bool spells = first.task().spells();
  // Of a model that says one symbol after another.
  const Column* const said = spells ? nullptr : tasks::said_column_of(columns);
  const int texts = said == nullptr ? -1 : text_read(columns);
  std::unique_ptr<TableStream> table;
  std::unique_ptr<PicturedLines> pictured;
  const PicturedKind& kind = spells ? alignment_kind() : attention_kind();
  const std::string pictures = spells ? "alignment-output" : "attention-output";
  Saying saying;
  SpeltOptions spelt;
  phase(world, [&] {
    table = std::make_unique<TableStream>(table_of(given, stored, streams), stored);
    if (!spells) refuse_spelling(given, first.task().name());
    if (spells) {
      spelt = {spelling_of(given, *tasks::said_column_of(columns)),
               first.config().frames_together(), given.flag("json"), given.has(pictures), nullptr};
    } else if (said == nullptr) {
      refuse_saying(given, first.task().name());
    } else {
      saying = saying_of(given, columns, copies_unknown(columns, texts, *said, first.config()));
      if (given.has("attention-output")) check_looks(first.config());
    }
    if (world.rank() != 0) return;
    clean_up_when_stopped();
    const auto inputs = paths_of(given, "input");
    output = std::make_unique<AnswersFile>(given.text("output", "-"), inputs, "--output",
                                           answers_kind());
    if (!given.has(pictures)) return;
    pictured = std::make_unique<PicturedLines>(given.text(pictures), inputs, kind);
  });
  std::unique_ptr<tasks::Fusion> fusion;
  if (spells) fusion = open_fusion(given, *tasks::said_column_of(columns), world, *pool);
  spelt.fusion = fusion.get();
  const bool are_series = stored[0].is_series;
  std::vector<tasks::MakeScorer> scorers;
  for (const auto& voter : voters) scorers.push_back(voter->scorer(*pool));
  const auto answer = [&](Batch batch) -> SaidText {
    const std::vector<std::int32_t> steps(batch.sequences->lengths().begin(),
                                          batch.sequences->lengths().end());
    const PackedWindows windows(
        first.task().to_answer(std::move(batch.sequences), first.config(), stored), columns);
    if (spells) {
      return spelt_text(scores_of(voters, windows, *pool), steps, *tasks::said_column_of(columns),
                        spelt, *pool);
    }
    if (said != nullptr) {
      std::vector<std::vector<Hypothesis>> hypotheses(
          static_cast<std::size_t>(windows.whole()->sequences()));
      tasks::decode_sequences(scorers, windows, 1, 0, batch.first, saying.lengths, saying.decode,
                              *pool, [&](std::int64_t sequence, std::vector<Hypothesis> own) {
                                hypotheses[static_cast<std::size_t>(sequence)] = std::move(own);
                              });
      if (texts < 0) batch.symbols = numbered_steps(*windows.whole());
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
  const std::int64_t together = streams            ? 1
                                : spells           ? spelt_batch
                                : world.size() > 1 ? batch_of_several
                                                   : batch;
  std::string head;  // before the first answers, if there are any
  if (are_series && !given.flag("json")) {
    head = forecasts_head(target_of(stored), first.config().number_loss());
  }
  std::int64_t outside_list = 0;
  answer_table(world, *table, stored, texts, together, answer, [&](const SaidText& text) {
    outside_list += text.outside_list;
    if (text.answers.empty()) return;
    if (!head.empty()) output->write(std::exchange(head, {}));
    output->write(text.answers);
    if (pictured) pictured->write(text.attention);
  });
  phase(world, [&] {
    if (output) output->finish();
    if (pictured) pictured->finish();
    if (world.rank() == 0) say_if_any(outside_list_text(outside_list));
  });
  return static_cast<int>(ExitCode::finished);
}

}  // namespace

int run_predict(const std::vector<std::string>& arguments) {
  if (help_wanted(predict_command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return predict_in(world, arguments); });
}

}  // namespace rondo::apps
