#include "data/tables/importers/input_bytes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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
