// The columns of a data set: what a network's inputs and targets stand for.
//
// A trained model keeps its columns, and needs nothing else of the data that it was trained on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rondo/data/vocabulary.hpp"

namespace rondo {

struct Column {
  std::string name;
  std::shared_ptr<const Vocabulary> vocabulary;  // of tokens
};

using Columns = std::vector<Column>;

}  // namespace rondo
