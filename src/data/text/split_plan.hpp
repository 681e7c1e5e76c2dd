// Which stretch of the prepared text belongs to which split.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/data/prepare_text.hpp"
#include "rondo/data/text_dataset.hpp"

namespace rondo {

// Positions count the characters of all inputs end to end: the inputs first, then the validation
// inputs, then the test inputs. (A TextLevel counts the same part in tokens, from 0.)
struct Part {
  std::string split;
  std::int64_t begin = 0, end = 0;
  // Where documents start, from `begin` on, and the end: <split>/documents of the file.
  std::vector<std::int64_t> documents;
  std::int64_t size() const { return end - begin; }
};

// Lengths of the documents of each group of inputs (none is 0): inputs, validation, test.
using GroupDocuments = std::array<std::vector<std::int64_t>, 3>;

// For each of two ascending positions, the first place at or behind it where one of these
// characters or a document ends.
using FindEnds =
    std::function<std::array<std::int64_t, 2>(std::string_view, std::array<std::int64_t, 2>)>;

// The parts in order of position. InputError for shares that are no shares and for a split that
// would be empty. `find_ends` is asked when fewer than 20 documents have to be cut.
std::vector<Part> plan_splits(const PrepareOptions& options, const GroupDocuments& groups,
                              const FindEnds& find_ends);

}  // namespace rondo
