#include "data/features/pictures/picture.hpp"

#include <utility>

#include "data/features/file_content.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

void Picture::lay(std::int64_t stored_height, std::int64_t stored_width, int orientation) {
  height = stored_height;
  width = stored_width;
  first = 0;
  down = static_cast<std::ptrdiff_t>(stored_width);
  right = 1;
  // EXIF: 2 to 4 are mirrored and turned upside down; 5 to 8 are these with rows and columns
  // exchanged.
  const bool exchanged = orientation >= 5;
  const bool mirrored =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool upside_down =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  if (mirrored) {
    first += right * static_cast<std::ptrdiff_t>(stored_width - 1);
    right = -right;
  }
  if (upside_down) {
    first += down * static_cast<std::ptrdiff_t>(stored_height - 1);
    down = -down;
  }
  if (!exchanged) return;
  std::swap(height, width);
  std::swap(down, right);
}

void check_picture_size(const std::filesystem::path& file, std::int64_t height,
                        std::int64_t width) {
  if (height <= Picture::longest_side && width <= Picture::longest_side &&
      height * width <= Picture::most_pixels) {
    return;
  }
  throw_input(
      "{} has {} x {} pixels (height x width): a picture may have {} on a side and {} million in "
      "all: cut it or scale it down",
      file.string(), height, width, Picture::longest_side, Picture::most_pixels >> 20);
}

int exif_orientation(std::string_view block) {
  constexpr std::size_t entry_bytes = 12;
  constexpr unsigned tag_of_orientation = 0x0112, type_short = 3;
  const bool little = block.starts_with("II");
  if (!little && !block.starts_with("MM")) return 1;
  bool beyond = false;
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      const std::size_t place = at + (little ? bytes - 1 - i : i);
      if (place >= block.size()) {
        beyond = true;
        return std::size_t{0};
      }
      value = value << 8U | static_cast<unsigned char>(block[place]);
    }
    return value;
  };
  const std::size_t directory = number(4, 4);
  const std::size_t entries = number(directory, 2);
  for (std::size_t i = 0; i < entries && !beyond; ++i) {
    const std::size_t at = directory + 2 + i * entry_bytes;
    if (number(at, 2) != tag_of_orientation || number(at + 2, 2) != type_short) continue;
    const std::size_t orientation = number(at + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

Picture read_picture(const std::filesystem::path& file) {
  const std::string bytes = file_content(file, "picture");
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return decode_png(file, bytes);
  if (bytes.starts_with("\xFF\xD8\xFF")) return decode_jpeg(file, bytes);
  throw_input("{} is neither a PNG nor a JPEG: convert it", file.string());
}

}  // namespace rondo
