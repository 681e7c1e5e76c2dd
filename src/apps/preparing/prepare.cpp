
#include <filesystem>
#include <limits>
#include <memory>

#include "apps/commands.hpp"
#include "apps/options/options.hpp"
#include "apps/preparing/prepare_table.hpp"
#include "apps/words/say.hpp"
#include "apps/words/signs_of_life.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo::apps {
namespace {

constexpr char validation_input[] = "validation-input", test_input[] = "test-input";

// Of a share, where files are given in its place.
template <const char* files>
const char* beside(const GivenOptions& given) {
  return given.has(files) ? "its files are given" : nullptr;
}

CommandLine make_command_line() {
  CommandLine line = {
      .command = "prepare",
      .summary = "Turns texts and tables into a data set that rondo trains on.",
      .example =
          "  rondo prepare --task text --level char --input book.txt --output book.rondo\n"
          "  rondo prepare --level word --input ptb.train.txt --validation-input ptb.valid.txt \\\n"
          "      --test-input ptb.test.txt --output ptb.rondo\n"
          "  rondo prepare --level subword --vocabulary-size 4000 --input book.txt \\\n"
          "      --output book-subwords.rondo\n"
          "  rondo prepare --vocabulary-from runs/book --input other.txt --output other.rondo\n"
          "  rondo prepare --task classify --input names.csv --source name:char --target country "
          "\\\n"
          "      --output names.rondo\n"
          "  rondo prepare --task label --input train.conllu --validation-input dev.conllu \\\n"
          "      --test-input test.conllu --source form:word --target upos --min-count 2 \\\n"
          "      --output words.rondo\n"
          "  rondo prepare --task regress --input houses.csv --target price --output "
          "houses.rondo\n"
          "  rondo prepare --task forecast --input power.csv --time hour --target load --output "
          "power.rondo\n"
          "  rondo prepare --task transduce --input train.en --target-input train.es \\\n"
          "      --source source:subword --target target:subword --shared-vocabulary \\\n"
          "      --output english-spanish.rondo\n"
          "  rondo prepare --task caption --input weather.csv --source rain wind sun \\\n"
          "      --target report:word --output weather.rondo\n"
          "  rondo prepare --task transcribe --input sounds.csv --group recording --source 'mel*' "
          "\\\n"
          "      --target text:char --output sounds.rondo\n",
      .positional = "",
      .options =
          {
              {.name = "task",
               .value_name = "NAME",
               .help = "what the data set is for: text; classify, the class of a sequence; "
                       "label, a class for each of its steps; regress, numbers of a sequence or of "
                       "each step; forecast, the next values of series; transduce, from a "
                       "sequence another one of symbols; caption, a text of numbers; or "
                       "transcribe, a text that a sequence's steps spell",
               .default_text = "text"},
              {.name = "level",
               .value_name = "NAME",
               .help =
                   "what a symbol is: char, a Unicode character; word; or subword, a piece of a "
                   "word that is learned from the train split",
               .default_text = "char, or the vocabulary's"},
              {.name = "input",
               .value_name = "PATH",
               .help =
                   "text files, or folders of them, in UTF-8, or tables; of texts, - is standard "
                   "input, kept beside the output meanwhile",
               .many = true},
              {.name = "output", .value_name = "FILE", .help = "data set file to write"},
              {.name = "validation",
               .value_name = "X",
               .help = "share of the input for validation; of a text from its end; of series, "
                       "above 1, the number of rows",
               .default_text = "0.05, of tables 0.1",
               .idle = beside<validation_input>},
              {.name = "test",
               .value_name = "X",
               .help = "share of the input for the test; of a text from its end; of series, "
                       "above 1, the number of rows",
               .default_text = "0.05, of tables 0.1",
               .idle = beside<test_input>},
              {.name = "validation-input",
               .value_name = "PATH",
               .help = "files for validation, in place of a share",
               .many = true},
              {.name = "test-input",
               .value_name = "PATH",
               .help = "files for the test, in place of a share",
               .many = true},
              {.name = "documents",
               .value_name = "NAME",
               .help = "what a document is: files, lines, paragraphs (blank lines between them) or "
                       "stream, the whole text of a split; a network starts each document afresh",
               .default_text = "files"},
              {.name = "document-separator",
               .value_name = "LINE",
               .help = "line that separates the documents of a file, in place of form feeds"},
              {.name = "vocabulary-from",
               .value_name = "FILE|RUN",
               .help = "take level and vocabulary of a data set, a checkpoint or a run, so that a "
                       "trained model can be evaluated on the text"},
              {.name = "min-count",
               .value_name = "N",
               .help = "words: how often the train split must hold a word; the others are <unk>",
               .default_text = "1"},
              {.name = "vocabulary-size",
               .value_name = "N",
               .help = "words: the most frequent ones, <unk> and <eos> among them; subwords: as "
                       "many pieces, <unk> and 256 bytes among them",
               .default_text = "all words, 8000 subwords"},
              {.name = "subword-model",
               .value_name = "NAME",
               .help = "how subwords are learned: bpe, which counts and gives the same pieces on "
                       "any machine, or unigram",
               .default_text = "bpe"},
              {.name = "split-punctuation",
               .value_name = "",
               .help = "words: punctuation marks are words, for texts that are not cut into words "
                       "yet"},
          },
  };
  for (const Option& option : table_options()) line.options.push_back(option);
  return line;
}

const CommandLine& command_line() {
  static const CommandLine line = make_command_line();
  return line;
}

// Options that a text has and a table has not.
const std::vector<std::string>& text_options() {
  static const std::vector<std::string> names = {"level", "documents", "document-separator",
                                                 "vocabulary-from", "split-punctuation"};
  return names;
}

void refuse(const GivenOptions& given, const std::vector<std::string>& names,
            const std::string& task) {
  for (const std::string& name : names) {
    if (given.has(name)) throw_input("--{} does not go with --task {}", name, task);
  }
}

// Of a data set, or of what a run was trained on.
std::shared_ptr<const Vocabulary> vocabulary_in(const std::filesystem::path& path) {
  if (is_dataset(path)) return load_vocabulary(DatasetReader(path).small());
  return load_vocabulary(read_checkpoint(resolve_checkpoint(path, false, say)));
}

std::vector<std::filesystem::path> paths(const GivenOptions& given, const std::string& name) {
  const std::vector<std::string> texts = given.list(name);
  return {texts.begin(), texts.end()};
}

void print_summary(const PrepareSummary& summary, const std::string& output) {
  const LevelTraits& level = summary.level;
  const bool counts_characters = !level.are_characters && !level.leave_out_unknown;
  print_result("{}: {} files, {} documents, ", output, summary.files, summary.documents);
  if (counts_characters) print_result("{} characters in ", summary.characters);
  print_result("{} {}, ", summary.tokens, level.tokens);
  if (level.are_characters) {
    print_result("{} different\n", summary.vocabulary_size);
  } else {
    print_result("a vocabulary of {}\n", summary.vocabulary_size);
  }

  const char* const more = level.leave_out_unknown ? "unknown"
                           : counts_characters     ? "characters"
                                                   : nullptr;
  print_result("{:<12}{:>12}{:>16}{:>16}", "split", "documents", level.tokens, "targets");
  if (more != nullptr) print_result("{:>16}", more);
  for (const PreparedSplit& split : summary.splits) {
    print_result("\n{:<12}{:>12}{:>16}{:>16}", split.name, split.documents, split.tokens,
                 split.targets());
    if (more == nullptr) continue;
    print_result("{:>16}", level.leave_out_unknown ? split.unknown : split.characters);
  }
  print_result("\n");
  say_left_out(summary.left_out);
  for (const PreparedSplit& split : summary.splits) {
    if (split.targets() > 0) continue;
    say(fmt::format(
        "the split '{}' has nothing to predict, as its documents are single {}: give it more text",
        split.name, level.tokens));
  }
}

}  // namespace

