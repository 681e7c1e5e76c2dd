#include "data/columns_json.hpp"

namespace rondo {

using Json = nlohmann::ordered_json;

Json symbols_json(const Column& column) {
  Json symbols = Json::array();
  for (int i = 0; i < column.vocabulary->size(); ++i) {
    symbols.push_back(column.symbol_name(static_cast<std::size_t>(i)));
  }
  return symbols;
}

Json columns_json(const Columns& columns) {
  Json list = Json::array();
  for (const Column& column : columns) {
    Json one = {{"name", column.name},
                {"role", name_of(column.role)},
                {"kind", column.is_text() ? column.vocabulary->level() : column.kind_in_table()},
                {"scope", name_of(column.scope)}};
    if (column.vocabulary) {
      one["symbols"] = symbols_json(column);
      if (column.vocabulary->unknown() >= 0) one["unknown"] = column.vocabulary->unknown();
      if (column.vocabulary->end() >= 0) one["end"] = column.vocabulary->end();
    } else {
      one["mean"] = column.mean;
      one["deviation"] = column.deviation;
      if (column.masks_missing) one["missing"] = "mask";
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace rondo
