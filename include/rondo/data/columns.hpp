// The columns of a data set: what a network's inputs and targets stand for.
//
// A trained model keeps its columns, and needs nothing else of the data that it was trained on: to
// read new data (`rondo prepare --columns-from`, `rondo predict`) and to say its answers.
//
// Schema, in a data set file and in a checkpoint (the task text alone has one of its own):
//   texts["columns"]          JSON: an array of {"name", "role", "kind", "scope", "width"}, in the
//                             order of the columns' numbers; and, where there is need of them,
//                             "parts", "group", "time", "rows", "missing" and "files" (Column,
//                             below), the last {"kind", "settings": {option: value}}
//   columns/<n>/names         kinds char, word, class, labels: uint8 [bytes]: the symbols' names,
//                             one after
//                             another in UTF-8
//   columns/<n>/ends          int64 [symbols]: where each ends
//   columns/<n>/counts        int64 [symbols]: how often each occurs in the train split
//   columns/<n>/subword_model kind subword, in place of names and ends: uint8 [bytes]: a
//                             SentencePiece model
//   columns/<n>/mean, columns/<n>/deviation   kind real: float64 [width], of the train split
// and in a data set for each split:
//   <split>/starts            int64 [sequences + 1]: offsets of the sequences' steps, and the end
//   <split>/context           of series, int64 [sequences]: first steps of each that belong to the
//                             split before and are there to go on from
//   <split>/series            likewise: the numbers of the series that they are parts of, the same
//                             in all splits; older files have none
//   <split>/columns/<n>       a large array; scope steps: a value for each step, scope sequence:
//   one
//                             for each sequence; tokens and classes: uint8, uint16 or int32, the
//                             narrowest that holds them; numbers: float32 or float64, `width` a
//                             value. A class that is not given is the number behind the last class;
//                             a number that is missing, or a target that is not given, is NaN.
//                             Labels, any of which a sequence may have: int32, words of 31 bits a
//                             value (core/labels.hpp), all -1 where they are not given.
//   <split>/letters           where a column has letters: int32, how many each step has, a large
//   array;
//                             the column's own array has a value for each letter
//   <split>/letter_starts     int64 [sequences + 1]: offsets of the sequences' letters, and the end
//   <split>/target_starts     where a target has steps of its own: int64 [sequences + 1]: offsets
//   of
//                             the sequences' own steps, and the end; the column's own array has a
//                             value for each: the symbols, and behind them the one that ends what
//                             is said; of a target that is not given one step alone, that is not
//                             given
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rondo/core/labels.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/data/vocabulary.hpp"

namespace rondo {

class FileFeatures;

// What a network does with a column.
enum class ColumnRole : std::uint8_t {
  source,    // reads it
  target,    // is to say it
  constant,  // reads one value of the whole sequence at each step ("static")
  known,     // of series: reads it ahead of time, as it is known before
};

enum class ColumnKind : std::uint8_t { character, word, real, category, labels, subword };

// Whether a sequence has a value for each step, or one, or several for each step: the letters of
// its words, characters that are read; or, of a target, symbols that are as many as they are: steps
// of its own. Letters and own steps lie on a window's second axis, and a data set has one such
// column at most.
enum class ColumnScope : std::uint8_t { steps, sequence, letters, own };

const char* name_of(ColumnRole role);    // "source", "target", "static", "known"
const char* name_of(ColumnKind kind);    // "char", "word", "real", "class", "labels", "subword"
const char* name_of(ColumnScope scope);  // "steps", "sequence", "letters", "own"

struct Column {
  std::string name;
  ColumnRole role = ColumnRole::source;
  ColumnKind kind = ColumnKind::character;
  ColumnScope scope = ColumnScope::steps;
  int width = 1;                                 // numbers a value has
  std::shared_ptr<const Vocabulary> vocabulary;  // of what is no number
  std::vector<std::int64_t> counts;              // of its symbols in the train split
  std::vector<double> mean, deviation;           // of numbers: [width]
  // The table's columns whose numbers are put side by side, where they are not the one called
  // `name`: a sequence's numbers, in their order, are its steps of `width` numbers each.
  std::vector<std::string> parts = {};
  // The table's columns by which rows are steps: rows of one value of `group` are one sequence, in
  // the order of `time`. Empty: there is none.
  std::string group = {}, time = {};
  // Of a series ("rows": "series"): its rows, which are all of the table where there is no group,
  // are equally far apart in time.
  bool is_series = false;
  // Whether values may be missing ("missing": "mask"). Beside each number there is then a second
  // input: 1 where the number is missing, which is itself 0 after standardising, else 0. Of other
  // kinds a missing value is the symbol SymbolVocabulary::missing_name, of a target, numbers too,
  // one that is not given.
  bool masks_missing = false;
  // Where the table's cells are paths of pictures or of sound files ("files"): what one becomes,
  // steps of `width` numbers, or one value of them. The column is real.
  std::shared_ptr<const FileFeatures> features = nullptr;

  // Numbers a step that a window has of it, where it is real.
  int inputs() const { return masks_missing && !is_target() ? 2 * width : width; }
  bool is_target() const { return role == ColumnRole::target; }
  // What it is made of in a table.
  std::vector<std::string> table_columns() const {
    return parts.empty() ? std::vector{name} : parts;
  }
  bool is_real() const { return kind == ColumnKind::real; }
  bool has_labels() const { return kind == ColumnKind::labels; }
  // Whether a cell is a text, cut into symbols.
  bool is_text() const {
    return kind == ColumnKind::character || kind == ColumnKind::word || kind == ColumnKind::subword;
  }
  bool has_letters() const { return scope == ColumnScope::letters; }
  bool has_own_steps() const { return scope == ColumnScope::own; }
  // Of a window, on which it lies.
  int axis() const { return has_letters() || has_own_steps() ? 1 : 0; }
  // As a table's kind is called: "image" and "audio" are real columns here.
  const char* kind_in_table() const;
  // Of one that is real: what number i of a value is called.
  std::string number_name(std::size_t i) const;
  // Of a column that has symbols: a class's, a label's.
  std::string symbol_name(std::size_t number) const {
    const auto token = static_cast<std::int32_t>(number);
    return vocabulary->decode({&token, 1});
  }
  // Numbers or words that a value is stored as.
  int stored_width() const { return has_labels() ? words_of_labels(vocabulary->size()) : width; }
};

using Columns = std::vector<Column>;

// The place of the column of letters, and of the one that lies on a window's second axis, whatever
// it has; -1 where there is none.
int letters_among(const Columns& columns);
int second_among(const Columns& columns);

// InputError, with `where` in front, for what is damaged or of no kind that there is.
Columns load_columns(const NamedState& state, const std::string& where);
void save_columns(const Columns& columns, NamedState& state);
bool has_columns(const NamedState& state);

}  // namespace rondo
