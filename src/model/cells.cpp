#include "model/cells/cells.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// The table: one line a cell.
template <class Real>
const std::vector<Cell<Real>>& table() {
  static const std::vector<Cell<Real>> cells = {
      cells::elman_tanh<Real>(), cells::elman_relu<Real>(),   cells::lstm<Real>(),
      cells::gru<Real>(),        cells::lstm_coupled<Real>(), cells::lstm_peephole<Real>(),
      cells::lstm_norm<Real>(),  cells::gru_norm<Real>(),     cells::lstm_projected<Real>(),
  };
  return cells;
}

}  // namespace

template <class Real>
const Cell<Real>& find_cell(const std::string& name) {
  for (const Cell<Real>& cell : table<Real>()) {
    if (cell.name == name) return cell;
  }
  throw_input("there is no cell '{}'; the cells are {}", name, fmt::join(cell_names(), ", "));
}

template const Cell<float>& find_cell(const std::string&);
template const Cell<double>& find_cell(const std::string&);

std::vector<std::string> cell_names() {
  return cell_names([](const Cell<float>&) { return true; });
}

std::vector<std::string> cell_names(const std::function<bool(const Cell<float>&)>& having) {
  std::vector<std::string> names;
  for (const Cell<float>& cell : table<float>()) {
    if (having(cell)) names.push_back(cell.name);
  }
  return names;
}

int usual_projection(const std::string& name, int units) {
  return find_cell<float>(name).projects ? std::max(units / 2, 1) : 0;
}

}  // namespace rondo
