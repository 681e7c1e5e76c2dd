#include "rondo/data/columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/features/file_features.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array roles{"source", "target", "static", "known"};
constexpr std::array kinds{"char", "word", "real", "class", "labels", "subword"};
constexpr std::array scopes{"steps", "sequence", "letters", "own"};
constexpr const char* vocabulary_group = "vocabulary/";

std::string group_of(std::size_t number) { return fmt::format("columns/{}/", number); }

// The value of an enumeration whose names stand in `names`.
template <class Value, std::size_t count>
Value named(const Json& column, const char* key, const std::array<const char*, count>& names) {
  const std::string name = column.value(key, std::string());
  for (std::size_t i = 0; i < count; ++i) {
    if (name == names[i]) return static_cast<Value>(i);
  }
  throw_input("a column's {} is \"{}\"", key, name);
}

std::vector<double> numbers(const NamedState& state, const std::string& name, int width) {
  const std::array shape{static_cast<std::uint64_t>(width)};
  const auto values = state.get<double>(name, shape);
  for (const double value : values) {
    if (!std::isfinite(value)) throw_input("'{}' holds {}", name, value);
  }
  return {values.begin(), values.end()};
}

std::shared_ptr<const Vocabulary> load_symbols(ColumnKind kind, const NamedState& state,
                                               const std::string& group) {
  NamedState own;
  const auto take = [&](const char* name) {
    own.arrays()[std::string(vocabulary_group) + name] = state.get(group + name);
  };
  if (kind == ColumnKind::subword) {
    take("subword_model");
    return std::make_shared<SubwordVocabulary>(SubwordVocabulary::load(own));
  }
  take("names");
  take("ends");
  return std::make_shared<SymbolVocabulary>(SymbolVocabulary::load(kind, own));
}

std::shared_ptr<const FileFeatures> load_files(const Json& told, const Column& column) {
  if (!told.contains("files")) return nullptr;
  const Json& files = told["files"];
  const auto features =
      load_features(files.value("kind", std::string()), files.value("settings", FeatureTexts()));
  if (column.is_real() && !column.is_target() && features->width() == column.width) {
    return features;
  }
  throw_input("the column '{}' is not what its files become", column.name);
}

Column load_column(const Json& told, const NamedState& state, const std::string& group) {
  Column column;
  column.name = told.value("name", std::string());
  column.role = named<ColumnRole>(told, "role", roles);
  column.kind = named<ColumnKind>(told, "kind", kinds);
  column.scope = named<ColumnScope>(told, "scope", scopes);
  column.width = told.value("width", 0);
  column.parts = told.value("parts", std::vector<std::string>());
  column.group = told.value("group", std::string());
  column.time = told.value("time", std::string());
  const std::string rows = told.value("rows", std::string());
  if (!rows.empty() && rows != "series") {
    throw_input("the column '{}' tells of rows \"{}\"", column.name, rows);
  }
  column.is_series = !rows.empty();
  const std::string missing = told.value("missing", std::string());
  if (!missing.empty() && missing != "mask") {
    throw_input("the column '{}' tells of missing values \"{}\"", column.name, missing);
  }
  column.masks_missing = !missing.empty();
  constexpr int widest = 1 << 20;
  if (column.width < 1 || column.width > widest || (column.width > 1 && !column.is_real())) {
    throw_input("the column '{}' is {} wide", column.name, column.width);
  }
  column.features = load_files(told, column);
  if (column.has_labels() &&
      (column.role != ColumnRole::target || column.scope != ColumnScope::sequence)) {
    throw_input("the column '{}' has labels and is no target of a sequence", column.name);
  }
  if (column.has_letters() &&
      (column.role != ColumnRole::source || column.kind != ColumnKind::character)) {
    throw_input("the column '{}' has letters and is no source of characters", column.name);
  }
  if (column.has_own_steps() && (column.role != ColumnRole::target || !column.is_text())) {
    throw_input("the column '{}' has steps of its own and is no target of symbols", column.name);
  }
  if (column.is_real()) {
    column.mean = numbers(state, group + "mean", column.width);
    column.deviation = numbers(state, group + "deviation", column.width);
    for (const double deviation : column.deviation) {
      if (!(deviation > 0)) throw_input("'{}deviation' holds {}", group, deviation);
    }
    return column;
  }
  column.vocabulary = load_symbols(column.kind, state, group);
  if (column.has_own_steps() && column.vocabulary->end() < 0) {
    throw_input("the column '{}' has steps of its own and no symbol that ends them", column.name);
  }
  const std::array shape{static_cast<std::uint64_t>(column.vocabulary->size())};
  const auto counts = state.get<std::int64_t>(group + "counts", shape);
  column.counts.assign(counts.begin(), counts.end());
  return column;
}

}  // namespace

