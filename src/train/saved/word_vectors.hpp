// First values of an embedding from a text file of word vectors, as GloVe and word2vec write them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "rondo/core/named_state.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/model/network_plan.hpp"

namespace rondo {

struct VectorsRead {
  std::string column;      // whose words they are
  std::int64_t found = 0;  // of its words
  std::int64_t symbols = 0;
};

// The first table of a network whose rows are no characters: words, names, pieces of words.
// InputError where there is none.
TokenTable table_of_words(const NetworkPlan& plan, const Columns& columns);

// Puts the vectors of `path` into the rows of the first table of words among `parameters`, which
// are all that a network of `plan` has, as a checkpoint holds them ("parameters/..."). A line is a
// word and as many numbers as an embedding is wide, with blanks between them; a first line of two
// whole numbers alone (how many, how wide) is passed over, and of a word's lines the first counts.
// Words that have no line keep the values that they have. InputError, with file and line, for a
// file that is none, for numbers of another count, and where none of the words is in it.
template <class Real>
VectorsRead read_word_vectors(const std::filesystem::path& path, const NetworkPlan& plan,
                              const Columns& columns, NamedState& parameters);

}  // namespace rondo
