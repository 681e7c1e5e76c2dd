// What comes out of measuring a model on a split, and what its loss is shown as.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/kernels/losses/numbers.hpp"

namespace rondo {

// Numbers that are said of a split's rows.
struct NumberAnswers {
  kernels::NumberLoss loss;          // what is said means
  std::vector<std::int64_t> starts;  // of each sequence: its first row; at last the end
  std::vector<double> given;         // [row][number], as they were given; NaN: none is
  std::vector<double> said;          // [row][a head's outputs], standardised
};

// What a model says of a split's whole sequences, the same on every rank. A row is a target: of
// tasks with one for each sequence the sequence, else the step, in the split's order.
struct Answers {
  std::vector<double> losses, weights;  // of each sequence: sums over its targets
  std::vector<std::int32_t> targets;    // of each row; -1: none is given
  std::vector<std::int32_t> said;       // of each row: the likeliest class
  // Where a row is a step: the rows where sequences start, and the end.
  std::vector<std::int64_t> starts;
  // Of labels a row has so many words of both (core/labels.hpp); what is said are those more likely
  // than not.
  int words = 1;
  NumberAnswers numbers;  // in place of targets and classes, where these are said
  // Of each sequence, in place of targets and classes: its text, where steps spell it.
  std::vector<std::vector<std::int32_t>> texts = {};
  std::int64_t outside_list = 0;  // of these: texts not of a word list's words alone
};

// A figure of a task's, for people and programs: a share from 0 to 1, if it is one.
struct Figure {
  std::string name;  // "accuracy"
  double value = 0;
  bool is_share = true;
};

// Of one class or label: how often it was given, said, and both.
struct ClassCounts {
  std::int64_t right = 0, given = 0, said = 0;
};

// Of one of several numbers: how often it was given, and its own figures.
struct NumberFigures {
  std::int64_t given = 0;
  std::vector<Figure> figures;
};

// A part of a split's targets.
struct Slice {
  std::int64_t first = 0, last = 0;  // of what they are told apart by, rows say, both from 1
  std::int64_t targets = 0;
  std::vector<Figure> figures = {};
};

// How texts that are said differ from those that were given, character by character.
struct TextEdits {
  // Nothing said: left out; nothing given: put in.
  struct Confusion {
    std::string given, said;
    std::int64_t times = 0;
  };
  struct Line {
    std::int64_t sequence = 0;  // of the split, from 0
    std::int64_t edits = 0, characters = 0;
    std::string given, said;
  };
  std::int64_t characters = 0;  // given
  std::int64_t insertions = 0, deletions = 0, substitutions = 0;
  std::vector<Confusion> confusions = {};  // the most frequent first
  std::vector<Line> worst = {};            // the most edits first
};

struct Evaluation {
  double loss = 0;           // mean, nats a target
  std::int64_t targets = 0;  // valid ones
  // The task's, the first of which decides what is best; none where the loss does.
  std::vector<Figure> figures;
  double score = 0;  // what is compared: less is better
  // Of classes: [given][said], how often.
  std::vector<std::vector<std::int64_t>> confusion;
  std::vector<ClassCounts> labels;     // of labels, or of chunks that classes spell: of each type
  std::vector<NumberFigures> numbers;  // of numbers, each
  // Of a backtest of forecasts: by the row in which they begin, and by how many rows ahead they
  // are.
  std::vector<Slice> folds, ahead;
  TextEdits edits = {};
  double interval = 0;  // of numbers: the share that a figure `coverage` is meant to be

  Evaluation() = default;
  // Of a task that is judged by its loss.
  Evaluation(double mean, std::int64_t count) : loss(mean), targets(count), score(mean) {}
};

// What a loss is shown as, beside nats a target.
enum class LossUnit : std::uint8_t {
  nats,                // nothing else
  bits_per_character,  // a target is a character
  perplexity,          // a target is a word
};

}  // namespace rondo
