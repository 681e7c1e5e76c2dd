#include "data/features/sounds/sound.hpp"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "data/features/file_content.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_samples = std::int64_t{1} << 25;

constexpr std::array containers{SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_FLAC};
// Each sample by itself: what it decodes to is a table, or nothing to decode.
constexpr std::array encodings{SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16,
                               SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
                               SF_FORMAT_DOUBLE, SF_FORMAT_ULAW,   SF_FORMAT_ALAW};

// Reads a file's bytes in memory, as libsndfile asks for them.
struct Bytes {
  const std::string& all;
  sf_count_t at = 0;

  static sf_count_t length(void* self) {
    return static_cast<sf_count_t>(static_cast<Bytes*>(self)->all.size());
  }
  static sf_count_t seek(sf_count_t offset, int whence, void* self) {
    auto& bytes = *static_cast<Bytes*>(self);
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? bytes.at : length(self);
    return bytes.at = std::clamp(from + offset, sf_count_t{0}, length(self));
  }
  static sf_count_t read(void* to, sf_count_t count, void* self) {
    auto& bytes = *static_cast<Bytes*>(self);
    count = std::min(count, length(self) - bytes.at);
    std::copy_n(bytes.all.data() + bytes.at, count, static_cast<char*>(to));
    bytes.at += count;
    return count;
  }
  static sf_count_t tell(void* self) { return static_cast<Bytes*>(self)->at; }
};

// "sox x.wav -r 8000 x.8000.wav", for the user to run.
std::string sox(const std::filesystem::path& file, const std::string& options) {
  std::filesystem::path to = file;
  to.replace_extension(".new.wav");
  return fmt::format("sox {} {} {}", shell_quoted(file.string()), options,
                     shell_quoted(to.string()));
}

// libsndfile reads as much of a wave file as there is, and says nothing of the rest.
void check_whole(const std::filesystem::path& file, const std::string& bytes) {
  constexpr std::size_t header = 12, chunk_header = 8;
  constexpr std::uint32_t unknown = 0xFFFFFF00;  // above, or 0: written to a pipe, or 64 bits
  if (!bytes.starts_with("RIFF")) return;
  const auto length_at = [&](std::size_t at) {
    std::uint32_t length = 0;
    for (std::size_t i = 4; i-- > 0;) {
      length = length << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return length;
  };
  for (std::size_t at = header; at + chunk_header <= bytes.size();) {
    const std::size_t length = length_at(at + 4);
    const std::size_t rest = bytes.size() - at - chunk_header;
    const bool is_sound = bytes.compare(at, 4, "data") == 0;
    if (is_sound && length < unknown && length > rest) {
      throw_input("{} is cut off: it tells of {} bytes of sound and has {}", file.string(), length,
                  rest);
    }
    if (is_sound || length > rest) return;
    at += chunk_header + length + length % 2;
  }
}

void check_format(const std::filesystem::path& file, const SF_INFO& info) {
  const auto is_among = [](int format, const auto& known) {
    return std::ranges::find(known, format) != known.end();
  };
  if (!is_among(info.format & SF_FORMAT_TYPEMASK, containers) ||
      !is_among(info.format & SF_FORMAT_SUBMASK, encodings)) {
    throw_input("{} is neither a plain wave file nor FLAC: convert it, with: {}", file.string(),
                sox(file, "-b 16 -e signed-integer"));
  }
  if (info.channels != 1) {
    throw_input("{} has {} channels, and one is read: mix them, with: {}", file.string(),
                info.channels, sox(file, "-c 1"));
  }
  if (info.frames > most_samples) {
    throw_input("{} has {} samples, and {} may be in a file: cut it into shorter ones",
                file.string(), info.frames, most_samples);
  }
}

}  // namespace

Sound read_sound(const std::filesystem::path& file) {
  const std::string content = file_content(file, "sound file");
  check_whole(file, content);
  SF_VIRTUAL_IO io{Bytes::length, Bytes::seek, Bytes::read, nullptr, Bytes::tell};
  Bytes bytes{content};
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> sound(
      sf_open_virtual(&io, SFM_READ, &info, &bytes), sf_close);
  if (!sound) {
    throw_input("{} is no sound file that can be read, wave or FLAC: {}", file.string(),
                sf_strerror(nullptr));
  }
  check_format(file, info);
  Sound read{info.samplerate, std::vector<double>(static_cast<std::size_t>(info.frames))};
  const sf_count_t count = sf_readf_double(sound.get(), read.samples.data(), info.frames);
  if (count != info.frames) {
    throw_input("{} is damaged or cut off: {} of its {} samples can be read", file.string(), count,
                info.frames);
  }
  if (read.samples.empty()) throw_input("{} holds no sound: it has no samples", file.string());
  if (!std::ranges::all_of(read.samples, [](double value) { return std::abs(value) < 1e6; })) {
    throw_input("{} is damaged: it has samples that are no numbers, or are too large",
                file.string());
  }
  if (std::ranges::all_of(read.samples, [](double value) { return value == 0; })) {
    throw_input("{} is silent: all its samples are 0: leave it out", file.string());
  }
  return read;
}

}  // namespace rondo
