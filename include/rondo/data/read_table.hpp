// A table of the user's own, read for a trained model: its sequences in their order, as many at a
// time as are wanted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "rondo/data/prepare_table.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

// Calls use(sequences) for each `batch` of them, the last of which may be smaller, as soon as they
// are complete. Of `options` the inputs and how they are read count; "-" is standard input. Targets
// may be absent. InputError with file, line and column for what the columns cannot be.
void read_table(const TableOptions& options, const Columns& columns, std::int64_t batch,
                const std::function<void(std::unique_ptr<SequenceSource>)>& use);

}  // namespace rondo
