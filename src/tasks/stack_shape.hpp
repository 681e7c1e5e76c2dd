// The stack of recurrent layers that a configuration means.
#pragma once

#include "rondo/core/config.hpp"
#include "rondo/model/language_model.hpp"

namespace rondo::tasks {

StackShape stack_shape(const Config& config);

}  // namespace rondo::tasks
