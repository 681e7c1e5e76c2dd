// Small pictures, written by the libraries that read them.
#pragma once

#include <spng.h>
#include <turbojpeg.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace rondo::test {

struct PngFile {
  std::uint32_t height = 1, width = 1;
  std::uint8_t colours = SPNG_COLOR_TYPE_GRAYSCALE, bits = 8;
  std::vector<std::uint8_t> values = {};  // row by row; of 16 bits big end first
  std::vector<spng_plte_entry> palette = {};
  std::vector<std::uint8_t> opacity = {};  // of the palette
  std::string exif = {};
  bool interlaced = false;
};

// Bytes of 16 bits in the order of this machine, as libspng's encoder takes them.
inline std::vector<std::uint8_t> bytes_of_16(const std::vector<std::uint16_t>& values) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint16_t value : values) {
    bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
  }
  return bytes;
}

inline std::string png(const PngFile& file) {
  spng_ctx* const context = spng_ctx_new(SPNG_CTX_ENCODER);
  const auto check = [](int error) {
    if (error != 0) throw std::runtime_error(spng_strerror(error));
  };
  spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{file.width,
                   file.height,
                   file.bits,
                   file.colours,
                   0,
                   0,
                   static_cast<std::uint8_t>(file.interlaced ? 1 : 0)};
  check(spng_set_ihdr(context, &header));
  if (!file.palette.empty()) {
    spng_plte palette{static_cast<std::uint32_t>(file.palette.size()), {}};
    std::copy(file.palette.begin(), file.palette.end(), palette.entries);
    check(spng_set_plte(context, &palette));
  }
  if (!file.opacity.empty()) {
    spng_trns opacity{};
    opacity.n_type3_entries = static_cast<std::uint32_t>(file.opacity.size());
    std::copy(file.opacity.begin(), file.opacity.end(), opacity.type3_alpha);
    check(spng_set_trns(context, &opacity));
  }
  std::string block = file.exif;
  spng_exif exif{block.size(), block.data()};
  if (!block.empty()) check(spng_set_exif(context, &exif));
  check(spng_encode_image(context, file.values.data(), file.values.size(), SPNG_FMT_PNG,
                          SPNG_ENCODE_FINALIZE));
  std::size_t length = 0;
  int error = 0;
  auto* const bytes = static_cast<char*>(spng_get_png_buffer(context, &length, &error));
  check(error);
  std::string written(bytes, length);
  std::free(bytes);
  spng_ctx_free(context);
  return written;
}

inline std::string gray_png(std::uint32_t height, std::uint32_t width,
                            std::vector<std::uint8_t> values) {
  return png({.height = height, .width = width, .values = std::move(values)});
}

// Of three values a pixel, or four for CMYK.
inline std::string jpeg(int height, int width, const std::vector<std::uint8_t>& values,
                        int pixels = TJPF_RGB, int subsampling = TJSAMP_444) {
  const tjhandle encoder = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long length = 0;
  if (tjCompress2(encoder, values.data(), width, 0, height, pixels, &bytes, &length, subsampling,
                  95, TJFLAG_ACCURATEDCT) != 0) {
    throw std::runtime_error(tjGetErrorStr2(encoder));
  }
  std::string written(reinterpret_cast<char*>(bytes), length);
  tjFree(bytes);
  tjDestroy(encoder);
  return written;
}

// An EXIF block that tells an orientation, big end first or little end first.
inline std::string exif(char orientation, bool little = false) {
  if (little) {
    return std::string("II\x2A\0\x08\0\0\0\1\0\x12\x01\3\0\1\0\0\0", 18) + orientation +
           std::string(7, '\0');
  }
  return std::string("MM\0\x2A\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0", 19) + orientation +
         std::string(6, '\0');
}

// A JPEG with the block behind its start.
inline std::string with_exif(const std::string& jpeg, const std::string& block) {
  const std::string content = std::string("Exif\0\0", 6) + block;
  const std::size_t length = content.size() + 2;
  return jpeg.substr(0, 2) + "\xFF\xE1" + static_cast<char>(length >> 8U) +
         static_cast<char>(length & 0xFFU) + content + jpeg.substr(2);
}

}  // namespace rondo::test
