#include "apps/bench/made_up.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/prepare_text.hpp"

namespace rondo::apps::bench {
namespace {

namespace fs = std::filesystem;

// Appends the i-th different character: end of line, space, the printable ASCII, then the code
// points from U+0100 on, without surrogates.
void append_character(std::string& text, int i) {
  std::int32_t code = i == 0 ? '\n' : i < 96 ? ' ' + i - 1 : 0x100 + i - 96;
  if (code >= 0xD800) code += 0x800;
  utf8::append(text, code);
}

}  // namespace

ScratchFolder::ScratchFolder(const fs::path& parent) {
  std::error_code error;
  const fs::path where = parent.empty() ? fs::temp_directory_path(error) : parent;
  std::string name = (where / "rondo-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw_input("no folder can be made in {}: {}", where.string(), std::strerror(errno));
  }
  path_ = name;
  unfinished_.emplace_back(path_);
  for (const char* file : {"text.txt", "text.rondo", "checkpoint.h5"}) {
    unfinished_.emplace_back(path_ / file);
  }
  clean_up_when_stopped();
}

ScratchFolder::~ScratchFolder() {
  std::error_code error;  // what cannot be removed is no reason to fail
  fs::remove_all(path_, error);
}

std::uint64_t write_text(const fs::path& file, std::int64_t characters, int vocabulary) {
  // One stretch of text, written as often as it takes: drawing characters is slower than what is
  // measured.
  const std::int64_t stretch = std::min(characters, std::int64_t{1} << 20);
  const RandomStream random(1, Purpose::test);
  std::string all, text;
  for (int i = 0; i < vocabulary; ++i) append_character(all, i);
  for (std::int64_t i = 0; i < stretch; ++i) {
    const double u = random.uniform(static_cast<std::uint64_t>(i));
    append_character(text, static_cast<int>(u * u * vocabulary));
  }
  std::ofstream out(file, std::ios::binary);
  out << all;
  for (std::int64_t written = vocabulary; written < characters; written += stretch) out << text;
  const auto bytes = static_cast<std::uint64_t>(out.tellp());
  out.close();
  if (!out) throw_run("{} cannot be written: {}", file.string(), std::strerror(errno));
  return bytes;
}

Dataset make_dataset(const ScratchFolder& folder, std::int64_t characters, int vocabulary) {
  PrepareOptions options;
  options.inputs = {folder.path() / "text.txt"};
  options.output = folder.path() / "text.rondo";
  options.validation = options.test = 0;
  write_text(options.inputs.front(), characters, vocabulary);
  prepare_text(options);
  return Dataset(options.output);
}

}  // namespace rondo::apps::bench
