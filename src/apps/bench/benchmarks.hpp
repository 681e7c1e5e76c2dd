// The parts of `rondo bench`, one file each, and what their command lines have in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/options/options.hpp"
#include "rondo/comm/communicator.hpp"

namespace rondo::apps::bench {

struct Benchmark {
  const char* name;
  const char* summary;  // one line for --help
  int (*run)(const std::vector<std::string>& arguments);
};
// In the order of --help.
const std::vector<Benchmark>& benchmarks();

// Each takes the arguments behind its name, prints its table or JSON and returns the exit code.
int run_kernels(const std::vector<std::string>& arguments);
int run_step(const std::vector<std::string>& arguments);
int run_reduce(const std::vector<std::string>& arguments);
int run_checkpoint(const std::vector<std::string>& arguments);
int run_prepare(const std::vector<std::string>& arguments);

// run_reduce on the ranks of a world; rank 0 prints. Collective.
int reduce_in(Communicator& world, const std::vector<std::string>& arguments);

// A part's command line: its own options, then --runs, --vector and --json.
CommandLine part_line(const std::string& part, const std::string& summary,
                      const std::string& example, std::vector<Option> own);

// The common options' values; chooses the vector target and sets the float mode of this thread.
struct Common {
  int runs = 0;
  bool json = false;
};
Common take_common(const GivenOptions& given);

// The values of an option that takes several whole numbers from `low` to `high`, or `otherwise`.
std::vector<int> integers(const GivenOptions& given, const std::string& name,
                          std::vector<int> otherwise, int low, int high);
// The recurrent layers that a part measures: --cell, --layers, --hidden, --lanes, each with several
// values; all combinations, cells outermost.
struct Shape {
  std::string cell;
  int layers = 1, hidden = 0, lanes = 0;
};
struct ShapeLists {
  std::vector<std::string> cells;
  std::vector<int> layers, hidden, lanes;
};
std::vector<Shape> shapes(const GivenOptions& given, const ShapeLists& otherwise);
// Their options, with these defaults.
std::vector<Option> shape_options(const ShapeLists& defaults);

}  // namespace rondo::apps::bench
