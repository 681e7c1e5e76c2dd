#include "apps/pictures/picture_file.hpp"

#include <algorithm>
#include <span>

#include "io/file_system.hpp"

namespace rondo::apps {

std::string picture_mark(const std::string& command) {
  return "<!-- drawn by rondo " + command + ", which may draw it anew -->\n";
}

bool is_picture_of(const std::filesystem::path& path, const std::string& command) {
  constexpr std::uint64_t beginning = 1024;
  const InputFile file(path);
  std::string text(std::min(file.size(), beginning), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  return text.starts_with("<svg ") && text.find(picture_mark(command)) != std::string::npos;
}

void write_picture(const std::filesystem::path& path, const std::string& text,
                   const OwnKind& kind) {
  write_output(path, text, "--svg", kind);
}

}  // namespace rondo::apps
