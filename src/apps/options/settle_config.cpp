#include "apps/options/settle_config.hpp"

#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/version.hpp"

namespace rondo::apps {
namespace {

void say_idle_keys(const Config& config, const TrainOptions& options, bool resumed) {
  say_if_any(idle_keys(config, options.given, resumed));
}

}  // namespace

Config settle_config(const TrainOptions& options, const std::string& saved_text,
                     const std::string& saved_numerics, bool leads) {
  Config config = options.config;
  if (saved_text.empty()) {
    complete(config);
    if (leads) {
      for (const std::string& notice : notices(config)) say(notice);
      say_idle_keys(config, options, false);
    }
    return config;
  }
  const Config saved = config_from_text(saved_text, "the checkpoint");
  Config resumed = resume_config(saved, config, options.given);
  const std::string numerics = std::to_string(numerics_version);
  if (saved_numerics != numerics) {
    if (!config.accept_numerics) {
      throw_input(
          "the run was computed with numerics version {} and this program has version {}: "
          "its bits would change; add --accept-numerics to go on all the same",
          saved_numerics, numerics);
    }
    if (leads) {
      say(fmt::format("numerics version {} goes on with version {}: the bits change from here",
                      saved_numerics, numerics));
    }
  }
  if (leads) {
    say_idle_keys(resumed, options, true);
    for (const ConfigDifference& change : compare_configs(saved, resumed, options.given)) {
      if (change.kind == KeyKind::notice) {
        say(fmt::format("{} changes from {} to {}", change.key, change.saved, change.wanted));
      }
    }
  }
  return resumed;
}

}  // namespace rondo::apps
