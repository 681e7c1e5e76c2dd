// `rondo prepare` for tables of the user's own: csv, tsv, lines, conllu, conll, folder, npy, hdf5.
//
// A sequence is a row; or, with `group`, all rows of one value of that column, in the order of
// `time` or else of the file, each row a step. What the columns become (columns.hpp):
//
//   char, word   of a row: a step a character, or a word between blanks. A symbol that the train
//                split lacks is <unk>
//   real         of a row: the numbers of all such columns, in their order, are cut into `steps`
//                equal steps (1: a sequence of one step, a plain network). Where rows are steps,
//                all numbers of a row are one step
//   subword      of a row: its words with blanks between them, one before the first, cut into
//   pieces
//                that are learned from the train split, each a step
//   class        of a row: one step
//   image, audio of a row: the path of a file, from the table's folder: a picture or a sound, which
//                becomes steps of numbers (data/features/), the column being real; where rows are
//                steps it is one step
//   where rows are steps a cell of char, word or class is one symbol
//   of series    sources, what is known and targets are numbers, put side by side by their use
//
// A column of words may be read by its letters, too: they are a column beside it, and each word as
// it is written, whatever its own column makes of it, is a sequence of characters of its own.
//
// A target of symbols whose number is its own (TableTargets::sequences, captions, spellings) is the
// text of a cell, as a source is, with a symbol that ends it. Of captions and spellings rows may be
// steps: all rows of a sequence have the same text.
//
// A static column has one value a sequence, and so has a target, or else one a step: of classes as
// the task says (TableTargets), where a row's cell has as many characters or words as the source
// has steps; of numbers where they change within a sequence. Where rows are steps, what a sequence
// has once is the same in all of them. Targets that are numbers are put side by side, as sources
// are. Numbers are stored as given; mean and deviation are those of the train split, by two passes
// in double in file order.
//
// Kinds that are not given are guessed: endings of pictures or sound files in all cells of what is
// read: image, audio; numbers in all cells: real; a target: class, or real, as
// the task wants it, or, of a step where a row is a sequence, as its source; where sequences are
// said, what is said is a text, and so is what is read, but of captions; short cells (fewer
// than 20 characters in the mean) with few blanks: char; else word.
//
// A missing value is refused, unless it is to be masked: a number that is empty, NA, N/A or NaN
// (case aside) is then stored as NaN and left out of mean and deviation; of other kinds an empty
// cell is the symbol <missing>; an empty target is not given, and trains nothing.
//
// Series (TableTargets::series): all rows are one, or those of one value of `group`. Their times
// are in order and equally far apart; rows that lack are refused, unless missing values are to be
// masked: then they are put in, without values. Each series is cut in time: first rows train, last
// ones test, or by the values of a column. Before its own rows a split has the last `context` rows
// before them.
//
// Other splits: files of their own; or by the values of a column, if they are train, validation or
// dev, test; else drawn by `seed`, where a column's or group's rows stay together and each class
// gives its share; or cut by time, the latest rows for the test.
//
// Memory is bounded by the number of sequences and of different symbols, and by the longest
// sequence; rows of one group that do not stand together are gathered in memory. The files are read
// four times.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/data/columns.hpp"

