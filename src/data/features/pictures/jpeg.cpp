// JPEG by libjpeg-turbo's TurboJPEG interface, which reports errors by its return values.
//
// A lossy decoder's pixels depend on its inverse cosine transform. The slow integer one ("ISLOW",
// here TJFLAG_ACCURATEDCT), the smooth upsampling of colours and the conversion of colours are
// integer arithmetic that libjpeg-turbo's vector code repeats bit by bit. It is asked for by name:
// the fast one is less exact, the one in floating point differs from machine to machine, and what
// the library takes where nothing is said may change. tests/e2e/pictures.sh compares its vector
// code with its plain one.
#include <turbojpeg.h>

#include <memory>

#include "data/features/pictures/picture.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr unsigned char marker = 0xFF, start_of_scan = 0xDA, exif_segment = 0xE1;
constexpr std::string_view exif_name("Exif\0\0", 6);

// The first EXIF block before the pixels; empty: there is none.
std::string_view exif_in(std::string_view bytes) {
  const auto at = [&](std::size_t place) { return static_cast<unsigned char>(bytes[place]); };
  std::size_t place = 2;  // behind the start of the picture
  while (place + 4 <= bytes.size() && at(place) == marker && at(place + 1) != start_of_scan) {
    const std::size_t length = std::size_t{at(place + 2)} << 8U | at(place + 3);
    const std::string_view segment = bytes.substr(place + 4).substr(0, length < 2 ? 0 : length - 2);
    if (at(place + 1) == exif_segment && segment.starts_with(exif_name)) {
      return segment.substr(exif_name.size());
    }
    place += 2 + length;
  }
  return {};
}

}  // namespace

Picture decode_jpeg(const std::filesystem::path& file, std::string_view bytes) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  if (!decoder) throw_run("there is no memory to decode {}", file.string());
  const auto check = [&](int error) {
    if (error == 0) return;
    throw_input("{}: the JPEG is damaged: {}", file.string(), tjGetErrorStr2(decoder.get()));
  };
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0, height = 0, subsampling = 0, colours = 0;
  check(tjDecompressHeader3(decoder.get(), data, bytes.size(), &width, &height, &subsampling,
                            &colours));
  check_picture_size(file, height, width);
  if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
    throw_input("{} has the colours of print (CMYK): convert it to RGB", file.string());
  }
  constexpr std::size_t channels = 3;
  std::vector<unsigned char> decoded(static_cast<std::size_t>(height) *
                                     static_cast<std::size_t>(width) * channels);
  check(tjDecompress2(decoder.get(), data, bytes.size(), decoded.data(), width, 0, height, TJPF_RGB,
                      TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS));
  Picture picture;
  picture.pixels.resize(decoded.size() / channels);
  const auto of_8_bits = [](unsigned char value) {
    return static_cast<std::uint16_t>(value * 257U);
  };
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const unsigned char* const from = decoded.data() + i * channels;
    picture.pixels[i] = {of_8_bits(from[0]), of_8_bits(from[1]), of_8_bits(from[2]), 65535};
  }
  picture.lay(height, width, exif_orientation(exif_in(bytes)));
  return picture;
}

}  // namespace rondo
