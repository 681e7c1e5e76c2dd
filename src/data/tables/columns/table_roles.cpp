#include "data/tables/columns/table_roles.hpp"

#include <algorithm>
#include <array>

#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

std::vector<std::string> names_of(const std::vector<TableColumn>& columns) {
  std::vector<std::string> names;
  for (const TableColumn& column : columns) {
    if (!column.name.empty()) names.push_back(column.name);
  }
  return names;
}

constexpr std::array all_kinds{ColumnKind::character, ColumnKind::word,     ColumnKind::subword,
                               ColumnKind::real,      ColumnKind::category, ColumnKind::labels};

std::optional<ColumnKind> kind_named(const std::string& name) {
  const auto* const found = std::ranges::find(
      all_kinds, name, [](ColumnKind kind) { return std::string_view(name_of(kind)); });
  return found == all_kinds.end() ? std::optional<ColumnKind>() : *found;
}

// "char, ... or audio".
std::string kind_names() {
  std::vector<std::string> names;
  for (const ColumnKind kind : all_kinds) names.emplace_back(name_of(kind));
  for (const FileKind& kind : file_kinds()) names.emplace_back(kind.name);
  return list_names(names);
}

class Chooser {
 public:
  Chooser(const TableOptions& options, const RecordReader& reader)
      : options_(options), reader_(reader), columns_(reader.columns()) {}

  std::vector<TableRole> choose() {
    if (options_.says_sequences()) check_rows_are_pairs();
    taken_ = {{options_.group, "--group"}, {options_.time, "--time"}};
    if (options_.split_by != "time") taken_.push_back({options_.split_by, "--split-by"});
    std::vector<TableRole> others;
    for (const std::string& wanted : options_.constants) {
      add(wanted, ColumnRole::constant, "--static", others);
    }
    for (const std::string& wanted : options_.known) {
      add(wanted, ColumnRole::known, "--known", others);
    }
    for (const std::string& wanted : options_.targets) {
      add(wanted, ColumnRole::target, "--target", others);
    }
    if (options_.targets.empty()) add_usual_target(others);
    std::vector<TableRole> roles;
    for (const std::string& wanted : options_.sources) {
      add(wanted, ColumnRole::source, "--source", roles);
    }
    const bool is_series = options_.says == TableTargets::series;  // which read their targets
    if (options_.sources.empty() && !is_series) add_usual_sources(roles);
    if (roles.empty() && !is_series)
      throw_input("no column is left for the network to read: give --source NAME");
    if (!options_.letters.empty()) add_letters(roles);
    roles.insert(roles.end(), others.begin(), others.end());
    return roles;
  }

