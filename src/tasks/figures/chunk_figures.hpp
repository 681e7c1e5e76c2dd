// Figures of chunks, which labels of steps spell: B-x begins one of the type x, I-x goes on, O is
// in none.
#pragma once

#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// Whether the classes of a target are such labels: B-x and I-x, at least one of these, and O.
bool spells_chunks(const Column& target);

// The types of its chunks, bytewise ascending.
std::vector<std::string> chunk_types(const Column& target);

// How many chunks of each type were given, said, and both: with the same first and last step. As
// CoNLL's conlleval counts them: a chunk begins with a B, and with an I behind an O or another
// type. A step whose label is not given ends a chunk, and is in none.
std::vector<ClassCounts> count_chunks(const Answers& answers, const Column& target);

// Puts chunk_f1, chunk_precision and chunk_recall, of the chunks of all types together, before the
// figures that are there: what is best follows the first.
void add_chunk_figures(const Answers& answers, const Column& target, Evaluation& evaluation);

}  // namespace rondo::tasks
