// `rondo ngram`: n-grams of a text, counted and smoothed, for searches that want a language model.
#include <fmt/format.h>

#include <fstream>
#include <string>
#include <string_view>

#include "apps/commands.hpp"
#include "apps/options/options.hpp"
#include "apps/words/say.hpp"
#include "data/baselines/arpa_text.hpp"
#include "data/text/text_reader.hpp"
#include "io/output_file.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/grouped.hpp"

namespace rondo::apps {
namespace {

constexpr int usual_order = 5;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "ngram",
      .summary =
          "Counts the n-grams of a text and writes them as a language model in the ARPA format, "
          "smoothed\nas Witten and Bell: for --language-model of rondo predict and rondo eval.",
      .example =
          "  rondo ngram --input sentences.txt --order 6 --output sentences.arpa\n"
          "  rondo predict --checkpoint runs/speech --input new.csv --language-model "
          "sentences.arpa\n",
      .positional = "",
      .options = {{.name = "input",
                   .value_name = "PATH",
                   .help = "texts, each line of which is one: files, or folders of them",
                   .many = true},
                  {.name = "output", .value_name = "FILE", .help = "the model"},
                  {.name = "level",
                   .value_name = "NAME",
                   .help = "n-grams of what: char, or word, which stands between white space",
                   .default_text = "char"},
                  {.name = "order",
                   .value_name = "N",
                   .help = "a token is foreseen from N - 1 before it",
                   .default_text = std::to_string(usual_order)}},
  };
  return line;
}

bool is_ngrams(const std::filesystem::path& path) {
  std::string first;
  std::getline(std::ifstream(path, std::ios::binary), first);
  return first.starts_with(arpa_head);
}

constexpr OwnKind ngrams_kind{"an n-gram model that rondo wrote", is_ngrams};

Sentences read_sentences(const GivenOptions& given) {
  const std::string level = given.text("level", "char");
  if (level != "char" && level != "word") {
    throw_input("--level takes char or word, not \"{}\"", level);
  }
  std::vector<std::filesystem::path> inputs, left_out;
  for (const std::string& input : given.list("input")) inputs.emplace_back(input);
  const std::vector<TextFile> files = list_text_files(inputs, &left_out);
  say_left_out(left_out);
  Sentences sentences(level == "char");
  TextReader reader(files, {.unit = DocumentRule::Unit::lines});
  TextReader::Piece piece;
  std::string line;  // may come in several pieces
  while (reader.next(piece)) {
    line += piece.text;
    if (!piece.ends_document) continue;
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    sentences.add(line);
    line.clear();
  }
  return sentences;
}

}  // namespace

const CommandLine& ngram_command_line() { return command_line(); }

int run_ngram(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"input", "output"});
  const auto order = static_cast<int>(given.integer("order", usual_order, 1, 16));
  const std::string output = given.text("output");
  clean_up_when_stopped();
  check_output(output, "--output", ngrams_kind);
  const Sentences sentences = read_sentences(given);
  write_output(output, arpa_text(sentences, order), "--output", ngrams_kind);
  print_result("{}: {} lines, {} tokens of {} kinds, n-grams of up to {}\n", output,
               grouped(sentences.lines()), grouped(sentences.words()),
               grouped(std::ssize(sentences.names()) - 3), order);
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
