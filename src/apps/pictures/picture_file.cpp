#include "apps/pictures/picture_file.hpp"

#include <algorithm>
#include <span>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

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
  try {
    TemporaryFile file(path);
    file.write(0, std::as_bytes(std::span(text)));
    file.flush();
    file.close();
    check_output(path, "--svg", kind);
    file.rename();
  } catch (const RunError& error) {  // a place that the user named
    throw InputError(error.what());
  }
}

}  // namespace rondo::apps
