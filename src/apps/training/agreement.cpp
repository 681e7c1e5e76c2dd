#include "apps/training/agreement.hpp"

#include "apps/words/program_version.hpp"
#include "rondo/core/version.hpp"

namespace rondo::apps {

void check_same(Communicator& world, const std::string& text, const char* what) {
  std::vector<int> culprits;
  if (same_everywhere(world, std::as_bytes(std::span(text)), &culprits)) return;
  throw_agreed(ExitCode::bad_input,
               fmt::format("rank {} was started with another {} than rank 0; all ranks must agree",
                           culprits.front(), what));
}

std::string program_text() {
  return fmt::format("rondo {}, numerics {}", program_version(), numerics_version);
}

std::string shared_config_text(Config config) {
  config.data.clear();
  config.threads = 0;
  config.memory = 0;
  config.vector = "auto";
  return config_to_text(config);
}

}  // namespace rondo::apps
