#include <fmt/format.h>

#include <filesystem>
#include <limits>

#include "apps/commands.hpp"
#include "apps/options.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/prepare_text.hpp"

namespace rondo::apps {
namespace {

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "prepare",
      .summary = "Turns text files into a data set that rondo trains on.",
      .example =
          "  rondo prepare --task text --level char --input book.txt --output book.rondo\n"
          "  rondo prepare --level word --input ptb.train.txt --validation-input ptb.valid.txt \\\n"
          "      --test-input ptb.test.txt --output ptb.rondo\n",
      .positional = "",
      .options =
          {
              {.name = "task",
               .value_name = "NAME",
               .help = "what the data set is for: text",
               .default_text = "text"},
              {.name = "level",
               .value_name = "NAME",
               .help = "what a symbol is: char, a Unicode character, or word",
               .default_text = "char"},
              {.name = "input",
               .value_name = "PATH",
               .help = "text files, or folders of them, in UTF-8",
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
              {.name = "document-separator",
               .value_name = "LINE",
               .help = "line that separates the documents of a file, in place of form feeds"},
              {.name = "min-count",
               .value_name = "N",
               .help = "words: how often the train split must hold a word; the others are <unk>",
               .default_text = "1"},
              {.name = "vocabulary-size",
               .value_name = "N",
               .help = "words: the most frequent ones, <unk> and <eos> among them",
               .default_text = "all"},
              {.name = "split-punctuation",
               .value_name = "",
               .help = "words: punctuation marks are words, for texts that are not cut into words "
                       "yet"},
          },
  };
  return line;
}

std::vector<std::filesystem::path> paths(const GivenOptions& given, const std::string& name) {
  const std::vector<std::string> texts = given.list(name);
  return {texts.begin(), texts.end()};
}

void print_summary(const PrepareSummary& summary, const std::string& output, bool in_words) {
  if (in_words) {
    fmt::print("{}: {} files, {} documents, {} words, a vocabulary of {}\n", output, summary.files,
               summary.documents, summary.tokens, summary.vocabulary_size);
    fmt::print("{:<12}{:>12}{:>16}{:>16}{:>16}\n", "split", "documents", "words", "targets",
               "unknown");
    for (const PreparedSplit& split : summary.splits) {
      fmt::print("{:<12}{:>12}{:>16}{:>16}{:>16}\n", split.name, split.documents, split.tokens,
                 split.targets(), split.unknown);
    }
    return;
  }
  fmt::print("{}: {} files, {} documents, {} characters, {} different\n", output, summary.files,
             summary.documents, summary.characters, summary.vocabulary_size);
  fmt::print("{:<12}{:>12}{:>16}{:>16}\n", "split", "documents", "characters", "targets");
  for (const PreparedSplit& split : summary.splits) {
    fmt::print("{:<12}{:>12}{:>16}{:>16}\n", split.name, split.documents, split.characters,
               split.targets());
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
  options.level = given.text("level", options.level);
  options.validation = given.number("validation", options.validation, share);
  options.test = given.number("test", options.test, share);
  if (given.has("document-separator"))
    options.document_separator = given.text("document-separator");

  constexpr std::int64_t most_words = std::numeric_limits<std::int32_t>::max();
  if (given.has("min-count")) {
    options.min_count = given.integer("min-count", 1, 1, std::numeric_limits<std::int64_t>::max());
  }
  if (given.has("vocabulary-size")) {
    options.vocabulary_size = given.integer("vocabulary-size", 0, 3, most_words);
  }
  options.split_punctuation = given.flag("split-punctuation");

  print_summary(prepare_text(options), given.text("output"), options.level == "word");
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
