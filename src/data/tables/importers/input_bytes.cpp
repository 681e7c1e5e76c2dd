#include "data/tables/importers/input_bytes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "data/file_marks.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

InputBytes::InputBytes(const std::filesystem::path& path)
    : name_(path == "-" ? "standard input" : path.string()), buffer_(buffer_bytes) {
  descriptor_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw_input("{} cannot be read: {}", name_, std::strerror(errno));
  // A pipe may hand over the mark's bytes one by one: they are looked at only if the first is
  // there.
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  while (peek() == 0xEF && filled_ < mark.size()) {
    const ssize_t count = ::read(descriptor_, buffer_.data() + filled_, mark.size() - filled_);
    if (count <= 0) break;
    filled_ += static_cast<std::size_t>(count);
  }
  if (ready().starts_with(mark)) take(mark.size());
  const std::string what = not_text(ready(), in_commands());
  if (!what.empty()) throw_input("{} {}", name_, what);
}

bool InputBytes::is_text(std::string_view text) {
  return utf8::valid_prefix(text) == text.size() && text.find('\0') == std::string_view::npos;
}

void InputBytes::fail_text(std::string_view text, const std::string& place,
                           const char* whole) const {
  const std::size_t valid = utf8::valid_prefix(text);
  const std::size_t nul = text.substr(0, valid).find('\0');
  if (nul != std::string_view::npos) {
    throw_input("{}: byte {} of the {} is NUL, which no text holds", place, nul + 1, whole);
  }
  throw_input("{}: byte {} of the {} is not valid UTF-8: {}", place, valid + 1, whole,
              advice_for_bytes(text, in_commands()));
}

InputBytes::~InputBytes() {
  if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

bool InputBytes::refill() {
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer_.data(), buffer_.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw_input("{} cannot be read: {}", name_, std::strerror(errno));
  at_ = 0;
  filled_ = static_cast<std::size_t>(count);
  return count > 0;
}

}  // namespace rondo
