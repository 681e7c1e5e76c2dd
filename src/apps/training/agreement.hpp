// What ranks must have in common before they begin: program, configuration, data.
#pragma once

#include <string>

#include "rondo/comm/communicator.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// An InputError on all ranks, naming the first rank that differs, where `text` is not the same
// everywhere; `what` says what it is. Collective.
void check_same(Communicator& world, const std::string& text, const char* what);

// The version of rondo and of its numerics, as one text.
std::string program_text();

// A configuration without the keys that may differ between ranks: where a host keeps its copy of
// the data, how many threads and which vectors it has, how much memory.
std::string shared_config_text(Config config);

}  // namespace rondo::apps
