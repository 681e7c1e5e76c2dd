#include "data/tables/importers/text_lines.hpp"

#include <string_view>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::size_t longest_line = std::size_t{1} << 26;  // bytes

}  // namespace

bool TextLines::next() {
  while (file_ == nullptr || file_->peek() < 0) {
    if (file_ != nullptr && number_ == 0) throw_input("{} is empty", file_->name());
    if (opened_ == files_.size()) return false;
    file_ = std::make_unique<InputBytes>(files_[opened_++]);
    number_ = 0;
  }
  read();
  return true;
}

void TextLines::read() {
  text_.clear();
  ++number_;
  for (bool whole = false; !whole && file_->peek() >= 0;) {
    const std::string_view ready = file_->ready();
    const std::size_t end = ready.find('\n');
    whole = end != std::string_view::npos;
    text_ += ready.substr(0, end);
    file_->take(whole ? end + 1 : ready.size());
    if (text_.size() > longest_line) {
      throw_input("{}, line {} is longer than {} bytes", file(), number_, longest_line);
    }
  }
  if (text_.ends_with('\r')) text_.pop_back();
  if (!InputBytes::is_text(text_)) {
    file_->fail_text(text_, fmt::format("{}, line {}", file(), number_), "line");
  }
}

}  // namespace rondo
