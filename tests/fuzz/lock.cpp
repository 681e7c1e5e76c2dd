// The text of a run folder's lock: torn or foreign text is no holder, and a holder's text is read
// back as it was written.
#include <cstdint>
#include <string>

#include "io/lock_holder.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto holder = rondo::parse_lock(std::string(reinterpret_cast<const char*>(data), size));
  if (!holder) return 0;
  const std::string text = rondo::format_lock(*holder, 7);
  const auto again = rondo::parse_lock(text);
  rondo::require(again && rondo::format_lock(*again, 7) == text);
  rondo::is_succeeded_by(*holder, *again);
  return 0;
}
