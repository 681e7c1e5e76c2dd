// A configuration's text, as it stands in checkpoints: it is refused with a sentence, or what comes
// of it is printed and read again to the same text, and completed or refused.
#include "rondo/train/config.hpp"

#include <cstdint>
#include <string>

#include "require.hpp"
#include "rondo/core/errors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  try {
    Config config =
        config_from_text(std::string(reinterpret_cast<const char*>(data), size), "the file");
    const std::string text = config_to_text(config);
    require(config_to_text(config_from_text(text, "its copy")) == text);
    complete(config);
    require(config.lanes % config.block == 0 && config.eval_lanes % config.block == 0);
    const std::string completed = config_to_text(config);
    complete(config);
    require(config_to_text(config) == completed);
    notices(config);
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
