// The mean of a run's last checkpoints, a model that often answers better than any of them
// (Junczys-Dowmunt et al. 2016).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

// A sum of the parameters by which checkpoints of one model are evaluated
// (train/saved_run.hpp), in double, in the order in which they are added.
class CheckpointMean {
 public:
  // InputError, with `where` in front, where the parameters have other names, shapes or types than
  // those of the first.
  void add(const NamedState& state, const std::string& where);
  // Puts the mean, rounded once, in place of the parameters of `state`, one of those that were
  // added, and leaves no average of its own there.
  void replace_parameters(NamedState& state) const;

 private:
  struct Sum {
    ElementType type = ElementType::float32;
    std::vector<std::uint64_t> shape;
    std::vector<double> values;
  };
  std::map<std::string, Sum> sums_;  // by the parameters' names
  std::string first_;
  int count_ = 0;
};

// As read_model (train/saved_model.hpp), with the mean of the newest `count` whole checkpoints up
// to that one in the place of its parameters, the oldest added first. InputError for a file, and
// for a run that has fewer.
ModelFile read_mean_model(const std::filesystem::path& run, std::int64_t count,
                          const std::function<void(const std::string&)>& warn);

}  // namespace rondo
