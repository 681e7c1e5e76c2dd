// The stack of recurrent layers that a configuration means.
#pragma once

#include "rondo/model/language_model.hpp"
#include "rondo/tasks/settings.hpp"

namespace rondo::tasks {

StackShape stack_shape(const TaskSettings& config);

}  // namespace rondo::tasks
