#include <fmt/ranges.h>

#include <algorithm>

#include "rondo/core/errors.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {

// One function a cell, in a file of its own in cells/.
namespace cells {
template <class Real>
Cell<Real> elman_tanh();
template <class Real>
Cell<Real> elman_relu();
template <class Real>
Cell<Real> lstm();
template <class Real>
Cell<Real> gru();
template <class Real>
Cell<Real> lstm_coupled();
template <class Real>
Cell<Real> lstm_peephole();
template <class Real>
Cell<Real> lstm_norm();
template <class Real>
Cell<Real> gru_norm();
template <class Real>
Cell<Real> lstm_projected();
}  // namespace cells

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

std::int64_t usual_projection(const std::string& name, std::int64_t units) {
  return find_cell<float>(name).projects ? std::max<std::int64_t>(units / 2, 1) : 0;
}

}  // namespace rondo
