#include "rondo/tasks/task.hpp"

#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>

#include "rondo/core/errors.hpp"
#include "tasks/tasks.hpp"

namespace rondo {
namespace {

// The table: one line a task.
const std::array table{&tasks::text(),    &tasks::classify(),  &tasks::label(),
                       &tasks::regress(), &tasks::forecast(),  &tasks::transduce(),
                       &tasks::caption(), &tasks::transcribe()};

// In a data set the task stands in its description, in a checkpoint by itself. Files that do not
// say are of the time when texts were all that there was.
std::string name_in(const NamedState& state) {
  if (const auto own = state.texts.find("task"); own != state.texts.end()) return own->second;
  const auto description = state.texts.find("description");
  if (description == state.texts.end()) return "text";
  const auto told = nlohmann::json::parse(description->second, nullptr, false);
  const bool named = told.is_object() && told.contains("task") && told["task"].is_string();
  return named ? told["task"].get<std::string>() : "text";
}

}  // namespace

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const Task* task : table) names.emplace_back(task->name());
  return names;
}

const Task& find_task(const std::string& name) {
  for (const Task* task : table) {
    if (task->name() == name) return *task;
  }
  throw_input("there is no task '{}'; the tasks are {}", name, fmt::join(task_names(), ", "));
}

const Task& task_of(const NamedState& state, const std::string& where) {
  constexpr std::size_t longest_name = 40;  // of a task; what a hostile file says may be longer
  try {
    return find_task(name_in(state).substr(0, longest_name));
  } catch (const InputError& error) {
    throw_input("{}: {}", where, error.what());
  }
}

}  // namespace rondo
