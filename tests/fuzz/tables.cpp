// Tables of text: each record has a cell a column, each cell is UTF-8, and a file ends.
#include <array>

#include "data/tables/importers/record_reader.hpp"
#include "data/text/utf8.hpp"
#include "memory_file.hpp"
#include "require.hpp"
#include "rondo/core/errors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  constexpr std::array formats{"csv", "tsv", "lines", "conllu", "conll"};
  if (size < 1) return 0;
  const unsigned choice = data[0];
  const MemoryFile file(data + 1, size - 1);
  TableInput input{.files = {file.path()}, .format = formats[choice % formats.size()]};
  input.header = choice < 128;
  if (input.format == "lines" && !input.header) input.targets = input.files;
  try {
    const auto reader = open_records(input);
    Record record;
    std::size_t records = 0;
    for (std::int64_t before = 0; reader->next(record); before = record.number) {
      require(++records <= size);
      require(record.number > before);
      require(record.cells.size() == reader->columns().size());
      for (const Cell& cell : record.cells) {
        require(utf8::valid_prefix(cell.text) == cell.text.size());
      }
    }
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
