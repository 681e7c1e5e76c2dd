// A table that is answered round by round.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/predicting/said_text.hpp"
#include "data/tables/rows/table_stream.hpp"
#include "rondo/comm/communicator.hpp"

namespace rondo::apps {

// Some sequences of a table, which follow one another there.
struct Batch {
  std::unique_ptr<MemorySequences> sequences;
  std::vector<SeriesRead> series = {};  // of series: what the table says of each
  std::vector<std::vector<std::string>> symbols =
      {};                  // of each, where a column of texts is asked for
  std::int64_t first = 0;  // the number of the first one in the table
};

// What is said of them: two texts, of lines, the second often empty.
using Answer = std::function<SaidText(Batch)>;

// Every rank reads the whole table and answers its share of each round: `together` sequences of
// every `together` x ranks. A sequence's answer hangs on nothing but itself, so that the answers of
// all, which rank 0 writes in the table's order, are those of a single rank.
// `texts`: the column whose symbols are told, -1: none. Collective.
void answer_table(Communicator& world, TableStream& table, const Columns& columns, int texts,
                  std::int64_t together, const Answer& answer,
                  const std::function<void(const SaidText&)>& write);

}  // namespace rondo::apps
