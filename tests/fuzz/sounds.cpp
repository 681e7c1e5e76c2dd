// Sound files: what is accepted has samples, all of them numbers, not all of them 0.
#include <algorithm>
#include <cmath>

#include "data/features/sounds/sound.hpp"
#include "memory_file.hpp"
#include "require.hpp"
#include "rondo/core/errors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  try {
    const MemoryFile file(data, size);
    const Sound sound = read_sound(file.path());
    require(sound.rate >= 1 && !sound.samples.empty());
    require(std::ranges::all_of(sound.samples, [](double one) { return std::isfinite(one); }));
    require(std::ranges::any_of(sound.samples, [](double one) { return one != 0; }));
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
