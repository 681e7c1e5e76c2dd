// What columns of texts can be together.
#pragma once

#include "rondo/data/prepare_table.hpp"

namespace rondo {

// InputError for subwords beside other steps, and for a vocabulary that cannot be shared.
void check_text_columns(const TableOptions& options, const Columns& columns);

}  // namespace rondo
