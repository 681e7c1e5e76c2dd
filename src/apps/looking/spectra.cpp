#include "apps/looking/spectra.hpp"

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
Matrix widened(const NamedArray& array) {
  const auto* values = reinterpret_cast<const Real*>(array.bytes.data());
  Matrix matrix(static_cast<Eigen::Index>(array.shape[0]),
                static_cast<Eigen::Index>(array.shape[1]));
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
      matrix(row, column) = static_cast<double>(*values++);
    }
  }
  return matrix;
}

// InputError if the array is no matrix of numbers that can be worked with.
Matrix matrix_of(const std::string& name, const NamedArray& array) {
  if (array.shape.size() != 2 || array.shape[0] == 0 || array.shape[1] == 0 ||
      (array.type != ElementType::float32 && array.type != ElementType::float64)) {
    throw_input("{} is no matrix of floating-point numbers", name);
  }
  Matrix matrix =
      array.type == ElementType::float32 ? widened<float>(array) : widened<double>(array);
  if (!matrix.allFinite()) throw_input("{} holds numbers that are not finite", name);
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
  constexpr std::string_view recurrent = "parameters/rnn.weight_hh";
  constexpr std::string_view projections = "parameters/rnn.weight_hr";
  std::vector<Spectrum> spectra;
  for (const auto& [name, array] : checkpoint.arrays()) {
    if (!name.starts_with(recurrent)) continue;
    const Matrix all = matrix_of(name, array);
    std::string shown = name.substr(group.size());
    // What a step's cell output goes through on its way to the gates: nothing, or a projection.
    Matrix before = Matrix::Identity(all.cols(), all.cols());
    const std::string projection = std::string(projections) + name.substr(recurrent.size());
    if (checkpoint.has(projection)) {
      before = matrix_of(projection, checkpoint.get(projection));
      shown = fmt::format("{} {}", projection.substr(group.size()), shown);
    }
    const Eigen::Index units = before.cols();
    if (before.rows() != all.cols() || all.rows() % units != 0) {
      throw_input("{} is no stack of matrices of {} units", name, units);
    }
    const std::vector<std::string> gates = gate_names(array, all.rows() / units);
    for (std::size_t g = 0; g < gates.size(); ++g) {
      const Matrix gate = before * all.middleRows(static_cast<Eigen::Index>(g) * units, units);
      const auto [largest, smallest] = singular_values(gate);
      const Eigen::EigenSolver<Matrix> eigen(gate, false);
      if (eigen.info() != Eigen::Success) {
        throw_run("the eigenvalues of {}, gate {}, did not converge", name, gates[g]);
      }
      spectra.push_back(
          {shown, gates[g], eigen.eigenvalues().cwiseAbs().maxCoeff(), largest, smallest});
    }
  }
  return spectra;
}

}  // namespace rondo::apps