const char* Column::kind_in_table() const { return features ? features->kind() : name_of(kind); }

std::string Column::number_name(std::size_t i) const {
  if (width == 1) return table_columns().front();
  if (parts.size() == static_cast<std::size_t>(width)) return parts[i];
  return fmt::format("{} {}", name, i + 1);
}

const char* name_of(ColumnRole role) { return roles[static_cast<std::size_t>(role)]; }
const char* name_of(ColumnKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
const char* name_of(ColumnScope scope) { return scopes[static_cast<std::size_t>(scope)]; }

bool has_columns(const NamedState& state) { return state.texts.contains("columns"); }

Columns load_columns(const NamedState& state, const std::string& where) {
  Columns columns;
  try {
    if (!has_columns(state)) throw_input("it tells of no columns");
    const Json told = Json::parse(state.texts.at("columns"), nullptr, false);
    if (!told.is_array() || told.empty()) throw_input("it tells of no columns");
    for (const Json& column : told) {
      if (!column.is_object()) throw_input("it tells of no columns");
      columns.push_back(load_column(column, state, group_of(columns.size())));
    }
  } catch (const InputError& error) {
    throw_input("{}: {}", where, error.what());
  } catch (const Json::exception& error) {
    throw_input("{}: its columns cannot be read: {}", where, error.what());
  }
  if (std::ranges::count(columns, 1, &Column::axis) > 1) {
    throw_input("{}: several of its columns have letters or steps of their own", where);
  }
  return columns;
}

int second_among(const Columns& columns) {
  const auto found = std::ranges::find(columns, 1, &Column::axis);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

int letters_among(const Columns& columns) {
  const int found = second_among(columns);
  return found >= 0 && columns[static_cast<std::size_t>(found)].has_letters() ? found : -1;
}

void save_columns(const Columns& columns, NamedState& state) {
  Json told = Json::array();
  for (const Column& column : columns) {
    const std::string group = group_of(told.size());
    told.push_back({{"name", column.name},
                    {"role", name_of(column.role)},
                    {"kind", name_of(column.kind)},
                    {"scope", name_of(column.scope)},
                    {"width", column.width}});
    if (!column.parts.empty()) told.back()["parts"] = column.parts;
    if (!column.group.empty()) told.back()["group"] = column.group;
    if (!column.time.empty()) told.back()["time"] = column.time;
    if (column.is_series) told.back()["rows"] = "series";
    if (column.masks_missing) told.back()["missing"] = "mask";
    if (column.features) {
      told.back()["files"] = {{"kind", column.features->kind()},
                              {"settings", column.features->settings()}};
    }
    if (column.is_real()) {
      const std::uint64_t width = column.mean.size();
      state.put<double>(group + "mean", column.mean, {width}).attributes["meaning"] =
          "of the train split";
      state.put<double>(group + "deviation", column.deviation, {width}).attributes["meaning"] =
          "of the train split; 1 where all values are the same";
      continue;
    }
    NamedState own;
    column.vocabulary->save(own);
    for (auto& [name, array] : own.arrays()) {
      state.arrays()[group + name.substr(std::string(vocabulary_group).size())] = std::move(array);
    }
    state.put<std::int64_t>(group + "counts", column.counts, {column.counts.size()})
        .attributes["meaning"] = "occurrences of each symbol in the train split";
  }
  state.texts["columns"] = told.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rondo
