#include "apps/spectra.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <string_view>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

using Matrix = Eigen::MatrixXd;

// The row-major array, its numbers widened.
template <class Real>
Matrix widened(const NamedArray& array, Eigen::Index rows, Eigen::Index columns) {
  const auto* values = reinterpret_cast<const Real*>(array.bytes.data());
  Matrix matrix(rows, columns);
  for (Eigen::Index row = 0; row < rows; ++row) {
    for (Eigen::Index column = 0; column < columns; ++column) {
      matrix(row, column) = static_cast<double>(*values++);
    }
  }
  return matrix;
}

// Largest and smallest singular value of A, as eigenvalues of [0 A; A' 0], which are the singular
// values and their negatives (Golub & Kahan 1965): as accurate as a decomposition of A itself, and
// Eigen's code for symmetric matrices compiles in a fraction of the time.
std::pair<double, double> singular_values(const Matrix& matrix) {
  const Eigen::Index size = matrix.rows();
  Matrix doubled = Matrix::Zero(2 * size, 2 * size);
  for (Eigen::Index row = 0; row < size; ++row) {
    for (Eigen::Index column = 0; column < size; ++column) {
      doubled(size + column, row) = matrix(row, column);  // the lower triangle is what is read
    }
  }
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(doubled, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) throw_run("singular values of a matrix did not converge");
  const auto& ascending = solver.eigenvalues();
  return {ascending(2 * size - 1), std::abs(ascending(size))};
}

// "gates: i, f, g, o" to its names; as many as there are gates, else numbers.
std::vector<std::string> gate_names(const NamedArray& array, Eigen::Index gates) {
  std::vector<std::string> names;
  const auto meaning = array.attributes.find("meaning");
  if (meaning != array.attributes.end()) {
    std::string_view list = meaning->second;
    list.remove_prefix(std::min(list.find(": ") + 2, list.size()));
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(", "), list.size());
      names.emplace_back(list.substr(0, end));
      list.remove_prefix(std::min(end + 2, list.size()));
    }
  }
  if (names.size() != static_cast<std::size_t>(gates)) {
    names.clear();
    for (Eigen::Index gate = 0; gate < gates; ++gate) names.push_back(std::to_string(gate));
  }
  return names;
}

}  // namespace

std::vector<Spectrum> recurrent_spectra(const NamedState& checkpoint) {
  constexpr std::string_view group = "parameters/";
  std::vector<Spectrum> spectra;
  for (const auto& [name, array] : checkpoint.arrays()) {
    if (!name.starts_with("parameters/rnn.weight_hh")) continue;
    if (array.shape.size() != 2 || array.shape[1] == 0 || array.shape[0] % array.shape[1] != 0 ||
        (array.type != ElementType::float32 && array.type != ElementType::float64)) {
      throw_input("{} is no stack of square matrices of floating-point numbers", name);
    }
    const auto rows = static_cast<Eigen::Index>(array.shape[0]);
    const auto units = static_cast<Eigen::Index>(array.shape[1]);
    const Matrix all = array.type == ElementType::float32 ? widened<float>(array, rows, units)
                                                          : widened<double>(array, rows, units);
    if (!all.allFinite()) throw_input("{} holds numbers that are not finite", name);
    const std::vector<std::string> gates = gate_names(array, rows / units);
    for (std::size_t g = 0; g < gates.size(); ++g) {
      const Matrix gate = all.middleRows(static_cast<Eigen::Index>(g) * units, units);
      const auto [largest, smallest] = singular_values(gate);
      const Eigen::EigenSolver<Matrix> eigen(gate, false);
      if (eigen.info() != Eigen::Success) {
        throw_run("the eigenvalues of {}, gate {}, did not converge", name, gates[g]);
      }
      spectra.push_back({name.substr(group.size()), gates[g],
                         eigen.eigenvalues().cwiseAbs().maxCoeff(), largest, smallest});
    }
  }
  return spectra;
}

}  // namespace rondo::apps
