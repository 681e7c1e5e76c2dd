#include "rondo/data/read_table.hpp"

#include <utility>

#include "data/importers/record_reader.hpp"
#include "data/table_rows.hpp"
#include "data/table_survey.hpp"
#include "data/table_values.hpp"

namespace rondo {
namespace {

void add(const Columns& columns, const SequenceValues& values, MemorySequences& to) {
  to.add(values.length);
  std::vector<std::int32_t> symbols;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const SequenceValues::OfColumn& own = values.columns[i];
    if (columns[i].is_real()) {
      to.put(static_cast<int>(i), own.numbers);
      continue;
    }
    symbols.clear();
    for (const std::string_view symbol : own.symbols) {
      symbols.push_back(symbol_number(columns[i], symbol));
    }
    if (!own.is_given) symbols.push_back(-1);
    to.put(static_cast<int>(i), symbols);
  }
}

}  // namespace

void read_table(const TableOptions& options, const Columns& columns, std::int64_t batch,
                const std::function<void(std::unique_ptr<SequenceSource>)>& use) {
  TableInput input{options.inputs};
  input.format = options.format;
  input.header = options.header;
  input.columns = options.column_names;
  std::string group, time;
  for (const Column& column : columns) {
    if (!column.group.empty()) group = column.group;
    if (!column.time.empty()) time = column.time;
  }
  const bool only_once = input.files.size() == 1 && input.files.front() == "-";
  const bool gather =
      !group.empty() && !only_once && groups_stand_apart(*open_records(input), group);
  TableRows rows(open_records(input), group, time, gather);
  const TableValues values(columns, rows.reader().columns(), true);
  rows.need(values.needed());
  auto sequences = std::make_unique<MemorySequences>(columns);
  while (rows.next()) {
    SequenceValues read;
    values.read(rows.rows(), read);
    add(columns, read, *sequences);
    if (sequences->sequences() < batch) continue;
    use(std::exchange(sequences, std::make_unique<MemorySequences>(columns)));
  }
  if (sequences->sequences() > 0) use(std::move(sequences));
}

}  // namespace rondo
