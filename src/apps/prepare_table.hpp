// `rondo prepare` of tables: its options, and what it prints.
#pragma once

#include <string>
#include <vector>

#include "apps/options.hpp"

namespace rondo::apps {

// Those that a text has not.
const std::vector<Option>& table_options();

int run_prepare_table(const std::string& task, const GivenOptions& given);

}  // namespace rondo::apps
