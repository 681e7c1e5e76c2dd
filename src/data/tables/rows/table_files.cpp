#include "data/tables/rows/table_files.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "data/tables/columns/table_roles.hpp"
#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Series by their names, numbered as they come; without a group all are one.
class SeriesNumbers {
 public:
  explicit SeriesNumbers(std::string group) : group_(std::move(group)) {}

  std::int64_t of(const Record& record, const std::vector<TableColumn>& columns) {
    if (group_.empty()) return 0;
    std::string storage;
    const std::size_t place = find_column(columns, group_, "--group");
    const auto number = static_cast<std::int64_t>(numbers_.size());
    return numbers_.try_emplace(std::string(name_in(record.cells[place], storage)), number)
        .first->second;
  }

 private:
  std::string group_;
  std::map<std::string, std::int64_t> numbers_;
};

}  // namespace

TableFiles::TableFiles(const TableOptions& options)
    : inputs_{TableInput{options.inputs, options.target_inputs},
              TableInput{options.validation_inputs, options.validation_target_inputs},
              TableInput{options.test_inputs, options.test_target_inputs}},
      may_be_empty_(options.says == TableTargets::spellings) {
  bool any = false;
  for (TableInput& input : inputs_) {
    input.format = options.format;
    input.header = options.header;
    input.columns = options.column_names;
    any = any || !input.files.empty();
    for (const auto& file : input.files) {
      if (file == "-") throw_input("--input: a table is read several times: name a file, not -");
    }
    if (input.files.empty() && !input.targets.empty()) {
      throw_input("targets are given for which there is no input: {}", input.targets[0].string());
    }
  }
  if (!any) throw_input("no input is named: give --input FILE");
  listed_ = list(inputs_, &left_out_);
}

std::vector<TextFile> TableFiles::list(const std::array<TableInput, groups>& inputs,
                                       std::vector<std::filesystem::path>* left_out) {
  std::vector<TextFile> files;
  for (const TableInput& input : inputs) {
    for (const auto* paths : {&input.files, &input.targets}) {
      for (TextFile& file : list_text_files(*paths, left_out)) files.push_back(std::move(file));
    }
  }
  return files;
}

void TableFiles::check_unchanged() const {
  const std::vector<TextFile> now = list(inputs_);
  bool same = now.size() == listed_.size();
  for (std::size_t i = 0; same && i < now.size(); ++i) {
    same = now[i].path == listed_[i].path && now[i].size == listed_[i].size &&
           now[i].modified == listed_[i].modified;
  }
  if (!same)
    throw_input("{} or a file beside it changed while it was read", listed_[0].path.string());
}

void TableFiles::set_order(const RowOrder& order) {
  order_ = order;
  if (order.group.empty()) return;
  for (const TableInput& input : inputs_) {
    if (!gather_ && !input.files.empty())
      gather_ = groups_stand_apart(*open_records(input), order.group);
  }
}

std::unique_ptr<RecordReader> TableFiles::open_first() const {
  for (const TableInput& input : inputs_) {
    if (!input.files.empty()) return open_records(input);
  }
  throw_run("there is no input");
}

bool TableFiles::first_line_names_columns() const {
  const TableInput& first =
      *std::ranges::find_if(inputs_, [](const TableInput& input) { return !input.files.empty(); });
  return first.header && may_have_header(first);
}

void TableFiles::for_each_table(const std::function<void(std::size_t, TableRows&)>& use) const {
  for (std::size_t group = 0; group < groups; ++group) {
    if (!has(group)) continue;
    RowOrder order = order_;
    if (order.group.empty() && !order.is_series) order.time.clear();
    TableRows rows(open_records(inputs_[group]), order, gather_);
    use(group, rows);
  }
}

void TableFiles::for_each_sequence(
    const Columns& columns, bool may_lack,
    const std::function<void(std::size_t, const SequenceValues&)>& use) const {
  std::size_t number = 0;
  SeriesNumbers numbers(order_.group);
  for_each_table([&](std::size_t group, TableRows& table) {
    const TableValues reader(columns, table.reader().columns(), may_lack, may_be_empty_);
    std::vector<bool> needed = reader.needed();
    if (cuts_) cuts_->add_needed(table.reader().columns(), needed);
    table.need(needed);
    SequenceValues values, part;
    while (table.next()) {
      reader.read(table.rows(), values);
      if (!cuts_) {
        use(number++, values);
        continue;
      }
      part.series = numbers.of(values.rows[0], table.reader().columns());
      for (const SeriesPart& rows : cuts_->parts(group, values, table.reader().columns())) {
        take_part(columns, values, rows, part);
        use(number++, part);
      }
    }
  });
}

}  // namespace rondo
