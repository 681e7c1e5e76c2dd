#include "apps/training/settled_run.hpp"

#include "apps/options/settle_config.hpp"
#include "apps/training/held_folder.hpp"
#include "apps/training/opened_data.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps {

SavedTexts saved_texts(const NamedState& checkpoint, const std::string& run) {
  const auto text = [&](const char* name) {
    const auto found = checkpoint.texts.find(name);
    if (found == checkpoint.texts.end()) {
      throw_input("the checkpoint in {} has no entry '{}'", run, name);
    }
    return found->second;
  };
  return {text("configuration"), text("numerics"), text("data_fingerprint")};
}

Config settled_config(const TrainOptions& options, const SavedTexts& saved, int ranks,
                      bool speaks) {
  Config config = settle_config(options, saved.configuration, saved.numerics, speaks);
  check_rank_count(config, ranks);
  if (config.data.empty()) {
    throw_input("rondo train needs --data FILE, as rondo prepare writes it");
  }
  return config;
}

bool data_choose_state(const TrainOptions& options, const SavedTexts& saved) {
  return saved.begins() && !options.given.contains("state");
}

void check_same_data(const Config& config, const Dataset& data, const SavedTexts& saved) {
  if (saved.begins() || saved.fingerprint == data.file().fingerprint()) return;
  throw_input(
      "{} is not the data set that the run in {} was started with (fingerprint {}, not "
      "{})",
      config.data, config.run, data.file().fingerprint().substr(0, 12),
      saved.fingerprint.substr(0, 12));
}

void settle_by_data(Config& config, const TrainOptions& options, const SavedTexts& saved,
                    const Dataset& data) {
  for (const std::string& key : data.task().foreign_keys()) {
    if (options.given.contains(key)) {
      throw_input("--{} is of no use to the task '{}': leave it out", key, data.task().name());
    }
  }
  if (saved.begins() && !options.given.contains("window")) {
    config.window = data.task().usual_window(data);
  }
}

void check_run(const TrainOptions& options, int ranks) {
  SavedTexts saved;
  const std::string& run = options.config.run;
  if (!options.config.dry_run) {
    check_not_begun(options.config);
    const auto newest = newest_good_checkpoint(run, [](const std::string&) {});
    if (newest) saved = saved_texts(read_checkpoint(*newest), run);
  }
  Config config = settled_config(options, saved, ranks, false);
  const auto data = read_data(config, data_choose_state(options, saved));
  check_same_data(config, *data, saved);
  settle_by_data(config, options, saved, *data);
}

}  // namespace rondo::apps