const CommandLine& prepare_command_line() { return command_line(); }

int run_prepare(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  const std::string task = keys::parse_choice("--task", given.text("task", "text"), task_names());
  if (const auto targets = find_task(task).table_targets()) {
    require_options(command_line(), given, {"output"});
    refuse(given, text_options(), task);
    return run_prepare_table(task, *targets, given);
  }
  require_options(command_line(), given, {"input", "output"});
  std::vector<std::string> of_tables;
  for (const Option& option : table_options()) of_tables.push_back(option.name);
  refuse(given, of_tables, task);

  say_if_any(idle_options(command_line(), given));

  constexpr NumberRange share = {.low = 0, .high = 1, .high_open = true};
  PrepareOptions options;
  options.inputs = paths(given, "input");
  options.validation_inputs = paths(given, "validation-input");
  options.test_inputs = paths(given, "test-input");
  options.output = given.text("output");
  if (given.has("level")) options.level = given.text("level");
  if (given.has("vocabulary-from")) {
    options.vocabulary_from = given.text("vocabulary-from");
    options.vocabulary = vocabulary_in(options.vocabulary_from);
  }
  options.validation = given.number("validation", options.validation, share);
  options.test = given.number("test", options.test, share);
  options.documents = given.text("documents", options.documents);
  if (given.has("document-separator"))
    options.document_separator = given.text("document-separator");

  constexpr std::int64_t most_tokens = std::numeric_limits<std::int32_t>::max();
  if (given.has("min-count")) {
    options.min_count = given.integer("min-count", 1, 1, std::numeric_limits<std::int64_t>::max());
  }
  if (given.has("vocabulary-size")) {
    options.vocabulary_size = given.integer("vocabulary-size", 0, 3, most_tokens);
  }
  options.split_punctuation = given.flag("split-punctuation");
  if (given.has("subword-model")) options.subword_model = given.text("subword-model");

  clean_up_when_stopped();
  SignsOfLife signs;
  options.at_work = [&](const std::string& work) { signs.at_work(work); };
  print_summary(prepare_text(options), given.text("output"));
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