 private:
  // "name", "name:kind", or "begin*" for all columns whose names begin so.
  void add(const std::string& wanted, ColumnRole role, const std::string& option,
           std::vector<TableRole>& roles) {
    std::string name = wanted;
    std::optional<ColumnKind> kind;
    const FileKind* files = nullptr;
    const std::size_t colon = wanted.rfind(':');
    const bool whole = std::ranges::find(columns_, wanted, &TableColumn::name) != columns_.end();
    if (!whole && colon != std::string::npos) {
      name = wanted.substr(0, colon);
      const std::string named = wanted.substr(colon + 1);
      files = find_file_kind(named);
      kind = files != nullptr ? ColumnKind::real : kind_named(named);
      if (!kind) {
        throw_input("{} {}: the kinds of a column are {}, not {}", option, wanted, kind_names(),
                    rondo::quoted(named));
      }
    }
    if (whole || !name.ends_with('*'))
      return add(find_column(columns_, name, option), role, kind, files, option, roles);
    const std::size_t before = roles.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& each = columns_[i].name;
      if (each.starts_with(name.substr(0, name.size() - 1)) && is_free(each)) {
        add(i, role, kind, files, option, roles);
      }
    }
    if (roles.size() == before) throw_input("{} {}: no column's name begins so", option, wanted);
  }

  void add(std::size_t column, ColumnRole role, std::optional<ColumnKind> kind,
           const FileKind* files, const std::string& option, std::vector<TableRole>& roles) {
    const std::string& name = columns_[column].name;
    if (const auto use = std::ranges::find(taken_, name, &Use::column); use != taken_.end()) {
      throw_input("the column '{}' has one use: {} or {}", name, use->option, option);
    }
    taken_.push_back({name, option});
    if (files != nullptr && columns_[column].numeric) {
      throw_input("{} {}: the column holds numbers, not paths of files", option, name);
    }
    if (files != nullptr && role != ColumnRole::source && role != ColumnRole::constant) {
      throw_input("{} {}: the kind {} is for --source and --static", option, name, files->name);
    }
    roles.push_back({name, role, kind, columns_[column].numeric, false, files});
  }

  void check_rows_are_pairs() const {
    if (!options_.letters.empty()) {
      throw_input("--letters does not go with --task {}{}", options_.task,
                  options_.says_captions() ? "" : ": a source of the kind char has letters");
    }
    if (options_.group.empty() || options_.says_captions() || options_.says_spellings()) return;
    throw_input(
        "--group {}: of --task {} a row is a sequence and what is said of it, not a step; "
        "--split-by {} keeps rows of one value in one split",
        options_.group, options_.task, options_.group);
  }

  // Of a column that may have another use, too.
  void add_letters(std::vector<TableRole>& roles) const {
    const TableColumn& column = columns_[find_column(columns_, options_.letters, "--letters")];
    if (column.numeric) {
      throw_input("--letters {}: '{}' holds numbers, which have no letters", column.name,
                  column.name);
    }
    if (options_.group.empty()) {
      const auto is_of_characters = [](const TableRole& role) {
        return role.kind == ColumnKind::character;
      };
      if (std::ranges::any_of(roles, is_of_characters)) {
        throw_input("--letters {}: a source is read character by character already", column.name);
      }
    }
    roles.push_back({.name = column.name,
                     .role = ColumnRole::source,
                     .kind = ColumnKind::character,
                     .letters = true});
  }

  bool is_free(const std::string& name) const {
    return !name.empty() && std::ranges::find(taken_, name, &Use::column) == taken_.end();
  }

  void add_usual_target(std::vector<TableRole>& roles) {
    if (reader_.usual_target().empty() && columns_.size() == 1) {
      throw_input(
          "--task {} needs a target, and the table has the column '{}' alone: it may have another, "
          "and plain lines take their targets from the lines of --target-input FILE",
          options_.task, columns_[0].name);
    }
    if (reader_.usual_target().empty()) {
      throw_input("--task {} needs --target NAME: the columns are {}", options_.task,
                  fmt::join(names_of(columns_), ", "));
    }
    add(reader_.usual_target(), ColumnRole::target, "--target", roles);
  }

  void add_usual_sources(std::vector<TableRole>& roles) {
    std::vector<std::string> usual = reader_.usual_sources();
    if (usual.empty()) usual = names_of(columns_);
    for (const std::string& name : usual) {
      if (is_free(name)) add(name, ColumnRole::source, "--source", roles);
    }
  }

  const TableOptions& options_;
  const RecordReader& reader_;
  const std::vector<TableColumn>& columns_;
  struct Use {
    std::string column, option;
  };
  std::vector<Use> taken_;
};

}  // namespace

std::size_t find_column(const std::vector<TableColumn>& columns, const std::string& name,
                        const std::string& what) {
  const auto found = std::ranges::find(columns, name, &TableColumn::name);
  if (found != columns.end() && !name.empty()) {
    return static_cast<std::size_t>(found - columns.begin());
  }
  const std::vector<std::string> names = names_of(columns);
  const std::string nearest = nearest_name(name, names);
  if (!nearest.empty()) {
    throw_input("{}: there is no column {}; did you mean {}?", what, rondo::quoted(name), nearest);
  }
  throw_input("{}: there is no column {}; the columns are {}", what, rondo::quoted(name),
              fmt::join(names, ", "));
}

std::vector<TableRole> choose_roles(const TableOptions& options, const RecordReader& reader) {
  return Chooser(options, reader).choose();
}

}  // namespace rondo
