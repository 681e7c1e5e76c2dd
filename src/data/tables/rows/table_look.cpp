#include "data/tables/rows/table_look.hpp"

#include <algorithm>
#include <optional>

#include "data/tables/columns/file_columns.hpp"
#include "data/tables/columns/table_kinds.hpp"
#include "data/tables/columns/text_columns.hpp"
#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Numbers a name that may be new.
std::int32_t number_of(std::string_view name,
                       std::map<std::string, std::int32_t, std::less<>>& all) {
  auto found = all.find(name);
  if (found == all.end()) {
    found = all.emplace(std::string(name), static_cast<std::int32_t>(all.size())).first;
  }
  return found->second;
}

class Look {
 public:
  Look(const TableOptions& options, const std::vector<TableRole>& roles)
      : options_(options), roles_(roles), kinds_(options, roles, guesses_) {
    for (const TableRole& role : roles) {
      guesses_.emplace_back(is_target(role) && !options.says_numbers() &&
                            !options.says_sequences());
    }
    changes_.resize(roles.size());
    firsts_.resize(roles.size());
  }

  void at(std::size_t group, TableRows& table) {
    const std::vector<TableColumn>& columns = table.reader().columns();
    std::vector<std::optional<std::size_t>> places;
    for (const TableRole& role : roles_) {
      const bool may_lack = options_.columns && role.role == ColumnRole::target;
      const bool is_there =
          std::ranges::find(columns, role.name, &TableColumn::name) != columns.end();
      places.emplace_back();
      if (is_there || !may_lack) {
        places.back() = find_column(columns, role.name, std::string("--") + name_of(role.role));
      }
    }
    const bool by_column =
        !options_.split_by.empty() && options_.split_by != "time" && !is_series();
    std::optional<std::size_t> unit, time;
    if (by_column) unit = find_column(columns, options_.split_by, "--split-by");
    if (!options_.time.empty()) time = find_column(columns, options_.time, "--time");
    need(table, places, unit, time);

    std::string storage;
    while (table.next()) {
      facts_.files.push_back(static_cast<std::uint8_t>(group));
      std::int32_t own_class = 0;
      for (std::size_t i = 0; i < roles_.size(); ++i) {
        if (!places[i]) continue;
        for (const Record& row : table.rows()) guesses_[i].look(row.cells[*places[i]]);
        if (firsts_[i].empty() && kinds_.may_be_files(i)) {
          const Record& row = table.rows()[0];
          firsts_[i] = path_in(row, row.cells[*places[i]], roles_[i].name);
        }
        if (kinds_.is_number(i)) {
          changes_[i] = changes_[i] || changes(table.rows(), *places[i]);
          continue;
        }
        // Sets of labels, steps' classes and whole sequences are too many for equal shares.
        if (i == first_target() && roles_[i].kind != ColumnKind::labels && !options_.says_steps() &&
            !options_.says_sequences()) {
          own_class = number_of(name_in(table.rows()[0].cells[*places[i]], storage), classes_);
        }
      }
      facts_.classes.push_back(own_class);
      if (unit) facts_.units.push_back(unit_of(table, *unit));
      if (time) facts_.times.emplace_back(name_in(table.rows()[0].cells[*time], storage));
    }
  }

  SequenceFacts facts() {
    facts_.unit_names.resize(units_.size());
    for (const auto& [name, number] : units_) {
      facts_.unit_names[static_cast<std::size_t>(number)] = name;
    }
    return std::move(facts_);
  }

  // The columns that `roles` become.
  void make_columns(TableLook& look) const {
    // 1 + places of the columns whose numbers are put side by side.
    std::size_t reals = 0, numbers = 0, known = 0;
    for (std::size_t i = 0; i < roles_.size(); ++i) {
      const TableRole& role = roles_[i];
      const ColumnKind kind = kinds_.kind_of(i);
      const bool is_number = kinds_.is_number(i);
      const FileKind* const files = kinds_.files_of(i);
      std::size_t* const joined = files != nullptr                  ? nullptr
                                  : is_number                       ? &numbers
                                  : kind != ColumnKind::real        ? nullptr
                                  : role.role == ColumnRole::known  ? &known
                                  : role.role == ColumnRole::source ? &reals
                                                                    : nullptr;
      if (joined != nullptr && *joined > 0) {
        Column& to = look.columns[*joined - 1];
        to.parts.push_back(role.name);
        to.width += static_cast<int>(guesses_[i].numbers_a_cell());
        continue;
      }
      Column column;
      column.name = role.name;
      column.role = role.role;
      column.kind = kind;
      column.masks_missing = options_.mask_missing;
      const bool by_steps = role.role == ColumnRole::source ||
                            (role.role == ColumnRole::target && options_.says_steps()) ||
                            (is_series() && role.role != ColumnRole::constant);
      if (!by_steps) column.scope = ColumnScope::sequence;
      if (role.letters) column.scope = ColumnScope::letters;
      if (is_target(role) && options_.says_sequences()) column.scope = ColumnScope::own;
      if (kind == ColumnKind::real) column.width = static_cast<int>(guesses_[i].numbers_a_cell());
      if (by_steps || is_series()) {
        column.group = options_.group;
        if (!options_.group.empty() || is_series()) column.time = options_.time;
      }
      column.is_series = is_series();
      if (files != nullptr) set_features(options_, *files, firsts_[i], column);
      if (joined != nullptr) {
        column.parts = {role.name};
        *joined = look.columns.size() + 1;
      }
      look.columns.push_back(std::move(column));
      look.guessed.push_back(!role.kind);
    }
    check_text_columns(options_, look.columns);
    check_feature_options(options_, look.columns);
    if (is_series()) {
      if (options_.steps) throw_input("--steps does not go with series, where a row is a step");
      for (const std::size_t place : {reals, known, numbers}) {
        if (place > 0) name_by_parts(look.columns[place - 1]);
      }
      return;
    }
    if (reals > 0) finish_reals(look.columns[reals - 1]);
    if (numbers > 0) finish_numbers(look.columns[numbers - 1]);
    if (reals == 0 && options_.steps)
      throw_input("--steps cuts numbers, and no source has numbers");
  }

