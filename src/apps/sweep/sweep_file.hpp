// The file of --sweep: which runs there are to be, as the product of the values that keys take.
//
// A line is "name = value value ...", written as in a file for --config: a key of `rondo train` and
// its values with blanks between them, of which there may be one alone. "ranks = N" says how many
// ranks train a member (1 unless told). The member's other keys are those of the command line and
// of
// --config, over which the file wins; a key in it and on the command line is a contradiction.
#pragma once

#include <string>
#include <vector>

#include "apps/options/options.hpp"

namespace rondo::apps {

struct SweepMember {
  std::string name;      // of its folder: "hidden=64,seed=1", the keys that have several values
  TrainOptions options;  // those of `rondo train` alone, with --run and this folder in it
};

struct Sweep {
  std::vector<SweepMember> members;  // the last key of the file changes first
  int ranks = 1;                     // of a member
};

// The file that --sweep names, beside the other options of `rondo train`. InputError: a line or a
// value that cannot be, a key that is the sweep's as a whole, a value twice, no key with several
// values, more than 10,000 members.
Sweep read_sweep(const GivenOptions& given);

}  // namespace rondo::apps
