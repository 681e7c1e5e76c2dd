#include "apps/training/before_training.hpp"

#include <sys/statvfs.h>

#include <algorithm>

#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {
namespace {

std::uint64_t checkpoint_size(const Config& config, const Dataset& data) {
  const NetworkPlan model = data.model(config);
  return config.precision == "double" ? checkpoint_bytes<double>(config, model)
                                      : checkpoint_bytes<float>(config, model);
}

// Why a file of so many bytes cannot be written in a folder; empty if nothing is known to hinder
// it.
std::string lack_of_room(const std::filesystem::path& folder, std::uint64_t bytes) {
  // The name of a checkpoint that never was, which goes as other left-over ones if it has to.
  TemporaryFile file(checkpoint_path(folder, 0));
  try {
    if (file.reserve(bytes)) return {};
  } catch (const RunError& error) {
    return error.what();
  }
  struct statvfs space {};
  if (statvfs(folder.c_str(), &space) != 0) return {};
  const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  if (free >= bytes) return {};
  return fmt::format("the disk of '{}' has {:.1f} MB free", folder.string(),
                     static_cast<double>(free) * 1e-6);
}

}  // namespace

void check_splits(const Dataset& data, const Config& config) {
  data.task().check_split(data, "train");
  if (config.validate_every == 0) return;
  if (!data.has_split("validation")) {
    throw_input("{} has no validation split; prepare one, or leave out --validate-every",
                config.data);
  }
  data.task().check_split(data, "validation");
}

void check_room(const Config& config, const Dataset& data, bool resumes) {
  const std::uint64_t bytes = checkpoint_size(config, data);
  const std::string lack = lack_of_room(config.run, bytes);
  if (lack.empty()) return;
  const std::string sentence =
      fmt::format("a checkpoint of this run has {:.1f} MB, for which there is no room: {}",
                  static_cast<double>(bytes) * 1e-6, lack);
  if (!resumes) throw_input("{}; make room, or name a --run on another disk", sentence);
  say(sentence + "; training goes on all the same, from the checkpoint that is there");
}

void say_of_threads(Communicator& world, std::int64_t threads_of_rank) {
  const HostShare here = share_of_host(world);
  const auto threads = static_cast<int>(threads_of_rank) * here.ranks;
  const double granted = granted_processors();
  const double processors = granted > 0 ? std::min<double>(here.cores, granted) : here.cores;
  if (world.rank() != 0 || threads <= processors) return;
  const int each = static_cast<int>(processors) / here.ranks;
  const std::string where =
      granted > 0 && granted < here.cores
          ? fmt::format("the {:.1f} processors that its control group grants", granted)
          : fmt::format("the {} core{} that they may use", here.cores, here.cores == 1 ? "" : "s");
  say(
      fmt::format("{} thread{} of {} rank{} on this host are more than {}: they wait for one "
                  "another; {}",
                  threads, threads == 1 ? "" : "s", here.ranks, here.ranks == 1 ? "" : "s", where,
                  threads_of_rank > 1 ? fmt::format("--threads {} is faster", std::max(each, 1))
                                      : "fewer ranks are faster"));
}

void say_notices(Communicator& world, const Config& config, const Dataset& data) {
  if (world.rank() == 0) {
    for (const std::string& notice : data.task().notices(config, data)) say(notice);
  }
  say_of_threads(world, config.threads);
}

}  // namespace rondo::apps
