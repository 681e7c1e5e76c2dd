// The bytes of a file or of standard input, as they come.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

class InputBytes {
 public:
  static constexpr std::size_t buffer_bytes = std::size_t{1} << 18;

  // "-": standard input. InputError for what cannot be read, and for what is no text in UTF-8 by
  // the marks that it begins with. Skips a byte order mark.
  explicit InputBytes(const std::filesystem::path& path);
  ~InputBytes();
  InputBytes(const InputBytes&) = delete;
  InputBytes& operator=(const InputBytes&) = delete;

  // The next byte, which stays; -1: there is none.
  int peek() { return at_ < filled_ || refill() ? static_cast<unsigned char>(buffer_[at_]) : -1; }
  int get() {
    const int byte = peek();
    if (byte >= 0) ++at_;
    return byte;
  }
  // What is in memory, and may be taken at once; empty at the end.
  std::string_view ready() {
    if (at_ == filled_) refill();
    return {buffer_.data() + at_, filled_ - at_};
  }
  void take(std::size_t bytes) { at_ += bytes; }
  const std::string& name() const { return name_; }
  // Whether it is UTF-8 without NUL.
  static bool is_text(std::string_view text);
  // InputError about the first byte of `text` that is none. It stands at `place`; `whole` is what
  // it is there: "line", "cell".
  [[noreturn]] void fail_text(std::string_view text, const std::string& place,
                              const char* whole) const;

 private:
  bool refill();
  std::filesystem::path in_commands() const { return descriptor_ == STDIN_FILENO ? "FILE" : name_; }

  std::string name_;
  int descriptor_ = -1;
  std::vector<char> buffer_;
  std::size_t at_ = 0, filled_ = 0;
};

}  // namespace rondo
