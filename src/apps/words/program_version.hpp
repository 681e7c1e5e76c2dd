// The version of this build of rondo: the only place that knows it.
#pragma once

namespace rondo::apps {

const char* program_version();

}  // namespace rondo::apps
