// PNG by libspng, which reports errors by its return values and has limits of its own.
#include <spng.h>

#include <memory>

#include "data/features/pictures/picture.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::size_t most_chunk_bytes = std::size_t{1} << 24;  // of texts, profiles, EXIF

void check(int error, const std::filesystem::path& file) {
  if (error != 0) throw_input("{}: the PNG is damaged: {}", file.string(), spng_strerror(error));
}

}  // namespace

Picture decode_png(const std::filesystem::path& file, std::string_view bytes) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(0), spng_ctx_free);
  if (!context) throw_run("there is no memory to decode {}", file.string());
  spng_ctx* const png = context.get();
  check(spng_set_chunk_limits(png, most_chunk_bytes, most_chunk_bytes), file);
  check(spng_set_png_buffer(png, bytes.data(), bytes.size()), file);
  spng_ihdr header{};
  check(spng_get_ihdr(png, &header), file);
  check_picture_size(file, header.height, header.width);
  Picture picture;
  picture.pixels.resize(std::size_t{header.height} * header.width);
  // 16 bits of all that there is; without SPNG_DECODE_GAMMA values stay as they are.
  check(spng_decode_image(png, picture.pixels.data(), picture.pixels.size() * sizeof(Pixel),
                          SPNG_FMT_RGBA16, SPNG_DECODE_TRNS),
        file);
  // What stands behind the pixels, and the end, which a file that is cut off lacks.
  check(spng_decode_chunks(png), file);
  spng_exif exif{};
  const bool has_exif = spng_get_exif(png, &exif) == 0;
  picture.lay(header.height, header.width,
              has_exif ? exif_orientation({exif.data, exif.length}) : 1);
  return picture;
}

}  // namespace rondo
