#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <memory>

#include "apps/commands.hpp"
#include "apps/options.hpp"
#include "apps/say.hpp"
#include "apps/signs_of_life.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo::apps {
namespace {

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "prepare",
      .summary = "Turns text files into a data set that rondo trains on.",
      .example =
          "  rondo prepare --task text --level char --input book.txt --output book.rondo\n"
          "  rondo prepare --level word --input ptb.train.txt --validation-input ptb.valid.txt \\\n"
          "      --test-input ptb.test.txt --output ptb.rondo\n"
          "  rondo prepare --level subword --vocabulary-size 4000 --input book.txt \\\n"
          "      --output book-subwords.rondo\n"
          "  rondo prepare --vocabulary-from runs/book --input other.txt --output other.rondo\n",
      .positional = "",
      .options =
          {
              {.name = "task",
               .value_name = "NAME",
               .help = "what the data set is for: text",
               .default_text = "text"},
              {.name = "level",
               .value_name = "NAME",
               .help =
                   "what a symbol is: char, a Unicode character; word; or subword, a piece of a "
                   "word that is learned from the train split",
               .default_text = "char, or the vocabulary's"},
              {.name = "input",
               .value_name = "PATH",
               .help = "text files, or folders of them, in UTF-8; - is standard input, kept beside "
                       "the output meanwhile",
               .many = true},
              {.name = "output", .value_name = "FILE", .help = "data set file to write"},
              {.name = "validation",
               .value_name = "X",
               .help = "share of the input, from its end, for validation",
               .default_text = "0.05"},
              {.name = "test",
               .value_name = "X",
               .help = "share of the input, from its end, for the test",
               .default_text = "0.05"},
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
  return line;
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
  const bool in_words = summary.level == "word";
  const bool in_subwords = summary.level == "subword";
  const char* const unit = in_words ? "words" : in_subwords ? "subwords" : "characters";
  fmt::print("{}: {} files, {} documents, ", output, summary.files, summary.documents);
  if (in_subwords) fmt::print("{} characters in ", summary.characters);
  fmt::print("{} {}, ", summary.tokens, unit);
  if (in_words || in_subwords)
    fmt::print("a vocabulary of {}\n", summary.vocabulary_size);
  else
    fmt::print("{} different\n", summary.vocabulary_size);

  const char* const more = in_words ? "unknown" : in_subwords ? "characters" : nullptr;
  fmt::print("{:<12}{:>12}{:>16}{:>16}", "split", "documents", unit, "targets");
  if (more != nullptr) fmt::print("{:>16}", more);
  for (const PreparedSplit& split : summary.splits) {
    fmt::print("\n{:<12}{:>12}{:>16}{:>16}", split.name, split.documents, split.tokens,
               split.targets());
    if (more != nullptr) fmt::print("{:>16}", in_words ? split.unknown : split.characters);
  }
  fmt::print("\n");
  for (const PreparedSplit& split : summary.splits) {
    if (split.targets() > 0) continue;
    say(fmt::format(
        "the split '{}' has nothing to predict, as its documents are single {}: give it "
        "more text",
        split.name, unit));
  }
}

}  // namespace

int run_prepare(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"input", "output"});
  const std::string task = given.text("task", "text");
  if (task != "text") throw_input("--task takes text, not \"{}\"", task);

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
