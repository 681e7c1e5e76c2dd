#include "apps/preparing/prepare_table.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <limits>

#include "apps/preparing/table_summary.hpp"
#include "apps/words/say.hpp"
#include "data/features/file_features.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "rondo/data/prepare_table.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/io/run_folder.hpp"

namespace rondo::apps {
std::vector<std::filesystem::path> paths_of(const GivenOptions& given, const std::string& name) {
  const std::vector<std::string> texts = given.list(name);
  return {texts.begin(), texts.end()};
}

// "a,b,c", and again.
std::vector<std::string> names_in(const std::vector<std::string>& lists) {
  std::vector<std::string> names;
  for (const std::string& list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      names.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return names;
}

namespace {

constexpr const char* heading = "tables";

Columns columns_in(const std::filesystem::path& path) {
  if (is_dataset(path)) return load_columns(DatasetReader(path).small(), path.string());
  return load_columns(read_checkpoint(resolve_checkpoint(path, false, say)), path.string());
}

// Whether the first of the tables has a first line that may name its columns.
bool may_have_header(const TableOptions& options) {
  for (const auto* inputs : {&options.inputs, &options.validation_inputs, &options.test_inputs}) {
    TableInput input{*inputs};
    input.format = options.format;
    if (!inputs->empty()) return rondo::may_have_header(input);
  }
  return false;
}

TableOptions table_options_from(const std::string& task, TableTargets targets,
                                const GivenOptions& given) {
  constexpr std::int64_t most_rows = 1'000'000'000;
  const bool is_series = targets == TableTargets::series;
  const bool says_sequences =
      targets == TableTargets::sequences || targets == TableTargets::spellings;
  const NumberRange share = {.low = 0, .high = is_series ? most_rows : 1.0};
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  TableOptions options;
  options.task = task;
  options.says = targets;
  options.inputs = paths_of(given, "input");
  options.validation_inputs = paths_of(given, "validation-input");
  options.test_inputs = paths_of(given, "test-input");
  options.target_inputs = paths_of(given, "target-input");
  options.validation_target_inputs = paths_of(given, "validation-target-input");
  options.test_target_inputs = paths_of(given, "test-target-input");
  options.output = given.text("output");
  options.format = given.text("format");
  options.header = !given.flag("no-header");
  options.column_names = names_in(given.list("columns"));
  if (options.header && !options.column_names.empty() && may_have_header(options)) {
    throw_input("--columns names the columns where no first line does: add --no-header");
  }
  options.sources = given.list("source");
  options.targets = given.list("target");
  options.known = given.list("known");
  options.constants = given.list("static");
  options.letters = given.text("letters");
  options.group = given.text("group");
  options.time = given.text("time");
  options.split_by = given.text("split-by");
  if (given.has("steps")) options.steps = given.integer("steps", 1, 1, most);
  options.validation = given.number("validation", options.validation, share);
  options.test = given.number("test", options.test, share);
  for (const char* name : {"known", "rows", "context"}) {
    if (given.has(name) && !is_series) throw_input("--{} does not go with --task {}", name, task);
  }
  if (given.has("rows")) options.rows = given.integer("rows", 0, 2, most_rows);
  options.context = given.integer("context", options.context, 0, most_rows);
  options.seed = given.seed("seed", options.seed);
  options.min_count =
      given.integer("min-count", options.min_count, 1, std::numeric_limits<std::int64_t>::max());
  if (given.has("vocabulary-size")) {
    options.vocabulary_size = given.integer("vocabulary-size", 0, 3, most);
  }
  if (given.has("subword-model")) options.subword_model = given.text("subword-model");
  options.shared_vocabulary = given.flag("shared-vocabulary");
  if (options.shared_vocabulary && !says_sequences) {
    throw_input("--shared-vocabulary does not go with --task {}", task);
  }
  if (given.has("missing")) {
    const std::string missing = given.text("missing");
    if (missing != "mask") throw_input("--missing takes mask, not {}", rondo::quoted(missing));
    options.mask_missing = true;
  }
  for (const FileKind& files : file_kinds()) {
    for (const KeyFacts& key : files.keys) {
      if (given.has(key.name)) options.features[key.name] = given.text(key.name);
    }
  }
  if (given.has("columns-from")) {
    options.columns_from = given.text("columns-from");
    options.columns = columns_in(options.columns_from);
  }
  options.grow_vocabulary = given.flag("grow-vocabulary");
  if (options.grow_vocabulary && !options.columns) {
    throw_input("--grow-vocabulary adds to the vocabularies of --columns-from, which is not given");
  }
  return options;
}

}  // namespace

namespace {

std::vector<Option> make_table_options() {
  std::vector<Option> options = {
      {"format", "NAME",
       "csv, tsv, lines, conllu, conll, folder (a folder a class, or x.txt beside "
       "x.png or x.wav), npy (npz, too) or hdf5",
       heading, "by the ending"},
      {"no-header", "",
       "csv, tsv: the first line is no names but data; the columns are c1, c2, ...", heading},
      {"columns", "A,B",
       "csv, tsv: the columns' names, with --no-header; conll: their names, else c1, c2, ...",
       heading, "", true},
      {"source", "NAME[:KIND]",
       "columns that the network reads; kinds are char, word, subword, real, class, image or "
       "audio (a cell is the path of a picture or a sound file, from the table's folder); \"p*\" "
       "means all names that begin so",
       heading, "all columns that are nothing else", true},
      {"target", "NAME[:KIND]",
       "the column that it is to say: a class; or, with the kind labels, any number of them, with "
       "; or | between their names, an empty cell for none; of --task label a class for each step: "
       "of a row that is a sequence as many words or characters as its source has; of regress one "
       "number or several, of each step where they change within a sequence; of transduce, "
       "caption and transcribe a text: char, word or subword",
       heading, "", true},
      {"known", "NAME",
       "forecast: columns that are known of the future too, as days of the week or weather that is "
       "foretold",
       heading, "", true},
      {"shared-vocabulary", "",
       "transduce: one vocabulary for what is read and what is said, which are of one kind",
       heading},
      {"static", "NAME[:KIND]", "columns with one value a sequence, read at each step", heading, "",
       true},
      {"letters", "NAME",
       "a column of words whose letters the network reads, too: each word is a sequence of its "
       "own, "
       "as it is written, beside what --source makes of it",
       heading},
      {"steps", "N", "cut the numbers of a row into so many steps, in their order", heading, "1"},
      {"group", "NAME", "rows of one value of this column are one sequence, a row a step", heading,
       "of conllu, conll: the sentences"},
      {"time", "NAME",
       "the order of a group's rows; of series numbers or days and times, in order and equally far "
       "apart",
       heading, "the file's"},
      {"split-by", "NAME",
       "a column whose values are train, validation (or dev) and test, or whose values' rows stay "
       "together; or time: the latest sequences are the test",
       heading, "drawn, classes in equal shares"},
      {"rows", "N", "forecast: take the first rows of a series, and no more", heading, "all"},
      {"context", "N",
       "forecast: rows before a split that are kept with it, so that its first forecasts have what "
       "they follow",
       heading, "1000"},
      {"missing", "NAME",
       "mask: a number that is missing (an empty cell, NA, N/A or NaN) is read as 0 after "
       "standardising, and the network has a second input beside each number, 1 where it is "
       "missing, else 0; an empty cell of another kind is the symbol <missing>, and an empty "
       "target, of a sequence or of a step, trains nothing",
       heading, "refused, with its place"},
      {"seed", "N", "of the drawn splits", heading, "1"},
      {"target-input", "PATH", "lines: files whose lines are the targets of the input's", heading,
       "", true},
      {"validation-target-input", "PATH", "lines: the same for validation", heading, "", true},
      {"test-target-input", "PATH", "lines: the same for the test", heading, "", true},
      {"columns-from", "FILE|RUN",
       "roles, kinds, vocabularies and scales of a data set, a checkpoint or a run, so that a "
       "trained model can be evaluated on new tables or trained on",
       heading},
      {"grow-vocabulary", "",
       "with --columns-from: symbols and classes of the train split that it lacks are put behind "
       "its "
       "own, for rondo train --init-from",
       heading},
  };
  for (const FileKind& files : file_kinds()) {
    for (const KeyFacts& key : files.keys) {
      options.push_back({key.name, key.value_name, key.help, key.group, files.usual(key.name)});
    }
  }
  return options;
}

}  // namespace

const std::vector<Option>& table_options() {
  static const std::vector<Option> options = make_table_options();
  return options;
}

int run_prepare_table(const std::string& task, TableTargets targets, const GivenOptions& given) {
  const TableSummary summary = prepare_table(table_options_from(task, targets, given));
  print_result("{}", to_text(summary, given.text("output")));
  say_left_out(summary.left_out);
  // Who says how rows are ordered, or wants an answer to each step, thinks of them as steps.
  const bool rows_may_be_steps = given.has("time") || targets == TableTargets::step_classes;
  if (rows_may_be_steps && !given.has("group") && summary.lengths.back() == 1) {
    say("each row is a sequence of one step; if rows are the steps of sequences, name the column "
        "that "
        "tells whose they are: --group NAME");
  }
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
