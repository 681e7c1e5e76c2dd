// A file of named arrays: what is accepted is written and read again to the same state.
#include "io/safetensors.hpp"

#include "memory_file.hpp"
#include "require.hpp"
#include "rondo/core/errors.hpp"

namespace {

bool are_same(const rondo::NamedArray& one, const rondo::NamedArray& other) {
  return one.type == other.type && one.shape == other.shape && one.bytes == other.bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  try {
    const MemoryFile file(data, size);
    is_safetensors(file.path());
    const NamedState state = read_safetensors(file.path());
    const std::string bytes = safetensors_bytes(state);
    const MemoryFile copy(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    const NamedState again = read_safetensors(copy.path());
    require(again.texts == state.texts && again.arrays().size() == state.arrays().size());
    for (const auto& [name, array] : state.arrays()) {
      require(again.has(name) && are_same(array, again.get(name)));
    }
    require(safetensors_bytes(again) == bytes);
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
