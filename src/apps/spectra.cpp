#include "apps/spectra.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <cstring>
#include <string_view>

#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Real>
Matrix widened(const NamedArray& array, Eigen::Index rows, Eigen::Index columns) {
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> values(rows, columns);
  std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values.template cast<double>();
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
      const Eigen::MatrixXd gate = all.middleRows(static_cast<Eigen::Index>(g) * units, units);
      const Eigen::VectorXd singular = Eigen::BDCSVD<Eigen::MatrixXd>(gate).singularValues();
      const Eigen::EigenSolver<Eigen::MatrixXd> eigen(gate, false);
      if (eigen.info() != Eigen::Success) {
        throw_run("the eigenvalues of {}, gate {}, did not converge", name, gates[g]);
      }
      spectra.push_back({name.substr(group.size()), gates[g],
                         eigen.eigenvalues().cwiseAbs().maxCoeff(), singular(0),
                         singular(units - 1)});
    }
  }
  return spectra;
}

}  // namespace rondo::apps
