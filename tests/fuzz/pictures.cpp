// Pictures: what is accepted has all its pixels, whichever way its metadata turns it. What begins
// as a block of that metadata does is read as one, so that no checksum is in the way.
#include <string_view>

#include "data/features/pictures/picture.hpp"
#include "memory_file.hpp"
#include "require.hpp"
#include "rondo/core/errors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("II") || bytes.starts_with("MM")) {
    const int orientation = exif_orientation(bytes);
    require(orientation >= 1 && orientation <= 8);
    return 0;
  }
  try {
    const MemoryFile file(data, size);
    const Picture picture = read_picture(file.path());
    require(picture.height >= 1 && picture.width >= 1);
    require(picture.pixels.size() == static_cast<std::size_t>(picture.height * picture.width));
    for (const std::int64_t row : {std::int64_t{0}, picture.height - 1}) {
      for (const std::int64_t column : {std::int64_t{0}, picture.width - 1}) {
        const Pixel* pixel = &picture.at(row, column);
        require(pixel >= picture.pixels.data() &&
                pixel < picture.pixels.data() + picture.pixels.size());
      }
    }
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
