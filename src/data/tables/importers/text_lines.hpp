// The lines of several files of text, one after another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/tables/importers/input_bytes.hpp"

namespace rondo {

class TextLines {
 public:
  explicit TextLines(const std::vector<std::filesystem::path>& files) : files_(files) {}

  // Reads the next line, and no byte behind it; false at the end. InputError for a file that is
  // empty, and, with file and line, for what is no text in UTF-8 or longer than 64 MB.
  bool next();
  // Without its end.
  const std::string& text() const { return text_; }
  const std::string& file() const { return file_->name(); }
  // In its file, from 1 on.
  std::int64_t number() const { return number_; }

 private:
  void read();

  std::vector<std::filesystem::path> files_;
  std::size_t opened_ = 0;
  std::unique_ptr<InputBytes> file_;
  std::string text_;
  std::int64_t number_ = 0;
};

}  // namespace rondo
