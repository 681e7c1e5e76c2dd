// make_files FOLDER: pictures and sounds for the end-to-end tests, made up and always the same.
//   words.tsv   path, text, split: pictures of letters, columns of dots; every other one a JPEG
//   tones.tsv   path, tone, split: sounds that rise, fall or stay; every other one FLAC
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "picture_files.hpp"
#include "sound_files.hpp"

namespace {

namespace fs = std::filesystem;
using namespace rondo::test;

// The same numbers everywhere: C++ gives these bits, but not what its distributions make of them.
class Dice {
 public:
  unsigned below(unsigned limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<unsigned>(state_ >> 33U) % limit;
  }

 private:
  std::uint64_t state_ = 7;
};

const char* split_of(int number) {
  return number % 10 == 8 ? "validation" : number % 10 == 9 ? "test" : "train";
}

// A letter is three columns of five dots and a blank column; a dot is two pixels wide and high.
void make_words(const fs::path& folder, Dice& dice) {
  constexpr std::array<std::array<unsigned, 3>, 4> letters{
      {{0x1E, 0x05, 0x1E}, {0x1F, 0x15, 0x0A}, {0x0E, 0x11, 0x11}, {0x1F, 0x11, 0x0E}}};
  constexpr unsigned dots = 5, scale = 2;
  std::ofstream table(folder / "words.tsv");
  table << "path\ttext\tsplit\n";
  fs::create_directories(folder / "words");
  for (int number = 0; number < 300; ++number) {
    std::string text;
    std::vector<unsigned> columns{0};
    for (unsigned n = 1 + dice.below(4); n > 0; --n) {
      const unsigned letter = dice.below(letters.size());
      text += static_cast<char>('a' + letter);
      columns.insert(columns.end(), letters[letter].begin(), letters[letter].end());
      columns.push_back(0);
    }
    const auto width = static_cast<std::uint32_t>(columns.size()) * scale;
    std::vector<std::uint8_t> gray, colours;
    for (unsigned y = 0; y < dots * scale; ++y) {
      for (unsigned x = 0; x < width; ++x) {
        const bool ink = columns[x / scale] >> (y / scale) & 1U;
        gray.push_back(static_cast<std::uint8_t>((ink ? 20U : 210U) + dice.below(40)));
        for (unsigned channel = 0; channel < 3; ++channel) {
          colours.push_back(static_cast<std::uint8_t>(gray.back() - (channel == 1 ? 15 : 0)));
        }
      }
    }
    const bool is_lossy = number % 2 == 1;
    const std::string name = "words/" + std::to_string(number) + (is_lossy ? ".jpg" : ".png");
    std::ofstream(folder / name, std::ios::binary)
        << (is_lossy ? jpeg(dots * scale, static_cast<int>(width), colours, TJPF_RGB, TJSAMP_420)
                     : gray_png(dots * scale, width, gray));
    table << name << '\t' << text << '\t' << split_of(number) << '\n';
  }
}

void make_tones(const fs::path& folder, Dice& dice) {
  constexpr std::array tones{"rises", "falls", "stays"};
  constexpr int rate = 8000;
  constexpr double turn = 6.283185307179586;
  std::ofstream table(folder / "tones.tsv");
  table << "path\ttone\tsplit\n";
  fs::create_directories(folder / "tones");
  for (int number = 0; number < 180; ++number) {
    const unsigned tone = dice.below(tones.size());
    const unsigned length = 1600 + dice.below(1600);
    const double from = 400 + dice.below(800);
    const double to = tone == 0 ? from * 2 : tone == 1 ? from / 2 : from;
    double phase = 0;
    SoundFile sound{.rate = rate};
    for (unsigned i = 0; i < length; ++i) {
      phase += turn * (from + (to - from) * i / length) / rate;
      sound.samples.push_back(0.3 * std::sin(phase) + dice.below(100) * 1e-4);
    }
    const bool is_flac = number % 2 == 1;
    if (is_flac) sound.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    const std::string name = "tones/" + std::to_string(number) + (is_flac ? ".flac" : ".wav");
    write_sound(folder / name, sound);
    table << name << '\t' << tones[tone] << '\t' << split_of(number) << '\n';
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("make_files FOLDER\n", stderr);
    return 2;
  }
  Dice dice;
  make_words(arguments[1], dice);
  make_tones(arguments[1], dice);
  return 0;
}
