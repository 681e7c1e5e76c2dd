#include "data/features/file_features.hpp"

#include <algorithm>
#include <cctype>

#include "data/features/pictures/picture_features.hpp"
#include "data/features/sounds/sound_features.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

// `ending` is in lower case.
bool ends_so(std::string_view path, std::string_view ending) {
  if (path.size() <= ending.size()) return false;
  return std::equal(
      ending.begin(), ending.end(), path.end() - static_cast<long>(ending.size()),
      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

}  // namespace

const std::vector<FileKind>& file_kinds() {
  static const std::vector<FileKind> kinds = {
      {"image",
       "picture",
       {".png", ".jpg", ".jpeg"},
       "; --picture-steps whole makes it one",
       picture_keys(),
       picture_defaults(),
       make_picture_features},
      {"audio",
       "sound file",
       {".wav", ".flac"},
       "",
       sound_keys(),
       sound_defaults(),
       make_sound_features},
  };
  return kinds;
}

const FileKind* find_file_kind(std::string_view name) {
  const auto found = std::ranges::find(file_kinds(), name, &FileKind::name);
  return found == file_kinds().end() ? nullptr : &*found;
}

const FileKind* file_kind_of(std::string_view path) {
  for (const FileKind& kind : file_kinds()) {
    for (const char* ending : kind.endings) {
      if (ends_so(path, ending)) return &kind;
    }
  }
  return nullptr;
}

std::shared_ptr<const FileFeatures> load_features(const std::string& kind,
                                                  const FeatureTexts& settings) {
  const FileKind* found = find_file_kind(kind);
  if (found == nullptr)
    throw_input("a column is read from files of the kind {}", rondo::quoted(kind));
  return found->make(settings, {});
}

}  // namespace rondo
