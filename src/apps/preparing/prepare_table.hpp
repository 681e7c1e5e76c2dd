// `rondo prepare` of tables: its options, and what it prints.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/options/options.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo::apps {

// Those that a text has not.
const std::vector<Option>& table_options();

// The paths of an option; the names in its lists "a,b,c".
std::vector<std::filesystem::path> paths_of(const GivenOptions& given, const std::string& name);
std::vector<std::string> names_in(const std::vector<std::string>& lists);

int run_prepare_table(const std::string& task, const Task::TableTargets& targets,
                      const GivenOptions& given);

}  // namespace rondo::apps
