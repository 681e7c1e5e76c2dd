// Which configuration a run goes by.
#pragma once

#include <string>

#include "apps/options/options.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// The command line's, completed, or that of the checkpoint to resume with what may change.
// `saved_text` and `saved_numerics` are the checkpoint's, empty where the run begins. The rank that
// `leads` says on standard error what changes. InputError: a key that may not change, with both
// values, or another numerics version without --accept-numerics.
Config settle_config(const TrainOptions& options, const std::string& saved_text,
                     const std::string& saved_numerics, bool leads);

}  // namespace rondo::apps
