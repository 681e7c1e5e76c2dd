#include "apps/words/program_version.hpp"

namespace rondo::apps {

const char* program_version() { return RONDO_VERSION; }

}  // namespace rondo::apps
