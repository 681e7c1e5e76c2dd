// A picture as its file has it, decoded by libspng or libjpeg-turbo.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace rondo {

// Red, green, blue and opacity, each from 0 to 65535.
using Pixel = std::array<std::uint16_t, 4>;

// Turned as its metadata tells: by steps between pixels, so that none is moved.
struct Picture {
  static constexpr std::int64_t longest_side = 8192;
  static constexpr std::int64_t most_pixels = std::int64_t{1} << 24;

  std::vector<Pixel> pixels;
  std::int64_t height = 0, width = 0;
  std::ptrdiff_t first = 0, down = 0, right = 0;  // pixel (0, 0), and steps to the next

  const Pixel& at(std::int64_t row, std::int64_t column) const {
    return pixels[static_cast<std::size_t>(first + row * down + column * right)];
  }
  // Of `pixels` stored row by row. `orientation` as EXIF numbers them: 1, as it is stored, to 8.
  void lay(std::int64_t stored_height, std::int64_t stored_width, int orientation);
};

// A PNG or JPEG, which its first bytes tell. Values are those of the file: no gamma, no profile of
// colours; of 8 bits times 257; gray is red, green and blue alike. The orientation that its EXIF
// block tells is honoured. InputError names the file: neither PNG nor JPEG, damaged or cut off,
// CMYK, larger than the limits above.
Picture read_picture(const std::filesystem::path& file);

// Of decoders. InputError for sides beyond the limits.
void check_picture_size(const std::filesystem::path& file, std::int64_t height, std::int64_t width);
// The orientation of an EXIF block (TIFF, without "Exif\0\0" in front); 1 where it tells none.
int exif_orientation(std::string_view block);

Picture decode_png(const std::filesystem::path& file, std::string_view bytes);
Picture decode_jpeg(const std::filesystem::path& file, std::string_view bytes);

}  // namespace rondo
