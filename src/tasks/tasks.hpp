// The tasks, one function a task; the table that finds them by name is in task.cpp.
#pragma once

#include "rondo/tasks/task.hpp"

namespace rondo::tasks {

const Task& text();
const Task& classify();
const Task& label();
const Task& regress();
const Task& forecast();
const Task& transduce();
const Task& caption();
const Task& transcribe();

}  // namespace rondo::tasks
