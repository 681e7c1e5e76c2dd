#include "data/file_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "data/tables/importers/record_reader.hpp"
#include "rondo/core/shell_quote.hpp"

namespace rondo {
namespace {

using namespace std::string_view_literals;

struct Mark {
  std::string_view begins;
  const char* sentence;           // {0}: the file, {1}: the text to make of it, both quoted
  std::string_view ending = {};   // of the file's name, which the text's lacks
  std::string_view at_four = {};  // what stands at byte 4
};

// The longer mark before the shorter one that it begins with.
constexpr std::array marks{
    Mark{"\xFF\xFE\0\0"sv,
         "is text in UTF-32, not in UTF-8: convert it first, with: iconv -f UTF-32 -t UTF-8 {0} > "
         "{1}"},
    Mark{"\0\0\xFE\xFF"sv,
         "is text in UTF-32, not in UTF-8: convert it first, with: iconv -f UTF-32 -t UTF-8 {0} > "
         "{1}"},
    Mark{"\xFF\xFE"sv,
         "is text in UTF-16, not in UTF-8: convert it first, with: iconv -f UTF-16 -t UTF-8 {0} > "
         "{1}"},
    Mark{"\xFE\xFF"sv,
         "is text in UTF-16, not in UTF-8: convert it first, with: iconv -f UTF-16 -t UTF-8 {0} > "
         "{1}"},
    Mark{"\x1F\x8B"sv, "is compressed by gzip: unpack it first, with: gzip -dc {0} > {1}", ".gz"},
    Mark{"\xFD\x37zXZ\0"sv, "is compressed by xz: unpack it first, with: xz -dc {0} > {1}", ".xz"},
    Mark{"\x28\xB5\x2F\xFD"sv, "is compressed by zstd: unpack it first, with: zstd -dc {0} > {1}",
         ".zst"},
    Mark{"\x04\x22\x4D\x18"sv, "is compressed by lz4: unpack it first, with: lz4 -dc {0} > {1}",
         ".lz4"},
    // Three letters and a digit might be text; the digits of pi behind them are not.
    Mark{"BZh"sv, "is compressed by bzip2: unpack it first, with: bzip2 -dc {0} > {1}", ".bz2",
         "\x31\x41\x59\x26\x53\x59"sv},
    Mark{"PK\x03\x04"sv,
         "is a zip archive, or a document in one, as .xlsx, .docx and .epub are: unpack it first, "
         "with: unzip {0}; of a table in a spreadsheet save a CSV"},
    Mark{"7z\xBC\xAF\x27\x1C"sv, "is a 7z archive: unpack it first, with: 7z x {0}"},
    Mark{"%PDF-"sv, "is a PDF: take the text out of it first, with: pdftotext {0} {1}", ".pdf"},
    Mark{"{\\rtf"sv,
         "is a document in RTF: take the text out of it first, with: pandoc -f rtf -t plain {0} -o "
         "{1}",
         ".rtf"},
    Mark{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv,
         "is a document of an office program: take the text out of it first, with: soffice "
         "--convert-to txt:Text:UTF8 {0}"},
    Mark{"rondo dataset\n"sv, "is a data set, prepared already: rondo train --data {0} takes it"},
    Mark{"rondo checkpoint\n"sv,
         "is a checkpoint, not text: as --vocabulary-from it gives its vocabulary to another text"},
    Mark{"\x89HDF\r\n\x1A\n"sv, "is an HDF5 file: write its text to a file of its own first"},
    Mark{"SQLite format 3\0"sv,
         "is a database of SQLite: write its text to a file of its own "
         "first"},
    Mark{"PAR1\x15"sv, "is a Parquet table: write its text to a file of its own first"},
    Mark{"\x93NUMPY"sv, "is an array of NumPy: write its text to a file of its own first"},
    Mark{"\x89PNG\r\n\x1A\n"sv, "is a picture, not text"},
    Mark{"\xFF\xD8\xFF"sv, "is a picture, not text"},
    Mark{"GIF8"sv, "is a picture, not text", {}, "9a"sv},
    Mark{"GIF8"sv, "is a picture, not text", {}, "7a"sv},
    Mark{"\x7F\x45LF"sv, "is a program, not text"},
};

// "book.txt.gz" -> "book.txt", "book.gz" -> "book.txt", "book.txt" -> "book.utf8.txt", "table.csv"
// -> "table.utf8.csv": a table's format shows in its ending.
std::string text_name(const std::filesystem::path& path, std::string_view ending) {
  const std::string name = path.string();
  if (!ending.empty() && name.ends_with(ending) && name.size() > ending.size()) {
    const std::filesystem::path without = name.substr(0, name.size() - ending.size());
    return without.has_extension() ? without.string() : without.string() + ".txt";
  }
  std::filesystem::path text = path;
  const std::string own = path.extension().string();
  return text.replace_extension(".utf8" + (shows_format(own) ? own : ".txt")).string();
}

std::string fill_in(const std::string& sentence, const std::filesystem::path& path,
                    std::string_view ending = {}) {
  return fmt::format(fmt::runtime(sentence), shell_quoted(path.string()),
                     shell_quoted(text_name(path, ending)));
}

// Text in two or four bytes a character is full of NULs; stray ones are no reason to refuse a text.
std::string full_of_nuls(std::string_view bytes, const std::filesystem::path& path) {
  constexpr std::size_t few = 20;  // one in as many
  std::array<std::size_t, 4> nuls{};
  for (std::size_t at = 0; at < bytes.size(); ++at) nuls[at % 4] += bytes[at] == '\0' ? 1 : 0;
  const std::size_t all = nuls[0] + nuls[1] + nuls[2] + nuls[3];
  if (all * few < bytes.size() || all < 2) return {};
  const std::size_t quarter = bytes.size() / 4;
  const std::size_t even = nuls[0] + nuls[2], odd = nuls[1] + nuls[3];
  const char* coding = nullptr;
  if (nuls[3] >= quarter && 2 * nuls[2] > quarter && 2 * nuls[0] < quarter) {
    coding = "UTF-32LE";
  } else if (nuls[0] >= quarter && 2 * nuls[1] > quarter && 2 * nuls[3] < quarter) {
    coding = "UTF-32BE";
  } else if (odd > 10 * even) {
    coding = "UTF-16LE";
  } else if (even > 10 * odd) {
    coding = "UTF-16BE";
  }
  if (coding == nullptr) return "is full of NUL bytes, which text in UTF-8 is not";
  return fill_in(
      fmt::format("is full of NUL bytes, as text in {0} is: convert it first, with: iconv "
                  "-f {0} -t UTF-8 {{0}} > {{1}}",
                  coding),
      path);
}

}  // namespace

std::string not_text(std::string_view bytes, const std::filesystem::path& path) {
  for (const Mark& mark : marks) {
    if (!bytes.starts_with(mark.begins)) continue;
    if (!mark.at_four.empty() &&
        bytes.substr(std::min<std::size_t>(4, bytes.size())).substr(0, mark.at_four.size()) !=
            mark.at_four) {
      continue;
    }
    return fill_in(mark.sentence, path, mark.ending);
  }
  return full_of_nuls(bytes, path);
}

std::string advice_for_bytes(std::string_view bytes, const std::filesystem::path& path) {
  const auto controls = std::count_if(bytes.begin(), bytes.end(), [](char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value < 0x20 && (value < '\t' || value > '\r') && value != 0x1B;
  });
  if (static_cast<std::size_t>(controls) * 100 > bytes.size()) {
    return "the file does not look like text in any coding";
  }
  return fill_in(
      "convert the file first, where it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 {0} > {1}",
      path);
}

}  // namespace rondo
