#include "train/saved/taken_parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>

#include "data/columns_json.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"

namespace rondo {
namespace {

constexpr std::string_view group = "parameters/";

// The column whose symbols a segment has a row for each of; null: it has none.
const Column* column_of(const NetworkPlan& plan, const Columns& columns, std::size_t segment,
                        Segment::Role role) {
  const auto with_symbols = [](const Column* column) {
    return column != nullptr && column->vocabulary ? column : nullptr;
  };
  if (role == Segment::Role::output_weights || role == Segment::Role::output_bias) {
    const auto target = std::ranges::find(columns, ColumnRole::target, &Column::role);
    return with_symbols(target == columns.end() ? &columns.front() : &*target);
  }
  for (const TokenTable& table : plan.tables()) {
    if (table.segment != segment) continue;
    if (columns.size() == 1) return &columns.front();  // a text
    if (table.axis == 1) return &columns[static_cast<std::size_t>(second_among(columns))];
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].is_real() || columns[i].axis() != 0) continue;
      if (token_column(columns, i) == table.column) return &columns[i];
    }
  }
  return nullptr;
}

// Of each symbol of `to` the number that it has in `from`; -1: none.
std::vector<std::int64_t> numbers_in(const Column& from, const Column& to) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(to.vocabulary->size()), -1);
  if (same_vocabulary(*from.vocabulary, *to.vocabulary)) {
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int64_t>(i);
    return numbers;
  }
  if (from.kind != to.kind || to.kind == ColumnKind::subword) return numbers;
  std::map<std::string, std::int64_t> known;
  for (std::size_t i = 0; i < static_cast<std::size_t>(from.vocabulary->size()); ++i) {
    known.emplace(from.symbol_name(i), static_cast<std::int64_t>(i));
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (const auto found = known.find(to.symbol_name(i)); found != known.end()) {
      numbers[i] = found->second;
    }
  }
  return numbers;
}

// Whether a file's columns have these symbols, in their order; also where it tells of none.
bool knows_symbols(const NamedState& known, const Column& column) {
  using Json = nlohmann::ordered_json;
  const auto told = known.texts.find("columns");
  if (told == known.texts.end()) return true;
  const Json::parser_callback_t shallow = [](int depth, Json::parse_event_t, Json&) {
    return depth < 4;
  };
  const Json list = Json::parse(told->second, shallow, false);
  if (!list.is_array()) return false;
  const Json symbols = symbols_json(column);
  return std::ranges::any_of(list, [&](const Json& one) {
    return one.is_object() && one.contains("symbols") && one["symbols"] == symbols;
  });
}

void refuse_nothing(const TakenParameters& taken) {
  if (!taken.whole.empty() || !taken.rows.empty()) return;
  throw_input("no parameter has the name and the shape of one of this network's");
}

bool same_rows(const Segment& a, const Segment& b) {
  return a.columns == b.columns && a.vector == b.vector;
}

// Copies rows; returns how many.
std::size_t take_rows(const NamedArray& from, std::span<const std::int64_t> numbers,
                      NamedArray& to) {
  const std::size_t bytes = to.bytes.size() / numbers.size();
  std::size_t taken = 0;
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (numbers[row] < 0) continue;
    std::memcpy(to.bytes.data() + row * bytes,
                from.bytes.data() + static_cast<std::size_t>(numbers[row]) * bytes, bytes);
    ++taken;
  }
  return taken;
}

}  // namespace

template <class Real>
TakenParameters take_parameters(const SavedModel<Real>& from, const NetworkPlan& plan,
                                const Columns& columns, NamedState drawn) {
  NamedState known;
  from.layout.template save<Real>(from.parameters, std::string(group), known);
  TakenParameters taken{std::move(drawn), {}, {}, {}};
  const ParameterLayout layout = plan.layout();
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    const Segment& segment = layout[s];
    const auto other = std::ranges::find(from.layout.segments(), segment.name, &Segment::name);
    if (other == from.layout.segments().end()) {
      taken.anew.push_back(segment.name);
      continue;
    }
    const std::string name = std::string(group) + segment.name;
    NamedArray& to = taken.parameters.arrays().at(name);
    const NamedArray& source = known.get(name);
    const Column* const symbols = column_of(plan, columns, s, segment.role);
    const Column* const old =
        column_of(from.plan, from.columns,
                  static_cast<std::size_t>(other - from.layout.segments().begin()), other->role);
    const bool by_symbols = symbols != nullptr && old != nullptr &&
                            segment.rows() == symbols->vocabulary->size() &&
                            other->rows() == old->vocabulary->size();
    if (by_symbols && same_rows(segment, *other)) {
      const std::vector<std::int64_t> numbers = numbers_in(*old, *symbols);
      const std::size_t rows = take_rows(source, numbers, to);
      (rows == numbers.size() ? taken.whole
       : rows > 0             ? taken.rows
                              : taken.anew)
          .push_back(rows == numbers.size() ? segment.name
                                            : fmt::format("{} ({} of {} symbols)", segment.name,
                                                          rows, numbers.size()));
    } else if (!by_symbols && segment.shape() == other->shape()) {
      to.bytes = source.bytes;
      taken.whole.push_back(segment.name);
    } else {
      taken.anew.push_back(fmt::format("{} ({}, not {})", segment.name,
                                       fmt::join(segment.shape(), " x "),
                                       fmt::join(other->shape(), " x ")));
    }
  }
  refuse_nothing(taken);
  return taken;
}

TakenParameters take_arrays(const NamedState& known, const NetworkPlan& plan,
                            const Columns& columns, NamedState drawn) {
  TakenParameters taken{std::move(drawn), {}, {}, {}};
  const ParameterLayout layout = plan.layout();
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    const std::string& name = layout[s].name;
    const std::string full = std::string(group) + name;
    NamedArray& to = taken.parameters.arrays().at(full);
    if (!known.has(full)) {
      taken.anew.push_back(name);
      continue;
    }
    const NamedArray& from = known.get(full);
    const Column* const symbols = column_of(plan, columns, s, layout[s].role);
    if (from.shape != to.shape || from.type != to.type) {
      taken.anew.push_back(fmt::format("{} ({} of {}, not of {})", name, name_of(to.type),
                                       fmt::join(to.shape, " x "), fmt::join(from.shape, " x ")));
    } else if (symbols != nullptr && !knows_symbols(known, *symbols)) {
      taken.anew.push_back(fmt::format("{} (other symbols)", name));
    } else {
      to.bytes = from.bytes;
      taken.whole.push_back(name);
    }
  }
  refuse_nothing(taken);
  return taken;
}

std::string to_text(const TakenParameters& taken) {
  const std::size_t all = taken.whole.size() + taken.rows.size() + taken.anew.size();
  if (taken.whole.size() == all) return fmt::format("all {} parameters", all);
  std::string text = fmt::format("{} of {} parameters", taken.whole.size(), all);
  const auto list = [&](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) text += fmt::format("; {}: {}", what, fmt::join(names, ", "));
  };
  list("rows of", taken.rows);
  list("begin anew", taken.anew);
  return text;
}

template TakenParameters take_parameters<float>(const SavedModel<float>&, const NetworkPlan&,
                                                const Columns&, NamedState);
template TakenParameters take_parameters<double>(const SavedModel<double>&, const NetworkPlan&,
                                                 const Columns&, NamedState);

}  // namespace rondo
