#include "apps/predicting/predict_options.hpp"

#include "apps/options/model_options.hpp"
#include "apps/predicting/said_text.hpp"
#include "apps/predicting/spelling/spelt_text.hpp"

namespace rondo::apps {
namespace {

CommandLine make_command_line() {
  CommandLine line = {
      .command = "predict",
      .summary = "Answers a table's sequences with a trained model, one line each, in its order.",
      .example =
          "  rondo predict --checkpoint runs/flowers --input new.csv\n"
          "  rondo predict --checkpoint runs/houses --input new.csv --output prices.tsv\n"
          "  rondo predict --checkpoint runs/tagger --input sentences.txt\n"
          "  rondo predict --checkpoint runs/languages --input words.txt --json\n"
          "  rondo predict --checkpoint runs/digits --input one.wav two.flac\n"
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
               .help =
                   "how the table is read: csv, tsv, lines, conllu, conll, folder, files (pictures "
                   "or sounds themselves), npy or hdf5",
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
  for (const Option& option : spelling_options()) line.options.push_back(option);
  return line;
}

}  // namespace

const CommandLine& predict_command_line() {
  static const CommandLine line = make_command_line();
  return line;
}

}  // namespace rondo::apps
