// All tables that a data set is made of: those of the options --input, --validation-input and
// --test-input, one after another.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/series/series_cuts.hpp"
#include "data/tables/rows/table_rows.hpp"
#include "data/tables/values/table_values.hpp"
#include "data/text/text_files.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

class TableFiles {
 public:
  static constexpr std::size_t groups = 3;  // train (or what it is drawn from), validation, test

  // InputError for a file that is missing, and for no input at all.
  explicit TableFiles(const TableOptions& options);

  // Looks whether rows of one group stand together.
  void set_order(const RowOrder& order);
  // Of series: how each is cut. What for_each_sequence() gives are the parts.
  void set_cuts(const SeriesCuts& cuts) { cuts_ = cuts; }

  // Opens the first table that there is.
  std::unique_ptr<RecordReader> open_first() const;
  // Whether that table's first line names its columns.
  bool first_line_names_columns() const;
  // Calls use(group of files, table) for each group that there is.
  void for_each_table(const std::function<void(std::size_t, TableRows&)>& use) const;
  // Calls use(number, values) for each sequence of all groups.
  void for_each_sequence(const Columns& columns, bool may_lack,
                         const std::function<void(std::size_t, const SequenceValues&)>& use) const;

  bool has(std::size_t group) const { return !inputs_[group].files.empty(); }
  bool gathered() const { return gather_; }
  const std::vector<TextFile>& listed() const { return listed_; }
  // What of the folders is not read: text_files.hpp.
  const std::vector<std::filesystem::path>& left_out() const { return left_out_; }
  // InputError if a file is not what it was when this was made.
  void check_unchanged() const;

 private:
  static std::vector<TextFile> list(const std::array<TableInput, groups>& inputs,
                                    std::vector<std::filesystem::path>* left_out = nullptr);

  std::array<TableInput, groups> inputs_;
  std::vector<TextFile> listed_;
  std::vector<std::filesystem::path> left_out_;
  RowOrder order_;
  std::optional<SeriesCuts> cuts_;
  bool gather_ = false;
  bool may_be_empty_;  // targets: where steps spell them, nothing is said
};

}  // namespace rondo