 private:
  static bool is_target(const TableRole& role) { return role.role == ColumnRole::target; }
  bool is_series() const { return options_.is_series(); }
  static bool changes(std::span<const Record> rows, std::size_t place) {
    std::string one, other;
    return std::ranges::any_of(rows, [&](const Record& row) {
      return name_in(row.cells[place], one) != name_in(rows[0].cells[place], other);
    });
  }

  std::size_t first_target() const {
    const auto found = std::ranges::find(roles_, ColumnRole::target, &TableRole::role);
    return static_cast<std::size_t>(found - roles_.begin());
  }

  std::int32_t unit_of(const TableRows& table, std::size_t place) {
    std::string storage;
    const Record& first = table.rows()[0];
    const std::string name(name_in(first.cells[place], storage));
    for (const Record& row : table.rows()) {
      if (name_in(row.cells[place], storage) != name) {
        throw_input("{}: the value differs from {}'s, and a sequence is of one split",
                    row.place(options_.split_by), first.place());
      }
    }
    return number_of(name, units_);
  }

  static void need(TableRows& table, const std::vector<std::optional<std::size_t>>& places,
                   std::optional<std::size_t> unit, std::optional<std::size_t> time) {
    std::vector<bool> needed(table.reader().columns().size());
    for (const auto& place : places) {
      if (place) needed[*place] = true;
    }
    for (const auto& place : {unit, time}) {
      if (place) needed[*place] = true;
    }
    table.need(needed);
  }

  // Targets that change within a sequence, or whose cells hold several steps, have a value a step.
  void finish_numbers(Column& column) const {
    bool by_steps = false;
    for (std::size_t i = 0; i < roles_.size(); ++i) {
      if (is_target(roles_[i]) && changes_[i]) by_steps = true;
    }
    if (column.parts.size() == 1 && options_.group.empty()) {
      const KindGuess& own = guesses_[first_target()];
      if (own.numbers_a_cell() > own.width()) {
        by_steps = true;
        column.width = own.width();
      }
    }
    if (by_steps) column.scope = ColumnScope::steps;
    name_by_parts(column);
  }

  static void name_by_parts(Column& column) {
    if (column.parts.size() == 1) {
      column.parts.clear();
    } else {
      column.name = column.parts.front() + ".." + column.parts.back();
    }
  }

  // `column.width` is the number of numbers that a row has.
  void finish_reals(Column& column) const {
    const int numbers = column.width;
    const std::size_t first = static_cast<std::size_t>(
        std::ranges::find(roles_, column.parts[0], &TableRole::name) - roles_.begin());
    if (!options_.group.empty()) {
      if (options_.steps) throw_input("--steps does not go with --group, where a row is a step");
    } else if (options_.steps) {
      if (numbers % *options_.steps != 0) {
        throw_input("--steps {}: a row has {} numbers to read, which is no multiple of it",
                    *options_.steps, numbers);
      }
      column.width = static_cast<int>(numbers / *options_.steps);
    } else if (column.parts.size() == 1) {
      column.width = guesses_[first].width();
    }
    name_by_parts(column);
  }

  const TableOptions& options_;
  const std::vector<TableRole>& roles_;
  std::vector<KindGuess> guesses_;
  const TableKinds kinds_;
  std::vector<std::filesystem::path> firsts_;  // a column of paths: its first file
  std::vector<bool> changes_;                  // a target that is a number: within a sequence
  SequenceFacts facts_;
  std::map<std::string, std::int32_t, std::less<>> classes_, units_;
};

}  // namespace

TableLook look_at_tables(const TableOptions& options, const TableFiles& files,
                         const std::vector<TableRole>& roles, const Columns* known) {
  Look look(options, roles);
  files.for_each_table([&](std::size_t group, TableRows& table) { look.at(group, table); });
  TableLook all;
  if (known != nullptr) {
    all.columns = *known;
    all.guessed.assign(known->size(), false);
  } else {
    look.make_columns(all);
  }
  all.facts = look.facts();
  return all;
}

}  // namespace rondo
