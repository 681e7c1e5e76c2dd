// Plain sentences for a model whose steps were rows: each word of a line is a row.
#pragma once

#include <memory>
#include <string>

#include "data/tables/importers/record_reader.hpp"

namespace rondo {

// `lines`: a table of one column of text. Words stand between blanks, in the column `word`; the
// number of their line in the column `group`. A line without words is a row whose word is missing.
std::unique_ptr<RecordReader> words_as_rows(std::unique_ptr<RecordReader> lines,
                                            const std::string& word, const std::string& group);

}  // namespace rondo
