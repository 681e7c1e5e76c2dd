// What `rondo prepare` found in a table, for people.
#pragma once

#include <string>

#include "rondo/data/prepare_table.hpp"

namespace rondo::apps {

std::string to_text(const TableSummary& summary, const std::string& output);

}  // namespace rondo::apps