namespace rondo {

// What a task's targets are: a class, or labels, of a sequence; a class of each step; numbers of
// either; of series numbers of each row, rows being steps; of a sequence another one, of symbols;
// or such a one of what is no text; or one that the sequence's steps spell.
enum class TableTargets : std::uint8_t {
  classes,
  step_classes,
  numbers,
  series,
  sequences,
  captions,
  spellings
};

struct TableOptions {
  std::string task = "classify";  // --task
  TableTargets says = TableTargets::classes;
  std::vector<std::filesystem::path> inputs, validation_inputs, test_inputs;
  std::vector<std::filesystem::path> target_inputs, validation_target_inputs, test_target_inputs;
  std::filesystem::path output;
  std::string format = {};                     // --format
  bool header = true;                          // not --no-header
  std::vector<std::string> column_names = {};  // --columns
  std::vector<std::string> sources, targets, known,
      constants;                        // NAME or NAME:KIND; "p*": all that begin so
  std::string letters = {};             // --letters: a column of words
  std::string group, time, split_by;    // names of columns; split_by also "time"
  std::optional<std::int64_t> steps;    // --steps
  double validation = 0.1, test = 0.1;  // shares of `inputs`; 0: no such split; of series also,
                                        // above 1, numbers of rows
  std::optional<std::int64_t> rows;     // of series: the first ones, no more are taken
  std::int64_t context = 1000;          // of series: rows before a split that are kept with it
  std::uint64_t seed = 1;
  std::int64_t min_count = 1;  // of words, in the train split
  // Words, <unk> among them; subwords, 8000 where nobody says.
  std::optional<std::int64_t> vocabulary_size;
  std::optional<std::string> subword_model;  // --subword-model: bpe or unigram
  bool shared_vocabulary = false;            // of the source and a target of symbols
  bool mask_missing = false;                 // --missing mask: Column::masks_missing
  // Of pictures and sound files (data/features): their options, by name, and the values given.
  std::map<std::string, std::string> features = {};
  // Whether each step has a class.
  bool says_steps() const { return says == TableTargets::step_classes; }
  bool says_numbers() const { return is_series() || says == TableTargets::numbers; }
  bool is_series() const { return says == TableTargets::series; }
  bool says_captions() const { return says == TableTargets::captions; }
  bool says_spellings() const { return says == TableTargets::spellings; }
  bool says_sequences() const {
    return says == TableTargets::sequences || says_captions() || says_spellings();
  }
  // --columns-from: columns of a data set or a trained model, in place of the options that make
  // them, and their name in messages. The target may be absent.
  std::optional<Columns> columns;
  std::filesystem::path columns_from;
  // --grow-vocabulary: symbols of the train split that these columns lack are put behind theirs, in
  // the order in which a vocabulary of their own would have them; subwords stay.
  bool grow_vocabulary = false;
};

// Targets that the steps of their sequences cannot spell.
struct TooLongTargets {
  std::int64_t count = 0;
  std::vector<std::string> places = {};  // of the first ones: "lines.csv, line 3: 9 steps, ..."
};

struct TableSplit {
  std::string name;  // train, validation, test
  std::int64_t sequences = 0;
  std::int64_t steps = 0;
  std::int64_t target_steps = 0;      // of targets that have their own, with those that end them
  std::int64_t context = 0;           // of series: of these steps
  std::int64_t also_in_train = 0;     // sequences whose inputs stand in the train split too
  TooLongTargets too_long = {};       // of targets that steps spell
  std::vector<std::int64_t> unknown;  // a column: symbols that are <unk>
  std::vector<std::int64_t> missing;  // a column that is read: masked values
  // A column, of the targets: sequences a class; behind the last class those without one.
  std::vector<std::vector<std::int64_t>> classes;
};

struct TableSummary {
  bool names_in_first_line = false;  // the columns' names were read there
  std::int64_t files = 0;
  std::vector<std::filesystem::path> left_out;  // hidden ones, which were not read
  Columns columns;
  std::vector<bool> guessed;        // a column: its kind was not given
  std::vector<std::int64_t> grown;  // a column: symbols that are new in it; empty: none may be
  std::vector<TableSplit> splits;
  std::vector<std::int32_t> lengths;  // of all sequences, ascending
  // Of all targets that have steps of their own, without those that end them, likewise.
  std::vector<std::int32_t> target_lengths;
  bool gathered = false;  // rows of one group did not stand together
};

// Writes options.output, or throws and leaves it as it was. InputError names file, line and column
// of what is wrong.
TableSummary prepare_table(const TableOptions& options);

}  // namespace rondo
