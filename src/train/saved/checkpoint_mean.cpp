#include "rondo/train/checkpoint_mean.hpp"

#include <type_traits>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/saved_run.hpp"

namespace rondo {
namespace {

constexpr const char* plain_group = "parameters/";

// Calls body(the parameter's name, its array) for those that the model is evaluated by.
template <class Body>
void for_each_parameter(const NamedState& state, const Body& body) {
  const std::string group = evaluated_group(state);
  for (const auto& [name, array] : state.arrays()) {
    if (name.starts_with(group)) body(name.substr(group.size()), array);
  }
}

// Calls body(i, element i as Real) with the type that the array has.
template <class Body>
void with_elements(NamedArray& array, const Body& body) {
  const auto walk = [&]<class Real>(Real* values) {
    const std::size_t count = array.bytes.size() / sizeof(Real);
    for (std::size_t i = 0; i < count; ++i) body(i, values[i]);
  };
  if (array.type == ElementType::float64)
    return walk(reinterpret_cast<double*>(array.bytes.data()));
  walk(reinterpret_cast<float*>(array.bytes.data()));
}

bool is_real(ElementType type) {
  return type == ElementType::float32 || type == ElementType::float64;
}

}  // namespace

void CheckpointMean::add(const NamedState& state, const std::string& where) {
  std::size_t parameters = 0;
  for_each_parameter(state, [&](const std::string& name, const NamedArray& array) {
    if (!is_real(array.type)) throw_input("{}: '{}' holds no real numbers", where, name);
    ++parameters;
    if (count_ == 0) sums_[name] = {array.type, array.shape, std::vector<double>(array.elements())};
    const auto found = sums_.find(name);
    if (found == sums_.end() || found->second.shape != array.shape ||
        found->second.type != array.type) {
      throw_input("{} is of another model than {}, by its '{}': there is no mean of the two", where,
                  first_, name);
    }
    NamedArray copy = array;
    with_elements(copy, [&](std::size_t i, auto& value) {
      found->second.values[i] += static_cast<double>(value);
    });
  });
  if (count_ == 0) first_ = where;
  if (parameters != sums_.size()) {
    throw_input(
        "{} is of another model than {}, with fewer parameters: there is no mean of the two", where,
        first_);
  }
  ++count_;
}

void CheckpointMean::replace_parameters(NamedState& state) const {
  std::erase_if(state.arrays(), [](const auto& entry) {
    return entry.first.starts_with("average/") || entry.first.starts_with(plain_group);
  });
  for (const auto& [name, sum] : sums_) {
    NamedArray& array = state.add(plain_group + name, sum.type, sum.shape);
    // By a name of its own: clang 14 lets no lambda see `sum`.
    with_elements(array, [&, &sums = sum.values](std::size_t i, auto& value) {
      value = static_cast<std::remove_cvref_t<decltype(value)>>(sums[i] / count_);
    });
  }
}

ModelFile read_mean_model(const std::filesystem::path& run, std::int64_t count,
                          const std::function<void(const std::string&)>& warn) {
  if (std::filesystem::exists(run) && !std::filesystem::is_directory(run)) {
    throw_input("{} is one checkpoint: the mean of {} is that of a run's folder", run.string(),
                count);
  }
  ModelFile newest = read_model(run, false, warn);
  std::vector<CheckpointFile> files = list_checkpoints(run);
  while (!files.empty() && files.back().path != newest.path) files.pop_back();
  std::vector<std::filesystem::path> chosen;  // the newest first
  for (; !files.empty() && static_cast<std::int64_t>(chosen.size()) < count; files.pop_back()) {
    const std::string reason = check_checkpoint(files.back().path);
    if (reason.empty()) {
      chosen.push_back(files.back().path);
    } else {
      warn(fmt::format("{}: the mean is made without it", reason));
    }
  }
  if (static_cast<std::int64_t>(chosen.size()) < count) {
    throw_input(
        "the run folder '{}' has {} whole checkpoint{}, and the mean of {} is asked for: "
        "rondo train keeps so many with --keep {}",
        run.string(), chosen.size(), chosen.size() == 1 ? "" : "s", count, count);
  }
  CheckpointMean mean;
  for (auto path = chosen.rbegin(); path != chosen.rend(); ++path) {
    mean.add(*path == newest.path ? newest.state : read_checkpoint(*path), path->string());
  }
  mean.replace_parameters(newest.state);
  if (count > 1) newest.path += fmt::format(" (mean of {})", count);
  return newest;
}

}  // namespace rondo
